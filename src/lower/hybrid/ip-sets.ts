import { by, byNumber, byText, inTurn, sorted } from "../../base/order.js";
import type { IpSet } from "../../ir/iptables.js";
import type { WiredPort } from "../../model/host-view.js";
import type { ResolvedPort, ResolvedSecurityGroup } from "../../model/resolved.js";
import { type Cidr, cidrAddress, cidrCanonical, cidrLength, cidrVersion, hostCidr, parseCidr } from "../../net/cidr.js";
import { ipToBigInt } from "../../net/ip.js";
import { because } from "./because.js";

/** Source: Neutron `ipset_manager.IPSET_NAME_MAX_LENGTH`. */
const nameLength = 29;

/** Halves that stand for a prefix of length 0, which a set cannot hold. */
const everything: Readonly<Record<4 | 6, readonly string[]>> = { 4: ["0.0.0.0/1", "128.0.0.0/1"], 6: ["::/1", "8000::/1"] };

/** Name of the set of a security group's addresses. Source: Neutron `IpsetManager.get_name`. */
export function setName(group: ResolvedSecurityGroup, ethertype: "IPv4" | "IPv6"): string {
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
    for (const { remoteGroup, ethertype, pointer } of group.rules) {
      if (remoteGroup === undefined) continue;
      const name = setName(remoteGroup, ethertype);
      if (sets.has(name)) continue;
      const version = ethertype === "IPv4" ? 4 : 6;
      const origin = because("hybrid/set", remoteGroup.pointer, pointer);
      sets.set(name, { name, type: "hash:net", family: version === 4 ? "inet" : "inet6", members: members(remoteGroup, version), origin });
    }
  }
  return sorted(
    sets.values(),
    by((set) => set.name, byText),
  );
}

const addressesOf: Readonly<Record<4 | 6, WeakMap<readonly ResolvedPort[], readonly Cidr[]>>> = { 4: new WeakMap(), 6: new WeakMap() };

/** Addresses of a group's members; the same for every host, hence remembered. */
function members({ members: ports }: ResolvedSecurityGroup, version: 4 | 6): readonly Cidr[] {
  let known = addressesOf[version].get(ports);
  if (known === undefined) addressesOf[version].set(ports, (known = collectAddresses(ports, version)));
  return known;
}

function collectAddresses(ports: readonly ResolvedPort[], version: 4 | 6): Cidr[] {
  const found = new Set<Cidr>();
  for (const port of ports) {
    const addresses = [...port.fixedIps.map(({ ip }) => hostCidr(ip)), ...port.allowedAddressPairs.map(({ ip }) => cidrCanonical(ip))];
    for (const address of addresses) {
      if (cidrVersion(address) !== version) continue;
      if (cidrLength(address) > 0) found.add(address);
      else for (const half of everything[version]) found.add(parseCidr(half) ?? address);
    }
  }
  const keyed = [...found].map((member) => ({ member, value: ipToBigInt(cidrAddress(member)) }));
  const order = inTurn<(typeof keyed)[number]>(
    (a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0),
    by(({ member }) => cidrLength(member), byNumber),
  );
  return keyed.sort(order).map(({ member }) => member);
}
