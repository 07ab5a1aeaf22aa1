import type { Action, LearnSpec, Subfield } from "../../ir/action.js";
import { ipv4ToNumber, ipv6ToBigInt, parseIpv4, parseIpv6 } from "../../net/ip.js";
import { macToNumber, parseMac } from "../../net/mac.js";
import { parseBig, parseCount, splitList } from "../words.js";
import { headersByName } from "./field-names.js";
import { parseSubfield } from "./subfield.js";

type Learn = Extract<Action, { kind: "learn" }>;

/**
 * Reads what stands inside `learn(...)`.
 *
 * Errors: undefined where something is not modelled (`fin_idle_timeout`, `limit` and other flags) or wrong.
 * Source: ovs-actions(7), section learn.
 */
export function parseLearn(inside: string): Learn | undefined {
  let learn: Learn = { kind: "learn", table: 1, priority: 32768, idleTimeout: 0, hardTimeout: 0, cookie: 0n, specs: [] };
  const specs: LearnSpec[] = [];
  for (const item of splitList(inside) ?? ["?"]) {
    const setting = readSetting(learn, item);
    if (setting === "wrong") return undefined;
    if (setting !== undefined) {
      learn = setting;
      continue;
    }
    const spec = parseSpec(item);
    if (spec === undefined) return undefined;
    specs.push(spec);
  }
  return { ...learn, specs };
}

/** Answers undefined where the item is no setting of the learnt flow. */
function readSetting(learn: Learn, item: string): Learn | "wrong" | undefined {
  const equals = item.indexOf("=");
  const value = item.slice(equals + 1);
  switch (equals < 0 ? "" : item.slice(0, equals)) {
    case "table":
      return withNumber(parseCount(value, 254), (table) => ({ ...learn, table }));
    case "priority":
      return withNumber(parseCount(value, 65535), (priority) => ({ ...learn, priority }));
    case "idle_timeout":
      return withNumber(parseCount(value, 65535), (idleTimeout) => ({ ...learn, idleTimeout }));
    case "hard_timeout":
      return withNumber(parseCount(value, 65535), (hardTimeout) => ({ ...learn, hardTimeout }));
    case "cookie": {
      const cookie = parseBig(value);
      return cookie === undefined ? "wrong" : { ...learn, cookie };
    }
    default:
      return undefined;
  }
}

function withNumber(value: number | undefined, use: (value: number) => Learn): Learn | "wrong" {
  return value === undefined ? "wrong" : use(value);
}

function parseSpec(item: string): LearnSpec | undefined {
  if (item.startsWith("output:")) {
    const source = parseSubfield(item.slice(7));
    return source === undefined ? undefined : { kind: "output", source };
  }
  return item.startsWith("load:") ? parseLoad(item.slice(5)) : parseMatchSpec(item);
}

function parseLoad(text: string): LearnSpec | undefined {
  const arrow = text.indexOf("->");
  const destination = parseSubfield(text.slice(arrow + 2));
  if (arrow < 0 || destination === undefined) return undefined;
  const from = text.slice(0, arrow);
  const value = parseBig(from);
  if (value !== undefined) return { kind: "load-value", value, destination };
  const source = parseSubfield(from);
  return source === undefined ? undefined : { kind: "load-field", source, destination };
}

function parseMatchSpec(item: string): LearnSpec | undefined {
  const equals = item.indexOf("=");
  const destination = parseDestination(equals < 0 ? item : item.slice(0, equals));
  if (destination === undefined) return undefined;
  if (equals < 0) return { kind: "match-field", destination, source: destination };
  const right = item.slice(equals + 1);
  const source = parseSubfield(right);
  if (source !== undefined) return { kind: "match-field", destination, source };
  const value = parseValue(right);
  return value === undefined ? undefined : { kind: "match-value", destination, value };
}

function parseDestination(text: string): Subfield | undefined {
  const header = headersByName.get(text);
  return header === undefined ? parseSubfield(text) : { field: header };
}

function parseValue(text: string): bigint | undefined {
  const number = parseBig(text);
  if (number !== undefined) return number;
  const mac = parseMac(text);
  if (mac !== undefined) return BigInt(macToNumber(mac));
  const ipv4 = parseIpv4(text);
  if (ipv4 !== undefined) return BigInt(ipv4ToNumber(ipv4));
  const ipv6 = parseIpv6(text);
  return ipv6 === undefined ? undefined : ipv6ToBigInt(ipv6);
}
