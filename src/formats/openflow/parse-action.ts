import type { Action, ConntrackAction, SetField, Subfield } from "../../ir/action.js";
import { parseIpv4, parseIpv6 } from "../../net/ip.js";
import { parseMac } from "../../net/mac.js";
import { type Attempt, refused, understood } from "../parsed.js";
import { parseBig, parseCount, splitList } from "../words.js";
import { parseLearn } from "./parse-learn.js";
import { type FlowParseOptions, parsePort } from "./port.js";
import { parseSubfield } from "./subfield.js";

/**
 * Reads an action list as ovs-actions(7) writes it, in the words of OpenFlow 1.0 and 1.3 alike.
 *
 * An action that dvrc does not model is kept as text, in kind `other`.
 * Errors: unbalanced parentheses, an empty action.
 */
export function parseActions(text: string, options: FlowParseOptions = {}): Attempt<Action[]> {
  const actions: Action[] = [];
  if (text === "drop") return understood(actions);
  const items = splitList(text);
  if (items === undefined) return refused("unbalanced parentheses in actions");
  for (const item of items) {
    const word = item.trim();
    if (word === "") return refused("an action is empty");
    actions.push(parseAction(word, options) ?? { kind: "other", text: word });
  }
  return understood(actions);
}

const plainWords: ReadonlyMap<string, Action> = new Map<string, Action>([
  ["NORMAL", { kind: "normal" }],
  ["normal", { kind: "normal" }],
  ["IN_PORT", { kind: "in-port" }],
  ["in_port", { kind: "in-port" }],
  ["FLOOD", { kind: "flood" }],
  ["flood", { kind: "flood" }],
  ["LOCAL", { kind: "output", port: "local" }],
  ["CONTROLLER:65535", { kind: "controller" }],
  ["CONTROLLER", { kind: "controller" }],
  ["pop_vlan", { kind: "pop-vlan" }],
  ["strip_vlan", { kind: "pop-vlan" }],
  ["ct_clear", { kind: "ct-clear" }],
  ["pop_queue", { kind: "pop-queue" }],
]);

function parseAction(text: string, options: FlowParseOptions): Action | undefined {
  const plain = plainWords.get(text);
  if (plain !== undefined) return plain;
  const open = text.search(/[:(]/);
  if (open < 0) return undefined;
  const name = text.slice(0, open);
  if (text[open] === ":") return parseColon(name, text.slice(open + 1), options);
  return text.endsWith(")") ? parseCall(name, text.slice(open + 1, -1), options) : undefined;
}

function parseColon(name: string, value: string, options: FlowParseOptions): Action | undefined {
  switch (name) {
    case "output": {
      const source = value.includes("[") ? parseSubfield(value) : undefined;
      if (source !== undefined) return { kind: "output-field", source };
      const port = parsePort(value, options);
      return port === undefined ? undefined : { kind: "output", port };
    }
    case "goto_table": {
      const table = parseCount(value, 254);
      return table === undefined ? undefined : { kind: "goto-table", table };
    }
    case "resubmit": {
      const port = parsePort(value, options);
      return port === undefined ? undefined : { kind: "resubmit", port };
    }
    case "set_queue": {
      const queue = parseCount(value, 0xffffffff);
      return queue === undefined ? undefined : { kind: "set-queue", queue };
    }
    case "mod_nw_tos": {
      const tos = parseCount(value, 0xff);
      return tos === undefined || tos % 4 !== 0 ? undefined : { kind: "set-field", field: "ipDscp", value: tos / 4 };
    }
    case "push_vlan": {
      const type = parseCount(value, 0xffff);
      return type === undefined ? undefined : { kind: "push-vlan", etherType: type };
    }
    case "mod_vlan_vid": {
      const vlanVid = parseCount(value, 4095);
      return vlanVid === undefined ? undefined : { kind: "mod-vlan-vid", vlanVid };
    }
    case "set_field": {
      const arrow = value.indexOf("->");
      return arrow < 0 ? undefined : parseSetField(value.slice(arrow + 2), value.slice(0, arrow));
    }
    case "mod_dl_src":
    case "mod_dl_dst":
    case "mod_nw_src":
    case "mod_nw_dst":
      return parseSetField(name.slice(4), value);
    case "set_tunnel":
    case "set_tunnel64":
      return parseSetField("tun_id", value);
    case "move": {
      const arrow = value.indexOf("->");
      const source = parseSubfield(value.slice(0, Math.max(arrow, 0)));
      const destination = parseSubfield(value.slice(arrow + 2));
      return source === undefined || destination === undefined ? undefined : { kind: "move", source, destination };
    }
    case "load": {
      const arrow = value.indexOf("->");
      const number = parseBig(value.slice(0, Math.max(arrow, 0)));
      const destination = parseSubfield(value.slice(arrow + 2));
      return number === undefined || destination === undefined ? undefined : { kind: "load", value: number, destination };
    }
    default:
      return undefined;
  }
}

function parseCall(name: string, inside: string, options: FlowParseOptions): Action | undefined {
  switch (name) {
    case "resubmit":
      return parseResubmit(inside, options);
    case "ct":
      return parseConntrack(inside, options);
    case "conjunction": {
      const [, id, clause, clauses] = /^(\d{1,10}),(\d{1,3})\/(\d{1,3})$/.exec(inside) ?? [];
      return id === undefined ? undefined : { kind: "conjunction", id: Number(id), clause: Number(clause), clauses: Number(clauses) };
    }
    case "learn":
      return parseLearn(inside);
    default:
      return undefined;
  }
}

function parseResubmit(inside: string, options: FlowParseOptions): Action | undefined {
  const comma = inside.indexOf(",");
  const table = parseCount(inside.slice(comma + 1), 254);
  if (comma < 0 || table === undefined) return undefined;
  const portText = inside.slice(0, comma);
  if (portText === "" || portText.toLowerCase() === "in_port") return { kind: "resubmit", table };
  const port = parsePort(portText, options);
  return port === undefined ? undefined : { kind: "resubmit", table, port };
}

function parseConntrack(inside: string, options: FlowParseOptions): ConntrackAction | undefined {
  let action: ConntrackAction = { kind: "ct", commit: false };
  for (const item of splitList(inside) ?? ["?"]) {
    const read = item === "" && inside === "" ? action : readConntrackPart(action, item, options);
    if (read === undefined) return undefined;
    action = read;
  }
  return action;
}

function readConntrackPart(action: ConntrackAction, item: string, options: FlowParseOptions): ConntrackAction | undefined {
  if (item === "commit") return { ...action, commit: true };
  if (item.startsWith("table=")) {
    const table = parseCount(item.slice(6), 254);
    return table === undefined ? undefined : { ...action, table };
  }
  if (item.startsWith("zone=")) {
    const zone: number | Subfield | undefined = parseCount(item.slice(5), 0xffff) ?? parseSubfield(item.slice(5));
    if (zone === 0) return action;
    return zone === undefined ? undefined : { ...action, zone };
  }
  if (!item.startsWith("exec(") || !item.endsWith(")")) return undefined;
  const exec = parseActions(item.slice(5, -1), options);
  return exec.ok ? { ...action, exec: exec.value } : undefined;
}

function parseSetField(name: string, value: string): SetField | undefined {
  const field = setFields.get(name);
  switch (field) {
    case undefined:
      return undefined;
    case "ethSrc":
    case "ethDst":
    case "arpSha":
    case "arpTha": {
      const mac = parseMac(value);
      return mac === undefined ? undefined : { kind: "set-field", field, value: mac };
    }
    case "arpSpa":
    case "arpTpa":
    case "ipSrc":
    case "ipDst": {
      const ip = parseIpv4(value);
      return ip === undefined ? undefined : { kind: "set-field", field, value: ip };
    }
    case "ipv6Src":
    case "ipv6Dst": {
      const ip = parseIpv6(value);
      return ip === undefined ? undefined : { kind: "set-field", field, value: ip };
    }
    case "ipDscp": {
      const dscp = parseCount(value, 63);
      return dscp === undefined ? undefined : { kind: "set-field", field, value: dscp };
    }
    case "vlanVid": {
      const tagged = parseCount(value, 0x1fff);
      return tagged === undefined || tagged < 0x1000 ? undefined : { kind: "set-field", field, value: tagged - 0x1000 };
    }
    default: {
      const number = parseCount(value, field === "tunId" ? Number.MAX_SAFE_INTEGER : field === "arpOp" ? 0xffff : 0xffffffff);
      return number === undefined ? undefined : { kind: "set-field", field, value: number };
    }
  }
}

const setFields: ReadonlyMap<string, SetField["field"]> = new Map<string, SetField["field"]>([
  ["eth_src", "ethSrc"],
  ["dl_src", "ethSrc"],
  ["eth_dst", "ethDst"],
  ["dl_dst", "ethDst"],
  ["arp_sha", "arpSha"],
  ["arp_tha", "arpTha"],
  ["arp_spa", "arpSpa"],
  ["arp_tpa", "arpTpa"],
  ["arp_op", "arpOp"],
  ["ip_dscp", "ipDscp"],
  ["ip_src", "ipSrc"],
  ["nw_src", "ipSrc"],
  ["ip_dst", "ipDst"],
  ["nw_dst", "ipDst"],
  ["ipv6_src", "ipv6Src"],
  ["ipv6_dst", "ipv6Dst"],
  ["vlan_vid", "vlanVid"],
  ["tun_id", "tunId"],
  ["tunnel_id", "tunId"],
  ["ct_mark", "ctMark"],
  ["pkt_mark", "pktMark"],
  ...([0, 1, 2, 3, 4, 5, 6, 7] as const).map((index) => [`reg${index}`, `reg${index}`] as const),
]);
