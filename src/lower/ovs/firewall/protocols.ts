import { defined } from "../../../base/invariant.js";
import { ipProtocol, type Match } from "../../../ir/match.js";
import type { ResolvedSecurityGroupRule } from "../../../model/resolved.js";
import { ipProtocolNumber } from "../../../net/ip-protocol.js";
import { portMasks } from "./port-masks.js";

/** Protocols whose ports the firewall matches; of others it ignores the range. Source: Neutron `PROTOCOLS_WITH_PORTS`. */
const withPorts: ReadonlySet<number> = new Set([ipProtocol.tcp, ipProtocol.udp, ipProtocol.sctp]);

/** A range of ports, or an ICMP type and code. */
export interface PortRange {
  readonly portRangeMin?: number;
  readonly portRangeMax?: number;
}

/**
 * The protocol number of a rule; undefined is any.
 *
 * Source: Neutron `openvswitch_firewall.firewall.SecurityGroup.update_rules`.
 */
export function protocolNumber({ protocol, ethertype }: ResolvedSecurityGroupRule): number | undefined {
  if (protocol === undefined) return undefined;
  if (protocol === "icmp" && ethertype === "IPv6") return ipProtocol.icmpv6;
  return defined(ipProtocolNumber(protocol), `number of protocol ${JSON.stringify(protocol)}`);
}

/** True for ICMP of either version. */
export function isIcmp(protocol: number | undefined): boolean {
  return protocol === ipProtocol.icmp || protocol === ipProtocol.icmpv6;
}

/** True where ranges of ports count. */
export function hasPorts(protocol: number | undefined): boolean {
  return protocol !== undefined && withPorts.has(protocol);
}

/**
 * How much a rule's flows stand above priority 70.
 *
 * Source: Neutron `openvswitch_firewall.rules.flow_priority_offset`, without its part for rules that have no remote group.
 */
export function priorityOffset(protocol: number | undefined, { portRangeMin, portRangeMax }: PortRange): number {
  if (protocol === undefined) return 0;
  if (!isIcmp(protocol)) return 3;
  if (portRangeMin === undefined) return 1;
  return portRangeMax === undefined ? 2 : 3;
}

/**
 * The matches on protocol, ports and ICMP type that a rule comes to: several where a range of ports needs several masks.
 *
 * Source: Neutron `openvswitch_firewall.rules.create_protocol_flows`; port 0 counts as no port there.
 */
export function protocolMatches(protocol: number | undefined, { portRangeMin, portRangeMax }: PortRange): readonly Match[] {
  if (protocol === undefined) return [{}];
  if (isIcmp(protocol) && portRangeMin !== undefined) {
    return [{ ipProto: protocol, icmpType: portRangeMin, ...(portRangeMax === undefined ? {} : { icmpCode: portRangeMax }) }];
  }
  if (!hasPorts(protocol) || !portRangeMin || !portRangeMax) return [{ ipProto: protocol }];
  return portMasks(portRangeMin, portRangeMax).map((tpDst) => ({ ipProto: protocol, tpDst }));
}
