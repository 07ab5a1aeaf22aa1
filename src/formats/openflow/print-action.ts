import { assertNever } from "../../base/assert-never.js";
import type { Action, ConntrackAction, LearnSpec, SetField, Subfield } from "../../ir/action.js";
import { ipv4FromNumber, ipv6FromBigInt } from "../../net/ip.js";
import { macFromNumber } from "../../net/mac.js";
import { hex } from "../words.js";
import { canonicalFlows, type FlowDialect } from "./dialect.js";
import { fieldsByHeader, type NamedField } from "./field-names.js";
import { toOpenFlow10 } from "./openflow10.js";
import { printPort } from "./print-match.js";

/**
 * Actions as `ovs-ofctl` lists them after `actions=`; none is `drop`.
 *
 * Source: ovs-actions(7); Open vSwitch 3.1's dumps.
 */
export function printActions(actions: readonly Action[], dialect: FlowDialect = canonicalFlows): string {
  return printActionList(actions, dialect) || "drop";
}

/** One action as `ovs-ofctl` prints it; an OpenFlow 1.0 dump may show it as several or, for `push_vlan`, not at all. */
export function printAction(action: Action, dialect: FlowDialect = canonicalFlows): string {
  return printActionList([action], dialect);
}

function printActionList(actions: readonly Action[], dialect: FlowDialect): string {
  const old = dialect.openflow === "1.0";
  let text = "";
  for (const action of old ? toOpenFlow10(actions) : actions) text += (text === "" ? "" : ",") + printOne(action, old);
  return text;
}

function printOne(action: Action, old: boolean): string {
  switch (action.kind) {
    case "output":
      return action.port === "local" ? "LOCAL" : `output:${action.port}`;
    case "output-field":
      return `output:${printSubfield(action.source)}`;
    case "normal":
      return "NORMAL";
    case "in-port":
      return "IN_PORT";
    case "flood":
      return "FLOOD";
    case "controller":
      return "CONTROLLER:65535";
    case "goto-table":
      return `goto_table:${action.table}`;
    case "resubmit":
      return printResubmit(action);
    case "set-queue":
      return `set_queue:${action.queue}`;
    case "pop-queue":
      return "pop_queue";
    case "push-vlan":
      return `push_vlan:0x${action.etherType.toString(16).padStart(4, "0")}`;
    case "pop-vlan":
      return old ? "strip_vlan" : "pop_vlan";
    case "mod-vlan-vid":
      return old ? `mod_vlan_vid:${action.vlanVid}` : `push_vlan:0x8100,set_field:${4096 + action.vlanVid}->vlan_vid`;
    case "set-field":
      return old ? printModField(action) : printSetField(action);
    case "move":
      return printMove(action);
    case "load":
      return `load:${hex(action.value)}->${printSubfield(action.destination)}`;
    case "learn":
      return printLearn(action);
    case "ct":
      return printConntrack(action, old);
    case "ct-clear":
      return "ct_clear";
    case "conjunction":
      return `conjunction(${action.id},${action.clause}/${action.clauses})`;
    case "other":
      return action.text;
    default:
      return assertNever(action);
  }
}

/** Source: Open vSwitch `format_RESUBMIT`. */
function printResubmit({ table, port }: Extract<Action, { kind: "resubmit" }>): string {
  const inPort = port === undefined ? "" : printPort(port);
  return table === undefined ? `resubmit:${inPort}` : `resubmit(${inPort},${table})`;
}

/** Texts of moves: every ARP answer has the same three objects. */
const moves = new WeakMap<Action, string>();

function printMove(action: Extract<Action, { kind: "move" }>): string {
  let text = moves.get(action);
  if (text === undefined) moves.set(action, (text = `move:${printSubfield(action.source)}->${printSubfield(action.destination)}`));
  return text;
}

const modNames: Partial<Record<SetField["field"], string>> = {
  ethSrc: "mod_dl_src:",
  ethDst: "mod_dl_dst:",
  ipSrc: "mod_nw_src:",
  ipDst: "mod_nw_dst:",
};

function printModField(action: SetField): string {
  if (action.field === "ipDscp") return `mod_nw_tos:${action.value * 4}`;
  return `${modNames[action.field] ?? ""}${action.value}`;
}

function printSetField(action: SetField): string {
  switch (action.field) {
    case "vlanVid":
      return `set_field:${4096 + action.value}->vlan_vid`;
    case "arpOp":
      return `set_field:${action.value}->arp_op`;
    case "ipDscp":
      return `set_field:${action.value}->ip_dscp`;
    case "ethSrc":
      return `set_field:${action.value}->eth_src`;
    case "ethDst":
      return `set_field:${action.value}->eth_dst`;
    case "arpSha":
      return `set_field:${action.value}->arp_sha`;
    case "arpTha":
      return `set_field:${action.value}->arp_tha`;
    case "arpSpa":
      return `set_field:${action.value}->arp_spa`;
    case "arpTpa":
      return `set_field:${action.value}->arp_tpa`;
    case "ipSrc":
      return `set_field:${action.value}->ip_src`;
    case "ipDst":
      return `set_field:${action.value}->ip_dst`;
    case "ipv6Src":
      return `set_field:${action.value}->ipv6_src`;
    case "ipv6Dst":
      return `set_field:${action.value}->ipv6_dst`;
    case "tunId":
      return `set_field:${hex(action.value)}->tun_id`;
    case "ctMark":
      return `set_field:${hex(action.value)}->ct_mark`;
    case "pktMark":
      return `set_field:${hex(action.value)}->pkt_mark`;
    default:
      return `set_field:${hex(action.value)}->${action.field}`;
  }
}

/** A part of a field: `NXM_NX_REG6[0..15]`, `NXM_NX_REG0[3]`, the whole one `NXM_OF_ETH_SRC[]`. */
export function printSubfield(subfield: Subfield): string {
  if (subfield.bits === undefined) return `${subfield.field}[]`;
  const [first, last] = subfield.bits;
  return first === last ? `${subfield.field}[${first}]` : `${subfield.field}[${first}..${last}]`;
}

function printConntrack(action: ConntrackAction, old: boolean): string {
  const parts: string[] = [];
  if (action.commit) parts.push("commit");
  if (action.table !== undefined) parts.push(`table=${action.table}`);
  if (action.zone !== undefined) parts.push(`zone=${typeof action.zone === "number" ? action.zone : printSubfield(action.zone)}`);
  if (action.exec !== undefined) parts.push(`exec(${action.exec.map((inner) => printOne(inner, old)).join(",")})`);
  return `ct(${parts.join(",")})`;
}

function printLearn(action: Extract<Action, { kind: "learn" }>): string {
  let text = `learn(table=${action.table}`;
  if (action.idleTimeout !== 0) text += `,idle_timeout=${action.idleTimeout}`;
  if (action.hardTimeout !== 0) text += `,hard_timeout=${action.hardTimeout}`;
  if (action.priority !== 32768) text += `,priority=${action.priority}`;
  if (action.cookie !== 0n) text += `,cookie=${hex(action.cookie)}`;
  for (const spec of action.specs) text += `,${printLearnSpec(spec)}`;
  return `${text})`;
}

function printLearnSpec(spec: LearnSpec): string {
  switch (spec.kind) {
    case "match-field": {
      const destination = printSubfield(spec.destination);
      const source = printSubfield(spec.source);
      return destination === source ? destination : `${destination}=${source}`;
    }
    case "match-value": {
      const whole = spec.destination.bits === undefined ? fieldsByHeader.get(spec.destination.field) : undefined;
      if (whole !== undefined) return `${whole.name}=${printValue(spec.value, whole)}`;
      return `${printSubfield(spec.destination)}=${hex(spec.value)}`;
    }
    case "load-field":
      return `load:${printSubfield(spec.source)}->${printSubfield(spec.destination)}`;
    case "load-value":
      return `load:${hex(spec.value)}->${printSubfield(spec.destination)}`;
    case "output":
      return `output:${printSubfield(spec.source)}`;
    default:
      return assertNever(spec);
  }
}

function printValue(value: bigint, field: NamedField): string {
  switch (field.form) {
    case "hex":
      return hex(value);
    case "decimal":
      return String(value);
    case "mac":
      return macFromNumber(Number(value));
    case "ipv4":
      return ipv4FromNumber(Number(value));
    case "ipv6":
      return ipv6FromBigInt(value);
    default:
      return assertNever(field.form);
  }
}
