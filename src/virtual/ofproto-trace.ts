import type { Match } from "../ir/match.js";
import type { DatapathAction } from "./datapath-actions.js";
import { ctFlag, emptyFlowKey, type FlowKey, isWide } from "./flow-key.js";
import { FlowPipeline } from "./flow-pipeline.js";
import type { PipelineHost, Recirculation } from "./pipeline-host.js";
import { compileMatch } from "./key-match.js";
import type { TraceNode } from "./pipeline-trace.js";
import type { VirtualBridge } from "./virtual-bridge.js";
import { Wildcards } from "./wildcards.js";

/** One passage through the tables: the first, or one after the connection tracker. */
export interface TraceSection {
  /** 0 in the first section. */
  readonly recircId: number;
  /** What the tracker is taken to have said, and whether nobody chose it; undefined in the first section. */
  readonly ctState: { readonly bits: number; readonly isDefault: boolean } | undefined;
  readonly initial: Readonly<FlowKey>;
  readonly final: Readonly<FlowKey>;
  readonly nodes: readonly TraceNode[];
  /** The bits that decided. */
  readonly wildcards: Wildcards;
  readonly datapath: readonly DatapathAction[];
}

/** What `ofproto/trace` does: it sends a made-up packet through the tables and changes nothing. */
export interface OfprotoTrace {
  readonly bridge: VirtualBridge;
  readonly sections: readonly TraceSection[];
}

/** The part of a host that a trace needs. */
export interface TracedHost {
  readonly bridgeOfPort: (port: string) => VirtualBridge | undefined;
}

/** The key of a packet of which only the fields of a match are given; undefined where a field is not modelled. */
export function keyOfMatch(match: Match): FlowKey | undefined {
  const parts = compileMatch(match);
  if (parts === undefined) return undefined;
  const key = emptyFlowKey();
  for (const { field, value } of parts) {
    if (isWide(field)) key[field] = BigInt(value);
    else key[field] = Number(value);
  }
  return key;
}

/**
 * Traces a packet.
 *
 * `ctNext` holds what the tracker is to say at each recirculation, in order; where it ends, the packet is new.
 * Source: ovs-vswitchd(8), `ofproto/trace`.
 */
export function traceFlow(
  host: TracedHost,
  bridge: VirtualBridge,
  key: Readonly<FlowKey>,
  ctNext: readonly number[],
  now: number,
): OfprotoTrace {
  const sections: TraceSection[] = [];
  const queue: Recirculation[] = [];
  const surroundings = (): PipelineHost & { readonly wildcards: Wildcards } => ({
    bridgeOfPort: (port) => host.bridgeOfPort(port),
    now,
    learns: false,
    commit: () => undefined,
    output: () => undefined,
    recirculate: (frozen) => queue.push(frozen),
    wildcards: alwaysLooked(),
  });
  const passage = surroundings();
  const first = new FlowPipeline(passage, bridge, key);
  first.start();
  sections.push(section(first, passage.wildcards, 0, undefined, key));
  for (let next = 0; next < queue.length; next++) {
    const frozen = queue[next];
    if (frozen === undefined) break;
    const bits = ctNext[next] ?? ctFlag.trk | ctFlag.new;
    const resumed: FlowKey = { ...frozen.key, recircId: next + 1, ctState: bits, ctZone: frozen.zone };
    const again = surroundings();
    const pipeline = new FlowPipeline(again, frozen.bridge, resumed);
    pipeline.resume(frozen.table, bridge.name);
    sections.push(section(pipeline, again.wildcards, next + 1, { bits, isDefault: ctNext[next] === undefined }, resumed));
  }
  return { bridge, sections };
}

/** What every megaflow matches. */
function alwaysLooked(): Wildcards {
  const wildcards = new Wildcards();
  for (const field of ["recircId", "inPort", "ethType"] as const) wildcards.look(field);
  return wildcards;
}

function section(
  pipeline: FlowPipeline,
  wildcards: Wildcards,
  recircId: number,
  ctState: TraceSection["ctState"],
  initial: Readonly<FlowKey>,
): TraceSection {
  return {
    recircId,
    ctState,
    initial: { ...initial },
    final: { ...pipeline.key },
    nodes: pipeline.trace,
    wildcards,
    datapath: pipeline.datapath,
  };
}
