import { defined } from "../../src/base/invariant.js";
import type { PlannedLab } from "./labs.js";

/** Artefacts that are compared as text with what the tools print, by the ends of their names: the form in which both sides are equal. */
const forms: readonly { readonly end: string; readonly own: Form; readonly dumped: Form }[] = [
  { end: ".flows", own: (lines) => lines.flatMap(loadable).sort(), dumped: dumpedFlows },
  { end: "tables-save.txt", own: asItIs, dumped: dumpedRules },
  { end: "ip-addr.txt", own: devices, dumped: devices },
  { end: "-rule.txt", own: asItIs, dumped: asItIs },
  { end: "-route.txt", own: routes, dumped: routes },
  { end: "ip-neigh.txt", own: sorted, dumped: (lines) => sorted(lines.filter((line) => line.endsWith(" PERMANENT"))) },
];

type Form = (lines: readonly string[]) => readonly string[];

/** Artefacts that are compared as text with what the tools print; what else there is, is compared by value only: ports, sets of addresses, sysctls. */
export function textArtefacts({ plan }: PlannedLab): readonly string[] {
  return [...plan.artefacts.keys()].filter((path) => forms.some(({ end }) => path.endsWith(end)));
}

/** Lines of an artefact. Order: as it is where it means something, else that of the text. */
export function artefactLines(path: string, { plan }: PlannedLab): readonly string[] {
  return formOf(path).own(linesOf(defined(plan.artefacts.get(path), path)));
}

/** Lines of a dump in the same form: without what is learned, counted, and the kernel's own. */
export function dumpedLines(path: string, text: string): readonly string[] {
  return formOf(path).dumped(linesOf(text));
}

function formOf(path: string): (typeof forms)[number] {
  return defined(
    forms.find(({ end }) => path.endsWith(end)),
    path,
  );
}

function sorted(lines: readonly string[]): readonly string[] {
  return [...lines].sort();
}

function asItIs(lines: readonly string[]): readonly string[] {
  return lines;
}

/**
 * Devices in order of name, without the three things that are the userspace datapath's: its devices are PROMISC and have a queue,
 * and the kernel numbers them when Open vSwitch makes them. How far the kernel is with the detection of duplicate addresses passes.
 * Everything else is as in the artefact, also the numbers of veth pairs.
 */
function devices(lines: readonly string[]): readonly string[] {
  const blocks = new Map<string, string[]>();
  let block: string[] = [];
  for (const line of lines) {
    const [, number = "", name = "", rest = ""] = /^(\d+): (\S+): (.*)$/.exec(line) ?? [];
    if (number === "") block.push(line.replace(/(?: (?:tentative|dadfailed|nodad))+$/, ""));
    else {
      const isPlugged = !name.includes("@") && name !== "lo";
      block = [`${isPlugged ? "-" : number}: ${name}: ${isPlugged ? rest.replace("PROMISC,", "").replace(/ qdisc \S+/, "") : rest}`];
      blocks.set(name, block);
    }
  }
  return [...blocks].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, own]) => own);
}

/** Routes without those that the kernel makes of its own addresses. */
function routes(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => !/^(?:local|broadcast|multicast|anycast) /.test(line)).sort();
}

function dumpedFlows(lines: readonly string[]): readonly string[] {
  return lines
    .filter((line) => !isReply(line) && !isLearned(line))
    .map(withoutStatistics)
    .sort();
}

function dumpedRules(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => !line.startsWith("#")).map((line) => line.replace(/\[\d+:\d+\]$/, "[0:0]"));
}

/**
 * The other listed exception: Newton's firewall tracks without naming IP, which Open vSwitch has refused since; two flows stand for one.
 */
function loadable(line: string): readonly string[] {
  const [head = ""] = line.split(" actions=");
  const tracks = / actions=.*ct\(/.test(line) && !/[ ,](?:ip|ipv6|icmp6?|tcp6?|udp6?|sctp6?),/.test(`${head},`);
  return tracks ? ["ip", "ipv6"].map((version) => line.replace(/(ct_state=[^, ]*,)/, `$1${version},`)) : [line];
}

/** The flow as `ovs-ofctl --no-stats` prints it, which leaves table 0 out, too. */
function withoutStatistics(line: string): string {
  return line
    .replace(/ duration=[^,]*,/, "")
    .replace(/ table=0,/, "")
    .replace(/ n_packets=\d+, n_bytes=\d+,/, "");
}

function isReply(line: string): boolean {
  return !line.startsWith(" ");
}

/** Artefacts have no flow with a timeout but inside `learn`. */
function isLearned(line: string): boolean {
  const [head = ""] = line.split(" actions=");
  return /(?:hard|idle)_timeout=/.test(head);
}

function linesOf(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");
}
