import type { MaybeMasked, Match } from "../ir/match.js";
import { type Cidr, cidrAddress, cidrLength } from "../net/cidr.js";
import { type Ip, ipv4ToNumber, ipv6ToBigInt, isIpv4 } from "../net/ip.js";
import { type Mac, macToNumber } from "../net/mac.js";
import { fieldBits, type FlowField, isWide, ofPortNumber, parseCtFlags, stageOf, vlanPresent } from "./flow-key.js";

/** What a match asks of one field of a key: the bits of the mask equal the value. */
export interface FieldMatch {
  readonly field: FlowField;
  readonly value: number | bigint;
  readonly mask: number | bigint;
}

/** The bits of a value that a mask lets through; numbers may have 48 bits, for which `&` is too narrow. */
export function maskValue(value: number | bigint, mask: number | bigint): number | bigint {
  if (typeof value === "bigint" || typeof mask === "bigint") return BigInt(value) & BigInt(mask);
  if (value <= 0x7fffffff && mask <= 0x7fffffff) return value & mask;
  const high = (Math.floor(value / 0x100000000) & Math.floor(mask / 0x100000000)) >>> 0;
  return high * 0x100000000 + ((value & mask) >>> 0);
}

/** The mask that lets a whole field through. */
export function fullMask(field: FlowField): number | bigint {
  return fullMasks[field];
}

const fullMasks = Object.fromEntries(
  (Object.keys(fieldBits) as FlowField[]).map((field) => [field, isWide(field) ? (1n << 128n) - 1n : 2 ** fieldBits[field] - 1]),
) as Record<FlowField, number | bigint>;

/** The two masks together. */
export function joinMasks(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === "bigint" || typeof b === "bigint") return BigInt(a) | BigInt(b);
  const high = (Math.floor(a / 0x100000000) | Math.floor(b / 0x100000000)) >>> 0;
  return high * 0x100000000 + ((a | b) >>> 0);
}

/**
 * What a flow's match asks of a key, one entry a field, in order of stage, then of name.
 *
 * Errors: undefined where the match has a field that the simulation does not know; such a flow never matches.
 */
export function compileMatch(match: Match): readonly FieldMatch[] | undefined {
  const parts: FieldMatch[] = [];
  for (const name of Object.keys(match) as (keyof Match)[]) {
    const value = match[name];
    if (value === undefined) continue;
    const part = compileField(name, value);
    if (part === undefined) return undefined;
    insertPart(parts, part);
  }
  return parts;
}

/** Inserts in order of stage and name; a second part of one field joins the first. Matches are short, so that moving up is cheap. */
function insertPart(parts: FieldMatch[], part: FieldMatch): void {
  const rank = fieldRanks[part.field];
  let at = parts.length;
  while (at > 0) {
    const before = parts[at - 1];
    if (before === undefined || fieldRanks[before.field] < rank) break;
    if (before.field === part.field) {
      parts[at - 1] = joined(before, part);
      return;
    }
    at--;
  }
  parts.splice(at, 0, part);
}

const fieldRanks = Object.fromEntries(
  (Object.keys(fieldBits) as FlowField[]).sort((a, b) => stageOf(a) - stageOf(b) || (a < b ? -1 : 1)).map((field, rank) => [field, rank]),
) as Record<FlowField, number>;

function joined(a: FieldMatch, b: FieldMatch): FieldMatch {
  return { field: a.field, value: joinMasks(a.value, b.value), mask: joinMasks(a.mask, b.mask) };
}

function compileField(name: keyof Match, value: NonNullable<Match[keyof Match]>): FieldMatch | undefined {
  switch (name) {
    case "vlanVid":
      return { field: "vlanTci", value: vlanPresent | Number(value), mask: 0x1fff };
    case "vlanPcp":
      return { field: "vlanTci", value: vlanPresent | (Number(value) << 13), mask: 0xe000 | vlanPresent };
    case "inPort":
      return exact("inPort", ofPortNumber(value as Match["inPort"] & {}));
    case "ctState":
      return ctStateMatch(value as string);
    case "tcpFlags":
      return tcpFlagsMatch(value as string);
    case "ethSrc":
    case "ethDst":
    case "arpSha":
    case "arpTha":
      return macMatch(name, value as MaybeMasked<Mac>);
    case "ipSrc":
    case "arpSpa":
      return addressMatch("ipSrc", value as Ip | Cidr);
    case "ipDst":
    case "arpTpa":
      return addressMatch("ipDst", value as Ip | Cidr);
    case "ipFrag":
      return value === "no" ? { field: "ipTtl", value: 0, mask: 0 } : undefined;
    case "ipv6Src":
    case "ipv6Dst":
    case "ndTarget":
    case "tunSrc":
    case "tunDst":
      return addressMatch(name, value as Ip | Cidr);
    case "arpOp":
      return exact("ipProto", Number(value));
    case "icmpType":
      return exact("tpSrc", Number(value));
    case "icmpCode":
      return exact("tpDst", Number(value));
    default:
      return numberMatch(name, value as MaybeMasked<number>);
  }
}

function exact(field: FlowField, value: number | bigint): FieldMatch {
  return { field, value, mask: fullMask(field) };
}

function numberMatch(field: FlowField, value: MaybeMasked<number>): FieldMatch {
  if (typeof value === "number") return exact(field, value);
  return { field, value: maskValue(value.value, value.mask), mask: value.mask };
}

function macMatch(field: FlowField, value: MaybeMasked<Mac>): FieldMatch {
  if (typeof value === "string") return exact(field, macToNumber(value));
  const mask = macToNumber(value.mask);
  return { field, value: maskValue(macToNumber(value.value), mask), mask };
}

function addressMatch(field: FlowField, value: Ip | Cidr): FieldMatch {
  const slash = value.includes("/");
  const address = slash ? cidrAddress(value as Cidr) : (value as Ip);
  if (isIpv4(address)) {
    const mask = slash ? prefixMask(cidrLength(value as Cidr)) : 0xffffffff;
    return { field, value: maskValue(ipv4ToNumber(address), mask), mask };
  }
  const full = (1n << 128n) - 1n;
  const mask = slash ? (full >> BigInt(128 - cidrLength(value as Cidr))) << BigInt(128 - cidrLength(value as Cidr)) : full;
  return { field, value: ipv6ToBigInt(address) & mask, mask };
}

function prefixMask(length: number): number {
  return length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
}

const ctStates = new Map<string, FieldMatch | undefined>();

/** Firewalls repeat a handful of states in thousands of flows, so each is read once. */
function ctStateMatch(text: string): FieldMatch | undefined {
  if (ctStates.has(text)) return ctStates.get(text);
  const flags = parseCtFlags(text);
  const part: FieldMatch | undefined = flags === undefined ? undefined : { field: "ctState", value: flags.value, mask: flags.mask };
  ctStates.set(text, part);
  return part;
}

const tcpFlagBits: Readonly<Record<string, number>> = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ece: 64, cwr: 128 };

function tcpFlagsMatch(text: string): FieldMatch | undefined {
  const [value, mask] = text.split("/").map(Number);
  if (value !== undefined && !Number.isNaN(value)) return { field: "tcpFlags", value: value & (mask ?? 0xfff), mask: mask ?? 0xfff };
  let bits = 0;
  let cared = 0;
  for (const [, sign, word] of text.matchAll(/([+-])([a-z]+)/g)) {
    const bit = tcpFlagBits[word ?? ""];
    if (bit === undefined) return undefined;
    cared |= bit;
    if (sign === "+") bits |= bit;
  }
  return { field: "tcpFlags", value: bits, mask: cared };
}
