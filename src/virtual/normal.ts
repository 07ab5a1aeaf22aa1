import { type FlowKey, localPort, vlanPresent } from "./flow-key.js";
import { maskValue } from "./key-match.js";
import type { PipelineNote } from "./pipeline-trace.js";
import type { VirtualBridge } from "./virtual-bridge.js";

/** Where the action NORMAL sends a packet: ports with the tag that the packet has there, 0 for none. */
export type NormalOutcome =
  | {
      readonly kind: "forward";
      readonly vlan: number;
      /** Name of the port where the address was learned; undefined is flooding. */
      readonly learned: string | undefined;
      readonly ports: readonly { readonly ofport: number; readonly tci: number }[];
    }
  | { readonly kind: "refused"; readonly note: PipelineNote };

/**
 * Switches a packet as a plain learning switch does: access and trunk ports, one MAC table for each VLAN.
 *
 * Source: ovs-actions(7), `normal`; Open vSwitch `xlate_normal`.
 */
export function normalPorts(bridge: VirtualBridge, key: FlowKey, now: number, learns: boolean): NormalOutcome {
  const input = bridge.port(key.inPort);
  const vid = key.vlanTci & 0xfff;
  if (input?.tag !== undefined && vid !== 0) {
    return { kind: "refused", note: { kind: "access-port-tagged", vlan: vid, port: input.name, access: input.tag } };
  }
  if (isReserved(key.ethDst)) return { kind: "refused", note: { kind: "reserved-destination" } };
  const vlan = input?.tag ?? vid;
  if (learns && !isGroup(key.ethSrc) && key.inPort <= localPort) bridge.macs.learn(vlan, key.ethSrc, key.inPort, now);
  const learned = isGroup(key.ethDst) ? undefined : bridge.macs.lookup(vlan, key.ethDst, now);
  if (learned === key.inPort) return { kind: "refused", note: { kind: "learned-is-input" } };
  const pcp = key.vlanTci & 0xe000;
  if (learned !== undefined && carries(bridge, learned, vlan)) {
    return {
      kind: "forward",
      vlan,
      learned: portName(bridge, learned),
      ports: [{ ofport: learned, tci: tciOn(bridge, learned, vlan, pcp) }],
    };
  }
  const ports = [...bridge.ports.map((port) => port.ofport), localPort]
    .filter((ofport) => ofport !== key.inPort && carries(bridge, ofport, vlan))
    .map((ofport) => ({ ofport, tci: tciOn(bridge, ofport, vlan, pcp) }));
  return { kind: "forward", vlan, learned: undefined, ports };
}

/** The name of a port by its number. */
export function portName(bridge: VirtualBridge, ofport: number): string {
  return bridge.port(ofport)?.name ?? bridge.name;
}

function carries(bridge: VirtualBridge, ofport: number, vlan: number): boolean {
  const tag = bridge.port(ofport)?.tag;
  return tag === undefined || tag === vlan;
}

function tciOn(bridge: VirtualBridge, ofport: number, vlan: number, pcp: number): number {
  return bridge.port(ofport)?.tag !== undefined || vlan === 0 ? 0 : vlanPresent | pcp | vlan;
}

function isGroup(mac: number): boolean {
  return maskValue(mac, 0x010000000000) !== 0;
}

/** 01:80:c2:00:00:0x: bridges keep these to themselves (IEEE 802.1D). */
function isReserved(mac: number): boolean {
  return Math.floor(mac / 16) === 0x0180c200000;
}
