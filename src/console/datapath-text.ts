import { assertNever } from "../base/assert-never.js";
import { ipProtocol } from "../ir/match.js";
import { ipv4FromNumber, ipv6FromBigInt } from "../net/ip.js";
import { macFromNumber } from "../net/mac.js";
import type { DatapathAction } from "../virtual/datapath-actions.js";
import type { FlowText } from "./flow-text.js";
import type { VirtualBridge } from "../virtual/virtual-bridge.js";

/** What the text of datapath actions needs to know of the host. */
export interface DatapathNames {
  /** By name. */
  readonly bridges: ReadonlyMap<string, VirtualBridge>;
  readonly dialect: FlowText;
}

/**
 * Numbers in the datapath of the bridges' own ports, which no artefact tells: they come first, in order of the bridges, as far as numbers are free.
 */
export function localDatapathPorts(bridges: ReadonlyMap<string, VirtualBridge>): ReadonlyMap<string, number> {
  const taken = new Set([...bridges.values()].flatMap((bridge) => bridge.ports.map((port) => port.datapathPort)));
  const numbers = new Map<string, number>();
  let next = 1;
  for (const name of bridges.keys()) {
    while (taken.has(next)) next++;
    numbers.set(name, next++);
  }
  return numbers;
}

/**
 * Datapath actions as `ofproto/trace` prints them on the kernel datapath; none is `drop`.
 *
 * Source: Open vSwitch `lib/odp-util.c`, `format_odp_actions`.
 */
export function datapathText(actions: readonly DatapathAction[], names: DatapathNames): string {
  const shown = actions.flatMap((action) => actionText(action, names)).filter((text) => text !== "");
  const sends = actions.some(
    (action) => action.kind === "output" || action.kind === "recirculate" || (action.kind === "ct" && action.commit),
  );
  return sends && shown.length > 0 ? shown.join(",") : "drop";
}

function actionText(action: DatapathAction, names: DatapathNames): readonly string[] {
  switch (action.kind) {
    case "output": {
      const port = names.bridges.get(action.bridge)?.port(action.port);
      return [String(port?.datapathPort ?? localDatapathPorts(names.bridges).get(action.bridge) ?? 0)];
    }
    case "set-tunnel":
      return [tunnelText(action, names)];
    case "set-eth":
      return [`set(eth(${list(mac("src", action.source), mac("dst", action.destination))}))`];
    case "push-vlan":
      return [`push_vlan(vid=${action.tci & 0xfff},pcp=${action.tci >> 13})`];
    case "pop-vlan":
      return ["pop_vlan"];
    case "set-ip":
      return [ipText(action)];
    case "set-arp":
      return [arpText(action)];
    case "set-ports":
      return [`set(${portWord(action.protocol)}(${list(number("src", action.source), number("dst", action.destination))}))`];
    case "set-mark":
      return [`set(skb_mark(0x${action.mark.toString(16)}))`];
    case "ct":
      return [ctText(action)];
    case "ct-clear":
      return ["ct_clear"];
    case "recirculate":
      return [`recirc(0x${action.id.toString(16)})`];
    default:
      return assertNever(action);
  }
}

function tunnelText(action: DatapathAction & { readonly kind: "set-tunnel" }, names: DatapathNames): string {
  const type = names.bridges.get(action.bridge)?.port(action.port)?.type;
  if (type?.kind !== "tunnel") return "";
  const local = type.options["local_ip"];
  const port =
    type.type === "vxlan"
      ? (type.options["dst_port"] ?? "4789")
      : type.type === "geneve"
        ? (type.options["dst_port"] ?? "6081")
        : undefined;
  const fragment = type.options["df_default"] === "false" ? "" : "df|";
  const checksum = type.options["csum"] === "true" ? "csum|" : "";
  return `set(tunnel(${list(
    `tun_id=0x${action.id.toString(16)}`,
    local === undefined ? "" : `src=${local}`,
    `dst=${type.remoteIp}`,
    "ttl=64",
    names.dialect === "ovs-3.1" && port !== undefined ? `tp_dst=${port}` : "",
    `flags(${fragment}${checksum}key)`,
  )}))`;
}

function ipText(action: DatapathAction & { readonly kind: "set-ip" }): string {
  const address = (value: bigint | undefined): string | undefined =>
    value === undefined ? undefined : action.version === 4 ? ipv4FromNumber(Number(value)) : ipv6FromBigInt(value);
  const [source, destination] = [address(action.source), address(action.destination)];
  return `set(ipv${action.version}(${list(
    source === undefined ? "" : `src=${source}`,
    destination === undefined ? "" : `dst=${destination}`,
    number("tos", action.tos),
    number("ttl", action.ttl),
  )}))`;
}

function arpText(action: DatapathAction & { readonly kind: "set-arp" }): string {
  const { key, base } = action;
  return `set(arp(${list(
    key.ipSrc === base.ipSrc ? "" : `sip=${ipv4FromNumber(key.ipSrc)}`,
    key.ipDst === base.ipDst ? "" : `tip=${ipv4FromNumber(key.ipDst)}`,
    key.ipProto === base.ipProto ? "" : `op=${key.ipProto}`,
    key.arpSha === base.arpSha ? "" : `sha=${macFromNumber(key.arpSha)}`,
    key.arpTha === base.arpTha ? "" : `tha=${macFromNumber(key.arpTha)}`,
  )}))`;
}

function ctText(action: DatapathAction & { readonly kind: "ct" }): string {
  const inner = list(
    action.commit ? "commit" : "",
    action.zone === 0 ? "" : `zone=${action.zone}`,
    action.mark === undefined ? "" : `mark=0x${action.mark.toString(16)}/0xffffffff`,
  );
  return inner === "" ? "ct" : `ct(${inner})`;
}

function portWord(protocol: number): string {
  return protocol === ipProtocol.udp ? "udp" : protocol === ipProtocol.sctp ? "sctp" : "tcp";
}

function mac(name: string, value: number | undefined): string {
  return value === undefined ? "" : `${name}=${macFromNumber(value)}`;
}

function number(name: string, value: number | undefined): string {
  return value === undefined ? "" : `${name}=${value}`;
}

function list(...items: readonly string[]): string {
  return items.filter((item) => item !== "").join(",");
}
