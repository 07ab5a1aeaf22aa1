import { invariant } from "../base/invariant.js";
import { by, byNumber, byText, sorted } from "../base/order.js";
import { writeDevices } from "../formats/ip-addr/print.js";
import { byNeighbour, writeNeighbours } from "../formats/ip-neigh/print.js";
import { byRoute, writeRoutes } from "../formats/ip-route/print.js";
import { writeIpRules } from "../formats/ip-rule/print.js";
import { writeIpSets } from "../formats/ipset-save/print.js";
import { writeIptables } from "../formats/iptables-save/print.js";
import { writeFlows } from "../formats/openflow/print.js";
import { writePorts } from "../formats/ovs-ports/print.js";
import { writeShow } from "../formats/ovs-vsctl-show/print.js";
import { type ShownBridge, shownBridge } from "../formats/ovs-vsctl-show/shown.js";
import { type LineSink, printedLines, printedPieces } from "../formats/printed.js";
import { writeSysctls } from "../formats/sysctl/print.js";
import type { Bridge } from "../ir/bridge.js";
import { type HostPart, type HostState, partsOf } from "../ir/host-state.js";
import type { IpSet } from "../ir/iptables.js";
import type { IpRule, Namespace, Sysctl } from "../ir/namespace.js";
import type { Origin } from "../source/origin.js";
import { applyScript } from "./apply/script.js";
import { type Artefact, type ArtefactInPieces, type ArtefactLine, wholeArtefact } from "./artefact.js";
import { isSafePath } from "../base/safe-name.js";

/** An artefact that is printed when somebody asks for it. */
interface Printable {
  /** Relative to the host's folder. */
  readonly path: string;
  readonly write: (sink: LineSink) => void;
}

/**
 * The artefacts of a host as text, paths relative to the tree (`compute-2/br-int.flows`).
 *
 * Order: bridges, namespaces, the host's own namespace, the script that programs them.
 */
export function printArtefacts(state: HostState): Artefact[] {
  return Array.from(printables(partsOf(state)), (printable) => wholeArtefact(print(state.host, printable)));
}

/** One artefact of a host as lines with their causes; undefined where the host has no such artefact. The path is relative to the tree. */
export function printArtefactLines(state: HostState, path: string): readonly ArtefactLine[] | undefined {
  for (const printable of printables(partsOf(state))) {
    if (inTree(state.host, printable.path) === path) return withOrigins(printedLines(printable.write));
  }
  return undefined;
}

/** Paths of a host's artefacts, relative to the tree. */
export function artefactPaths(state: HostState): string[] {
  return Array.from(printables(partsOf(state)), ({ path }) => inTree(state.host, path));
}

/** The artefacts of one part of a host, each printed when it is asked for. Paths are relative to the tree. */
export function* printPart(host: string, part: HostPart): Generator<ArtefactInPieces, void> {
  for (const printable of printablesOf(part)) yield print(host, printable);
}

/** The artefacts of a host that are of no part alone: the list of its bridges, and the script that programs it. */
export function printWhole(host: string, bridges: readonly ShownBridge[]): ArtefactInPieces[] {
  return [print(host, bridgeList(bridges)), print(host, script(bridges))];
}

/** Paths of {@link printWhole}. */
export function wholePaths(host: string): readonly string[] {
  return [inTree(host, bridgeListName), inTree(host, applyName)];
}

function print(host: string, { path, write }: Printable): ArtefactInPieces {
  return { path: inTree(host, path), pieces: printedPieces(write) };
}

function inTree(host: string, path: string): string {
  const whole = `${host}/${path}`;
  invariant(isSafePath(whole), `"${whole}" is not safe as a file name`);
  return whole;
}

function* printables(parts: Iterable<HostPart>): Generator<Printable, void> {
  const shown: ShownBridge[] = [];
  let bridgesAreOver = false;
  for (const part of parts) {
    if (part.kind === "bridge") shown.push(shownBridge(part.bridge));
    else if (!bridgesAreOver) {
      yield bridgeList(shown);
      bridgesAreOver = true;
    }
    yield* printablesOf(part);
  }
  yield script(shown);
}

function printablesOf(part: HostPart): Printable[] {
  if (part.kind === "bridge") return bridgeArtefacts(part.bridge);
  if (part.kind === "namespace") return namespaceArtefacts(part.namespace);
  return part.root === undefined ? [] : rootArtefacts(part.root, part.ipSets);
}

const bridgeListName = "bridges.txt";

function bridgeList(bridges: readonly ShownBridge[]): Printable {
  return { path: bridgeListName, write: (sink) => writeShow(bridges, sink) };
}

function script(bridges: readonly ShownBridge[]): Printable {
  return { path: applyName, write: (sink) => writeApplyScript(bridges, sink) };
}

function bridgeArtefacts(bridge: Bridge): Printable[] {
  return [
    { path: `${bridge.name}.flows`, write: (sink) => writeFlows(bridge.flows, sink) },
    { path: `${bridge.name}.ports`, write: (sink) => writePorts(bridge, sink) },
  ];
}

/** Name of the script that programs the host; the one artefact that is the same everywhere. */
export const applyName = "apply.sh";

/** There because the host is, as its first bridge. */
function writeApplyScript(bridges: readonly ShownBridge[], sink: LineSink): void {
  const because = bridges[0]?.origin.because;
  const origin: Origin | undefined = because === undefined ? undefined : { lowering: "dvrc/apply", because };
  for (const line of applyScript.trimEnd().split("\n")) sink(line, origin);
}

function namespaceArtefacts(namespace: Namespace): Printable[] {
  const { name } = namespace;
  return [
    { path: `${name}/ip-addr.txt`, write: (sink) => writeDevices(namespace.devices, name, sink) },
    { path: `${name}/ip-rule.txt`, write: (sink) => writeIpRules(sorted(namespace.ipRules, byPriority), sink) },
    { path: `${name}/ip6-rule.txt`, write: (sink) => writeIpRules(sorted(namespace.ip6Rules, byPriority), sink) },
    { path: `${name}/ip-route.txt`, write: (sink) => writeRoutes(sorted(namespace.routes, byRoute), 4, sink) },
    { path: `${name}/ip6-route.txt`, write: (sink) => writeRoutes(sorted(namespace.routes6, byRoute), 6, sink) },
    { path: `${name}/ip-neigh.txt`, write: (sink) => writeNeighbours(sorted(namespace.neighbours, byNeighbour), sink) },
    { path: `${name}/iptables-save.txt`, write: (sink) => writeIptables(namespace.iptables, sink) },
    { path: `${name}/ip6tables-save.txt`, write: (sink) => writeIptables(namespace.ip6tables, sink) },
    { path: `${name}/sysctl.txt`, write: (sink) => writeSysctls(sorted(namespace.sysctls, byKey), sink) },
  ];
}

/** With the hybrid firewall the host's own namespace filters. */
function rootArtefacts(root: Namespace, ipSets: readonly IpSet[]): Printable[] {
  return [
    { path: "iptables-save.txt", write: (sink) => writeIptables(root.iptables, sink) },
    { path: "ip6tables-save.txt", write: (sink) => writeIptables(root.ip6tables, sink) },
    { path: "ipset.txt", write: (sink) => writeIpSets(ipSets, sink) },
  ];
}

const byPriority = by((rule: IpRule) => rule.priority, byNumber);
const byKey = by((sysctl: Sysctl) => sysctl.key, byText);

/** Lines of pure form are there because of the line before. */
function withOrigins(lines: readonly ArtefactLine[]): ArtefactLine[] {
  let last: ArtefactLine["origin"];
  return lines.map(({ text, origin }) => {
    last = origin ?? last;
    return { text, origin: last };
  });
}
