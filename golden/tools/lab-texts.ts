import { defined } from "../../src/base/invariant.js";
import type { PlannedLab } from "./labs.js";

/** Artefacts that are compared as text with what the tools print. */
export function textArtefacts({ plan }: PlannedLab): readonly string[] {
  return [...plan.artefacts.keys()].filter((path) => path.endsWith(".flows") || path.endsWith("tables-save.txt"));
}

/** Lines of an artefact: of flows in order of text, as OpenFlow has none. */
export function artefactLines(path: string, { plan }: PlannedLab): readonly string[] {
  const lines = linesOf(defined(plan.artefacts.get(path), path));
  return path.endsWith(".flows") ? lines.flatMap(loadable).sort() : lines;
}

/** Lines of a dump in the same form: without learned flows, times of printing, and what packets have counted. */
export function dumpedLines(path: string, text: string): readonly string[] {
  const lines = linesOf(text);
  if (path.endsWith(".flows")) {
    return lines
      .filter((line) => !isReply(line) && !isLearned(line))
      .map(withoutStatistics)
      .sort();
  }
  return lines.filter((line) => !line.startsWith("#")).map((line) => line.replace(/\[\d+:\d+\]$/, "[0:0]"));
}

/**
 * The one listed exception: Newton's firewall tracks without naming IP, which Open vSwitch has refused since; two flows stand for one.
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
