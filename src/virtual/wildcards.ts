import type { Action, Subfield } from "../ir/action.js";
import { etherType } from "../ir/match.js";
import { type FlowField, type FlowKey, isWide } from "./flow-key.js";
import { fullMask, joinMasks, maskValue } from "./key-match.js";
import { keyPart } from "./subfield.js";

/** The bits of a packet that decided its way: what a megaflow matches. All others are wildcards. */
export class Wildcards {
  readonly #masks: Map<FlowField, number | bigint>;

  constructor(masks: Iterable<readonly [FlowField, number | bigint]> = []) {
    this.#masks = new Map(masks);
  }

  /** The same bits, apart from what is looked at later. */
  copy(): Wildcards {
    return new Wildcards(this.#masks);
  }

  /** Notes that bits of a field were looked at. */
  look(field: FlowField, mask: number | bigint = fullMask(field)): void {
    const before = this.#masks.get(field);
    this.#masks.set(field, before === undefined ? mask : joinMasks(before, mask));
  }

  /** The bits of a field that were looked at. */
  mask(field: FlowField): number | bigint {
    return this.#masks.get(field) ?? 0;
  }

  /** True where all the given bits of a field were looked at. */
  covers(field: FlowField, mask: number | bigint): boolean {
    const seen = this.#masks.get(field);
    return seen !== undefined && maskValue(seen, mask) === mask;
  }
}

/** Fields that are named otherwise in `set_field`. */
const setFields: Readonly<Record<string, FlowField>> = {
  vlanVid: "vlanTci",
  arpOp: "ipProto",
  ipDscp: "ipTos",
  arpSpa: "ipSrc",
  arpTpa: "ipDst",
};

/** Notes what an action looks at or writes: the datapath must know it of each packet. Source: Open vSwitch `do_xlate_actions`. */
export function lookByAction(wildcards: Wildcards, action: Action): void {
  switch (action.kind) {
    case "set-field":
      if (action.field === "vlanVid") wildcards.look("vlanTci", 0x1fff);
      else wildcards.look(setFields[action.field] ?? (action.field as FlowField));
      return;
    case "load":
      return lookAt(wildcards, action.destination);
    case "move":
      lookAt(wildcards, action.source);
      return lookAt(wildcards, action.destination);
    case "push-vlan":
    case "pop-vlan":
    case "mod-vlan-vid":
      return wildcards.look("vlanTci");
    case "learn":
      for (const spec of action.specs) if (spec.kind === "match-field" || spec.kind === "load-field") lookAt(wildcards, spec.source);
      return;
    default:
      return;
  }
}

function lookAt(wildcards: Wildcards, subfield: Subfield): void {
  const part = keyPart(subfield);
  if (part === undefined) return;
  const mask = part.mask << part.shift;
  wildcards.look(part.field, isWide(part.field) ? mask : Number(maskValue(mask, BigInt(fullMask(part.field)))));
}

/** Notes what a tunnel takes over from the packet: its ECN bits, and its mark where the port sets one. */
export function lookByTunnel(wildcards: Wildcards, options: Readonly<Record<string, string>>, key: FlowKey): void {
  if (options["egress_pkt_mark"] !== undefined) wildcards.look("pktMark");
  if (key.ethType === etherType.ipv4 || key.ethType === etherType.ipv6) wildcards.look("ipEcn");
}

const broadcast = 0xffffffffffff;

/** Notes what NORMAL looks at: addresses, VLAN, and of ARP whether it is gratuitous. */
export function lookByNormal(wildcards: Wildcards, key: FlowKey): void {
  wildcards.look("ethSrc");
  wildcards.look("ethDst");
  wildcards.look("vlanTci", 0x1fff);
  if (key.ethType !== etherType.arp || key.ethDst !== broadcast) return;
  wildcards.look("ipProto");
  if (key.ipProto !== 1) return;
  wildcards.look("ipSrc");
  wildcards.look("ipDst");
}
