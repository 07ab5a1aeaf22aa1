import { by, byNumber, byText, inTurn, sorted } from "../../base/order.js";
import type { IpSet } from "../../ir/iptables.js";
import type { WiredPort } from "../../model/host-view.js";
import { type RemoteGroup, remoteOf } from "../../model/remote.js";
import type { ResolvedPort } from "../../model/resolved.js";
import { type Cidr, cidrAddress, cidrCanonical, cidrLength, cidrVersion, hostCidr, parseCidr } from "../../net/cidr.js";
import { ipToBigInt } from "../../net/ip.js";
import { because } from "./because.js";

/** Source: Neutron `ipset_manager.IPSET_NAME_MAX_LENGTH`. */
const nameLength = 29;

/** Halves that stand for a prefix of length 0, which a set cannot hold. */
const everything: Readonly<Record<4 | 6, readonly string[]>> = { 4: ["0.0.0.0/1", "128.0.0.0/1"], 6: ["::/1", "8000::/1"] };

/** Name of the set of a remote group's addresses. Source: Neutron `IpsetManager.get_name`. */
export function setName(group: RemoteGroup, ethertype: "IPv4" | "IPv6"): string {
  return `N${ethertype}${group.id}`.slice(0, nameLength);
}

/**
 * Sets of the groups that rules of the host's filtered ports name as remote groups, one for each version in which a rule does.
 *
 * Members are all addresses of the group's ports, allowed address pairs among them. Order: by name; members as `ipset save -sorted` lists them.
 */
export function ipSets(filtered: readonly WiredPort[]): IpSet[] {
  const groups = new Set(filtered.flatMap(({ port }) => port.securityGroups));
  const sets = new Map<string, IpSet>();
  for (const group of groups) {
    for (const rule of group.rules) {
      const remote = remoteOf(rule);
      if (remote === undefined) continue;
      const { ethertype, pointer } = rule;
      const name = setName(remote, ethertype);
      if (sets.has(name)) continue;
      const version = ethertype === "IPv4" ? 4 : 6;
      const origin = because("hybrid/set", remote.pointer, pointer);
      sets.set(name, { name, type: "hash:net", family: version === 4 ? "inet" : "inet6", members: addressesIn(remote, version), origin });
    }
  }
  return sorted(
    sets.values(),
    by((set) => set.name, byText),
  );
}

const known: Readonly<Record<4 | 6, WeakMap<readonly unknown[], readonly Cidr[]>>> = { 4: new WeakMap(), 6: new WeakMap() };

/** Addresses of a group; the same for every host, hence remembered. */
function addressesIn(group: RemoteGroup, version: 4 | 6): readonly Cidr[] {
  const owners = "members" in group ? group.members : group.addresses;
  let addresses = known[version].get(owners);
  if (addresses === undefined) {
    addresses = asListed("members" in group ? group.members.flatMap(addressesOfPort) : group.addresses, version);
    known[version].set(owners, addresses);
  }
  return addresses;
}

function addressesOfPort({ fixedIps, allowedAddressPairs }: ResolvedPort): Cidr[] {
  return [...fixedIps.map(({ ip }) => hostCidr(ip)), ...allowedAddressPairs.map(({ ip }) => cidrCanonical(ip))];
}

function asListed(addresses: readonly Cidr[], version: 4 | 6): Cidr[] {
  const found = new Set<Cidr>();
  for (const address of addresses) {
    if (cidrVersion(address) !== version) continue;
    if (cidrLength(address) > 0) found.add(address);
    else for (const half of everything[version]) found.add(parseCidr(half) ?? address);
  }
  const keyed = [...found].map((member) => ({ member, value: ipToBigInt(cidrAddress(member)) }));
  const order = inTurn<(typeof keyed)[number]>(
    (a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0),
    by(({ member }) => cidrLength(member), byNumber),
  );
  return keyed.sort(order).map(({ member }) => member);
}
