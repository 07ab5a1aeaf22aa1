import type { HostState } from "../../ir/host-state.js";
import type { Device, Namespace } from "../../ir/namespace.js";
import { cidrAddress, cidrLength } from "../../net/cidr.js";
import { type Ip, type Ipv4, ipv4FromNumber, ipv4ToNumber, isIpv4, linkLocal } from "../../net/ip.js";
import type { Mac } from "../../net/mac.js";
import { majority, type Renumbering } from "./translation.js";

/** Both ends of a router's link to a floating IP namespace, on one side. */
interface Link {
  readonly qrouter: Namespace;
  readonly fip: Namespace;
  readonly rfp: Device;
  readonly fpr: Device;
}

/** What links have on the other side, to translate it. */
export interface LinkTranslation {
  readonly macs: Map<Mac, Mac>;
  readonly addresses: Map<string, Map<Ip, Ip>>;
}

/**
 * Link-local pairs and MACs of the links between routers and floating IP namespaces, matched by router.
 *
 * A pair is told by addresses, routes, rules and neighbours on both ends: the majority decides. A pair is not unique: two routers may have one.
 */
export function translateLinks(expected: HostState, live: HostState, renumberings: Renumbering[]): LinkTranslation {
  const translation: LinkTranslation = { macs: new Map(), addresses: new Map() };
  const there = new Map(links(live).map((link) => [link.rfp.name, link]));
  for (const own of links(expected)) {
    const other = there.get(own.rfp.name);
    if (other === undefined) continue;
    translatePair(own, other, translation, renumberings);
    translateMac(own, other, "rfp", translation, renumberings);
    translateMac(own, other, "fpr", translation, renumberings);
  }
  return translation;
}

function links({ namespaces }: HostState): Link[] {
  const fips = namespaces.filter(({ kind }) => kind === "fip");
  return namespaces.flatMap((qrouter) => {
    const rfp = qrouter.kind === "qrouter" ? qrouter.devices.find(({ name }) => name.startsWith("rfp-")) : undefined;
    if (rfp === undefined) return [];
    const name = `fpr-${rfp.name.slice("rfp-".length)}`;
    for (const fip of fips) {
      const fpr = fip.devices.find((device) => device.name === name);
      if (fpr !== undefined) return [{ qrouter, fip, rfp, fpr }];
    }
    return [];
  });
}

function translatePair(own: Link, other: Link, { addresses }: LinkTranslation, renumberings: Renumbering[]): void {
  const [first, ...more] = pairVotes(own);
  if (first === undefined) return;
  const lower = majority(first, [first, ...more]);
  const live = majority(lower, pairVotes(other));
  if (live === lower) return;
  const owner = `${own.qrouter.name} and ${own.fip.name}`;
  renumberings.push({ what: "link-local pair", owner, expected: `${lower}/31`, live: `${live}/31`, nature: "chance" });
  for (const { name } of [own.qrouter, own.fip]) {
    const known = mapOf(addresses, name);
    known.set(live, lower);
    known.set(above(live), above(lower));
  }
}

/** Every place that tells the lower address of a link's pair. */
function pairVotes({ qrouter, fip, rfp, fpr }: Link): Ipv4[] {
  const votes: (Ip | undefined)[] = [
    ...pairAddresses(rfp),
    ...pairAddresses(fpr).map(below),
    ...qrouter.routes.filter((route) => route.nextHops[0].dev === rfp.name).map(({ nextHops: [hop], src }) => src ?? below(hop.via)),
    ...fip.routes.filter((route) => route.nextHops[0].dev === fpr.name).map(({ nextHops: [hop], src }) => hop.via ?? below(src)),
    ...qrouter.neighbours.filter(({ dev }) => dev === rfp.name).map(({ ip }) => below(ip)),
    ...fip.neighbours.filter(({ dev }) => dev === fpr.name).map(({ ip }) => ip),
    ...fip.ipRules
      .filter(({ iif }) => iif === fpr.name)
      .map(({ lookup }) => (typeof lookup === "number" ? below(addressOf(lookup)) : undefined)),
  ];
  return votes.filter((vote): vote is Ipv4 => vote !== undefined && isIpv4(vote));
}

function pairAddresses({ addresses }: Device): Ip[] {
  return addresses.filter(({ cidr }) => cidrLength(cidr) === 31).map(({ cidr }) => cidrAddress(cidr));
}

/** Route tables of a fip namespace are numbered as the upper addresses of the pairs. */
function addressOf(table: number): Ipv4 | undefined {
  return table <= 0xffffffff ? ipv4FromNumber(table) : undefined;
}

function below(address: Ip | undefined): Ip | undefined {
  return address === undefined || !isIpv4(address) || address === "0.0.0.0" ? undefined : ipv4FromNumber(ipv4ToNumber(address) - 1);
}

function above(address: Ipv4): Ipv4 {
  return ipv4FromNumber(ipv4ToNumber(address) + 1);
}

function translateMac(own: Link, other: Link, end: "rfp" | "fpr", translation: LinkTranslation, renumberings: Renumbering[]): void {
  const expected = own[end].mac;
  const live = majority(expected, macVotes(other, end, [expected, other[end].mac]));
  if (live === expected) return;
  const owner = `${own[end].name} of ${own[end === "rfp" ? "qrouter" : "fip"].name}`;
  renumberings.push({ what: "MAC address", owner, expected, live, nature: "chance" });
  translation.macs.set(live, expected);
  for (const { name } of [own.qrouter, own.fip]) mapOf(translation.addresses, name).set(linkLocal(live), linkLocal(expected));
}

/** Every place that tells the MAC of one end: the device, its link-local address, and what the other end knows of it. */
function macVotes(link: Link, end: "rfp" | "fpr", candidates: readonly Mac[]): Mac[] {
  const [device, namespace, peer, peerNamespace] =
    end === "rfp" ? [link.rfp, link.qrouter, link.fpr, link.fip] : [link.fpr, link.fip, link.rfp, link.qrouter];
  const byAddress = (ip: Ip | undefined): Mac[] => candidates.filter((mac) => linkLocal(mac) === ip);
  return [
    device.mac,
    ...device.addresses.flatMap(({ cidr }) => byAddress(cidrAddress(cidr))),
    ...peerNamespace.neighbours.filter(({ dev }) => dev === peer.name).map(({ lladdr }) => lladdr),
    ...peerNamespace.routes6.flatMap(({ nextHops: [hop] }) => (hop.dev === peer.name ? byAddress(hop.via) : [])),
    ...namespace.routes6.flatMap(({ src }) => byAddress(src)),
  ];
}

function mapOf(addresses: Map<string, Map<Ip, Ip>>, namespace: string): Map<Ip, Ip> {
  const known = addresses.get(namespace) ?? new Map<Ip, Ip>();
  addresses.set(namespace, known);
  return known;
}
