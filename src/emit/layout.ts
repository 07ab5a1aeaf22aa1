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
import { shownBridge } from "../formats/ovs-vsctl-show/shown.js";
import { type LineSink, printedLines, printedText } from "../formats/printed.js";
import { writeSysctls } from "../formats/sysctl/print.js";
import type { HostState } from "../ir/host-state.js";
import type { IpRule, Namespace, Sysctl } from "../ir/namespace.js";
import type { Origin } from "../source/origin.js";
import { applyScript } from "./apply/script.js";
import type { Artefact, ArtefactLine } from "./artefact.js";
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
  return printables(state).map(({ path, write }) => ({ path: inTree(state, path), text: printedText(write) }));
}

/** One artefact of a host as lines with their causes; undefined where the host has no such artefact. The path is relative to the tree. */
export function printArtefactLines(state: HostState, path: string): readonly ArtefactLine[] | undefined {
  const printable = printables(state).find((one) => inTree(state, one.path) === path);
  return printable === undefined ? undefined : withOrigins(printedLines(printable.write));
}

/** Paths of a host's artefacts, relative to the tree. */
export function artefactPaths(state: HostState): string[] {
  return printables(state).map(({ path }) => inTree(state, path));
}

function inTree(state: HostState, path: string): string {
  const whole = `${state.host}/${path}`;
  invariant(isSafePath(whole), `"${whole}" is not safe as a file name`);
  return whole;
}

function printables(state: HostState): Printable[] {
  return [
    ...state.bridges.flatMap((bridge): Printable[] => [
      { path: `${bridge.name}.flows`, write: (sink) => writeFlows(bridge.flows, sink) },
      { path: `${bridge.name}.ports`, write: (sink) => writePorts(bridge, sink) },
    ]),
    { path: "bridges.txt", write: (sink) => writeShow(state.bridges.map(shownBridge), sink) },
    ...state.namespaces.flatMap(namespaceArtefacts),
    ...(state.root === undefined ? [] : rootArtefacts(state, state.root)),
    { path: applyName, write: (sink) => writeApplyScript(state, sink) },
  ];
}

/** Name of the script that programs the host; the one artefact that is the same everywhere. */
export const applyName = "apply.sh";

/** There because the host is, as its first bridge. */
function writeApplyScript(state: HostState, sink: LineSink): void {
  const because = state.bridges[0]?.origin.because;
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
function rootArtefacts(state: HostState, root: Namespace): Printable[] {
  return [
    { path: "iptables-save.txt", write: (sink) => writeIptables(root.iptables, sink) },
    { path: "ip6tables-save.txt", write: (sink) => writeIptables(root.ip6tables, sink) },
    { path: "ipset.txt", write: (sink) => writeIpSets(state.ipSets, sink) },
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
