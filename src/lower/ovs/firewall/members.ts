import type { MatchAddress } from "../../../ir/match.js";
import type { RemoteGroup } from "../../../model/remote.js";
import type { ResolvedAddressGroup, ResolvedSecurityGroup } from "../../../model/resolved.js";
import { cidrVersion, hostCidr } from "../../../net/cidr.js";
import type { Ip } from "../../../net/ip.js";
import type { Mac } from "../../../net/mac.js";
import type { Pointer } from "../../../source/pointer.js";
import { matchAddress } from "../addresses.js";

/** An address of a group: of an address group, or of a security group's member, fixed or of an address pair. */
export interface MemberAddress {
  /** Undefined where it stands for every address. */
  readonly address: MatchAddress | undefined;
  /** Of the member. */
  readonly mac?: Mac;
  /** Set where it is a fixed address. */
  readonly fixedIp?: Ip;
  readonly pointer: Pointer;
}

/**
 * Addresses of security groups' members, each group's computed once.
 *
 * Source: Neutron `SecurityGroupServerAPIShim._select_ips_for_remote_group`: every port of the group, bound or not.
 */
export class GroupMembers {
  private readonly known = new Map<RemoteGroup, Readonly<Record<"IPv4" | "IPv6", readonly MemberAddress[]>>>();

  /** Of members in order of port id, fixed addresses first. */
  addresses(group: RemoteGroup, ethertype: "IPv4" | "IPv6"): readonly MemberAddress[] {
    let known = this.known.get(group);
    if (known === undefined) {
      known = "members" in group ? ofMembers(group) : ofBlocks(group);
      this.known.set(group, known);
    }
    return known[ethertype];
  }
}

function ofBlocks({ addresses: blocks, pointer }: ResolvedAddressGroup): Readonly<Record<"IPv4" | "IPv6", readonly MemberAddress[]>> {
  const addresses: Record<"IPv4" | "IPv6", MemberAddress[]> = { IPv4: [], IPv6: [] };
  for (const block of blocks) addresses[`IPv${cidrVersion(block)}`].push({ address: matchAddress(block), pointer });
  return addresses;
}

function ofMembers({ members }: ResolvedSecurityGroup): Readonly<Record<"IPv4" | "IPv6", readonly MemberAddress[]>> {
  const addresses: Record<"IPv4" | "IPv6", MemberAddress[]> = { IPv4: [], IPv6: [] };
  for (const { fixedIps, mac, allowedAddressPairs, pointer } of members) {
    for (const { ip } of fixedIps) {
      addresses[cidrVersion(hostCidr(ip)) === 4 ? "IPv4" : "IPv6"].push({ address: ip, mac, fixedIp: ip, pointer });
    }
    for (const pair of allowedAddressPairs) {
      const address = matchAddress(pair.ip);
      addresses[cidrVersion(pair.ip) === 4 ? "IPv4" : "IPv6"].push({ address, mac: pair.mac, pointer: pair.pointer });
    }
  }
  return addresses;
}
