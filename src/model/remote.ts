import type { ResolvedAddressGroup, ResolvedSecurityGroup, ResolvedSecurityGroupRule } from "./resolved.js";

/** What a rule may name as the other side of its connections: the ports of a security group, or the addresses of an address group. */
export type RemoteGroup = ResolvedSecurityGroup | ResolvedAddressGroup;

/** The group that is the other side of a rule's connections; undefined where a prefix is, or everything. */
export function remoteOf({ remoteGroup, remoteAddressGroup }: ResolvedSecurityGroupRule): RemoteGroup | undefined {
  return remoteGroup ?? remoteAddressGroup;
}

/**
 * What the openvswitch firewall has one block of conjunction ids for: a group, packets of a direction and version, and what rules name as the other side.
 *
 * Shape: an owner as the lock has it, `security_group/web/ingress/IPv4/security_group/db`.
 */
export function conjunctionOwner(
  group: ResolvedSecurityGroup,
  { direction, ethertype }: Pick<ResolvedSecurityGroupRule, "direction" | "ethertype">,
  remote: RemoteGroup,
): string {
  return `${group.key}/${direction}/${ethertype}/${remote.key}`;
}
