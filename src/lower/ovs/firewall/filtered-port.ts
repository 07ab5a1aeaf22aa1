import type { MatchAddress } from "../../../ir/match.js";
import type { ResolvedPort } from "../../../model/resolved.js";
import { cidrVersion, hostCidr } from "../../../net/cidr.js";
import { type IpVersion, linkLocal } from "../../../net/ip.js";
import type { Mac } from "../../../net/mac.js";
import { matchAddress } from "../addresses.js";
import type { IntegrationPort } from "../host-facts.js";

/** A MAC with an address that a port may use together; no address is any. */
export interface AllowedPair {
  readonly mac: Mac;
  readonly address: MatchAddress | undefined;
}

/**
 * A port as the openvswitch firewall sees it.
 *
 * Source: Neutron `openvswitch_firewall.firewall.OFPort`: the link-local address belongs to the port's own MAC only.
 */
export interface FilteredPort extends IntegrationPort {
  readonly port: ResolvedPort;
  readonly ofport: number;
  readonly mac: Mac;
  /** Its own, then those of its address pairs. */
  readonly macs: readonly Mac[];
  readonly ipv4: readonly AllowedPair[];
  /** The link-local address among them. */
  readonly ipv6: readonly AllowedPair[];
}

/** The firewall's view of a bound port. */
export function filteredPort(bound: IntegrationPort): FilteredPort {
  const { port, ofport } = bound.wired;
  return {
    ...bound,
    port,
    ofport,
    mac: port.mac,
    macs: [...new Set([port.mac, ...port.allowedAddressPairs.map((pair) => pair.mac)])],
    ipv4: allowedPairs(port, 4),
    ipv6: [...allowedPairs(port, 6), { mac: port.mac, address: linkLocal(port.mac) }],
  };
}

function allowedPairs(port: ResolvedPort, version: IpVersion): AllowedPair[] {
  const fixed = port.fixedIps.map(({ ip }) => ({ mac: port.mac, ip: hostCidr(ip) }));
  return [...fixed, ...port.allowedAddressPairs]
    .filter(({ ip }) => cidrVersion(ip) === version)
    .map(({ mac, ip }) => ({ mac, address: matchAddress(ip) }));
}
