import type { BridgePort } from "../ir/bridge.js";
import type { FlowKey } from "./flow-key.js";
import type { PipelineStep } from "./pipeline-trace.js";
import type { VirtualBridge } from "./virtual-bridge.js";
import type { Wildcards } from "./wildcards.js";

/** A packet that leaves the bridges by a port, as the pipeline left it, and the steps that led there. */
export interface PipelineOutput {
  readonly bridge: VirtualBridge;
  readonly port: BridgePort | "local";
  readonly key: Readonly<FlowKey>;
  readonly steps: readonly PipelineStep[];
}

/** A packet on its way into the connection tracker and back to a table. */
export interface Recirculation {
  readonly bridge: VirtualBridge;
  readonly table: number;
  readonly key: Readonly<FlowKey>;
  readonly zone: number;
  readonly commit: boolean;
  /** Mark that a commit gives the connection. */
  readonly mark: number | undefined;
  readonly steps: readonly PipelineStep[];
}

/** What a pipeline needs of its surroundings. */
export interface PipelineHost {
  /** The bridge of the host that has a port of this name. */
  readonly bridgeOfPort: (port: string) => VirtualBridge | undefined;
  /** Milliseconds. */
  readonly now: number;
  /** False where nothing is to be learned: `ofproto/trace` only looks. */
  readonly learns: boolean;
  /** Where to note which bits of the packet decided; undefined where nobody asks. */
  readonly wildcards?: Wildcards;
  /** Commits a connection that does not go on. */
  readonly commit: (key: Readonly<FlowKey>, zone: number, mark: number | undefined) => void;
  /** Takes a packet that goes on after the tracker; returns the id of the recirculation. */
  readonly recirculate: (frozen: Recirculation) => number;
  readonly output: (output: PipelineOutput) => void;
}
