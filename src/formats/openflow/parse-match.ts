import { etherType, ipProtocol, type Match } from "../../ir/match.js";
import { type Attempt, refused, understood } from "../parsed.js";
import { parseCount } from "../words.js";
import { fieldReaders, type MatchDraft } from "./match-fields.js";
import type { FlowParseOptions } from "./port.js";

export type { FlowParseOptions, PortResolver } from "./port.js";

/** A match and the priority that stood among its fields. */
export interface ParsedMatch {
  readonly match: Match;
  readonly priority: number | undefined;
}

/**
 * Reads a match as ovs-ofctl(8) and `ofproto/trace` take one: fields in any order, separated by commas or blanks, in old or new names.
 *
 * A field that matches everything is left out, as the switch does.
 * Errors: the first field that is unknown or has a wrong value.
 * Source: ovs-ofctl(8), ovs-fields(7).
 */
export function parseMatch(text: string, options: FlowParseOptions = {}): Attempt<ParsedMatch> {
  const draft: MatchDraft = {};
  let priority: number | undefined;
  for (const item of text.split(/[,\s]+/)) {
    if (item === "") continue;
    const equals = item.indexOf("=");
    const name = equals < 0 ? item : item.slice(0, equals);
    const value = equals < 0 ? undefined : item.slice(equals + 1);
    if (name === "priority" && value !== undefined) {
      priority = parseCount(value, 65535);
      if (priority === undefined) return refused(`wrong priority "${cut(value)}"`);
      continue;
    }
    const wrong = value === undefined ? readWord(draft, name) : readField(draft, name, value, options);
    if (wrong !== undefined) return refused(wrong);
  }
  settle(draft);
  return understood({ match: draft, priority });
}

const words: ReadonlyMap<string, readonly [ethType: number, ipProto?: number]> = new Map([
  ["ip", [etherType.ipv4]],
  ["ipv4", [etherType.ipv4]],
  ["ipv6", [etherType.ipv6]],
  ["arp", [etherType.arp]],
  ["rarp", [etherType.rarp]],
  ["icmp", [etherType.ipv4, ipProtocol.icmp]],
  ["tcp", [etherType.ipv4, ipProtocol.tcp]],
  ["udp", [etherType.ipv4, ipProtocol.udp]],
  ["sctp", [etherType.ipv4, ipProtocol.sctp]],
  ["icmp6", [etherType.ipv6, ipProtocol.icmpv6]],
  ["icmpv6", [etherType.ipv6, ipProtocol.icmpv6]],
  ["tcp6", [etherType.ipv6, ipProtocol.tcp]],
  ["udp6", [etherType.ipv6, ipProtocol.udp]],
  ["sctp6", [etherType.ipv6, ipProtocol.sctp]],
]);

function readWord(draft: MatchDraft, word: string): string | undefined {
  // Traces and datapath flows say "eth" for the packet type of every Ethernet packet.
  if (word === "eth") return undefined;
  const meaning = words.get(word);
  if (meaning === undefined) return `unknown match field "${cut(word)}"`;
  draft.ethType = meaning[0];
  if (meaning[1] !== undefined) draft.ipProto = meaning[1];
  return undefined;
}

function readField(draft: MatchDraft, name: string, value: string, options: FlowParseOptions): string | undefined {
  const reader = fieldReaders.get(name);
  if (reader === undefined) return `unknown match field "${cut(name)}"`;
  const wrong = reader(draft, value, options);
  return wrong === undefined ? undefined : `wrong value of ${name} "${cut(value)}"`;
}

/** OpenFlow 1.0 has ARP's addresses and operation in the fields of IP. */
function settle(draft: MatchDraft): void {
  if (draft.ethType !== etherType.arp && draft.ethType !== etherType.rarp) return;
  if (draft.ipSrc !== undefined) draft.arpSpa ??= draft.ipSrc;
  if (draft.ipDst !== undefined) draft.arpTpa ??= draft.ipDst;
  if (draft.ipProto !== undefined) draft.arpOp ??= draft.ipProto;
  delete draft.ipSrc;
  delete draft.ipDst;
  delete draft.ipProto;
}

function cut(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
