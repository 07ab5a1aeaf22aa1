import type { Flow } from "../../ir/flow.js";
import type { Origin } from "../../source/origin.js";
import { type Attempt, dumpOrigin, type OriginOf, type Parsed, parseEachLine, type ParseOptions, refused, understood } from "../parsed.js";
import { parseBig, parseCount } from "../words.js";
import type { FlowStats } from "./dialect.js";
import { parseActions } from "./parse-action.js";
import { type FlowParseOptions, parseMatch } from "./parse-match.js";

/** A flow and what its line counted. */
export interface ParsedFlow {
  readonly flow: Flow;
  readonly stats: FlowStats;
}

type MutableStats = { -readonly [K in keyof FlowStats]: FlowStats[K] };
type MutableFlow = { -readonly [K in keyof Flow]: Flow[K] };

/** Words that Open vSwitch keeps with a flow. Source: Open vSwitch `ofputil_flow_mod_flags`. */
const flowFlags: ReadonlySet<string> = new Set(["send_flow_rem", "check_overlap", "reset_counts", "no_packet_counts", "no_byte_counts"]);

/**
 * Reads one flow as `dump-flows` prints it or `add-flow` takes it, with or without statistics, in any order of fields.
 *
 * Errors: no actions, an unknown field, a wrong value.
 */
export function parseFlow(text: string, options: FlowParseOptions = {}, origin: Origin = dumpOrigin(1)): Attempt<ParsedFlow> {
  const at = text.search(/(?:^|[\s,])actions=/);
  if (at < 0) return refused("a flow has no actions");
  const flow: MutableFlow = { table: 0, priority: 32768, cookie: 0n, match: {}, actions: [], origin };
  const stats: MutableStats = { duration: 0, packets: 0, bytes: 0 };
  const fields: string[] = [];
  const flags: string[] = [];
  for (const item of text.slice(0, at).split(/[,\s]+/)) {
    if (item === "") continue;
    if (flowFlags.has(item)) flags.push(item);
    else {
      const read = readSetting(flow, stats, item);
      if (read === undefined) fields.push(item);
      else if (!read) return refused(`wrong value in "${item.slice(0, 60)}"`);
    }
  }
  const match = parseMatch(fields.join(","), options);
  if (!match.ok) return match;
  const actions = parseActions(text.slice(text.indexOf("actions=", at) + "actions=".length).trim(), options);
  if (!actions.ok) return actions;
  flow.match = match.value.match;
  flow.priority = match.value.priority ?? 32768;
  flow.actions = actions.value;
  if (flags.length > 0) flow.flags = flags;
  return understood({ flow, stats });
}

/** True: read. False: a wrong value. Undefined: no setting of a flow, so a field of its match. */
function readSetting(flow: MutableFlow, stats: MutableStats, item: string): boolean | undefined {
  const equals = item.indexOf("=");
  const value = item.slice(equals + 1);
  switch (item.slice(0, Math.max(equals, 0))) {
    case "cookie":
      return set(parseBig(value), (cookie) => (flow.cookie = cookie));
    case "table":
      return set(parseCount(value, 254), (table) => (flow.table = table));
    case "idle_timeout":
      return set(parseCount(value, 65535), (timeout) => (flow.idleTimeout = timeout));
    case "hard_timeout":
      return set(parseCount(value, 65535), (timeout) => (flow.hardTimeout = timeout));
    case "duration":
      return set(parseSeconds(value), (duration) => (stats.duration = duration));
    case "n_packets":
      return set(parseCount(value, Number.MAX_SAFE_INTEGER), (packets) => (stats.packets = packets));
    case "n_bytes":
      return set(parseCount(value, Number.MAX_SAFE_INTEGER), (bytes) => (stats.bytes = bytes));
    case "idle_age":
      return set(parseCount(value, 65535), (age) => (stats.idleAge = age));
    case "hard_age":
      return set(parseCount(value, 65535), (age) => (stats.hardAge = age));
    case "importance":
      return parseCount(value, 65535) !== undefined;
    default:
      return undefined;
  }
}

function set<T>(value: T | undefined, use: (value: T) => void): boolean {
  if (value === undefined) return false;
  use(value);
  return true;
}

function parseSeconds(text: string): number | undefined {
  const [, whole, fraction = ""] = /^(\d{1,12})(?:\.(\d{1,9}))?s$/.exec(text) ?? [];
  return whole === undefined ? undefined : Number(whole) * 1000 + Number(fraction.padEnd(3, "0").slice(0, 3));
}

/** Options of {@link parseFlows}. */
export interface FlowsParseOptions extends ParseOptions, FlowParseOptions {}

/** Reads a dump of flows: lines of any dialect, headers such as `NXST_FLOW reply (xid=0x4):`, comments and blank lines passed over. */
export function parseFlows(text: string, options: FlowsParseOptions = {}): Parsed<Flow[]> {
  const parsed = parseFlowsWithStats(text, options);
  return { value: parsed.value.map((entry) => entry.flow), problems: parsed.problems };
}

/** As {@link parseFlows}, with each line's statistics. */
export function parseFlowsWithStats(text: string, options: FlowsParseOptions = {}): Parsed<ParsedFlow[]> {
  const originOf: OriginOf = options.originOf ?? dumpOrigin;
  return parseEachLine(text, { originOf }, (line, origin) => (isHeader(line) ? undefined : parseFlow(line, options, origin)));
}

function isHeader(line: string): boolean {
  return line.startsWith("#") || /^(?:NXST|OFPST)_FLOW reply\b[^=]*\(xid=0x[0-9a-f]+\):$/.test(line);
}
