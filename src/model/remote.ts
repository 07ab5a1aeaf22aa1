import type { ResolvedAddressGroup, ResolvedSecurityGroup, ResolvedSecurityGroupRule } from "./resolved.js";

/** What a rule may name as the other side of its connections: the ports of a security group, or the addresses of an address group. */
export type RemoteGroup = ResolvedSecurityGroup | ResolvedAddressGroup;

/** The group that is the other side of a rule's connections; undefined where a prefix is, or everything. */
export function remoteOf({ remoteGroup, remoteAddressGroup }: ResolvedSecurityGroupRule): RemoteGroup | undefined {
  return remoteGroup ?? remoteAddressGroup;
}

/** The name of what the openvswitch firewall has one conjunction for: a group, what its rules name as the other side, and which packets. */
export function conjunctionKey(
  group: ResolvedSecurityGroup,
  { direction, ethertype }: Pick<ResolvedSecurityGroupRule, "direction" | "ethertype">,
  remote: RemoteGroup,
): string {
  return `${group.key}|${remote.key}|${direction}|${ethertype}`;
}
