import { by, byNumber, byText, inTurn, sorted } from "../../base/order.js";
import type { Neighbour } from "../../ir/namespace.js";
import type { HostRouter, RouterFipLink } from "../../model/host-view.js";
import type { ResolvedPort, ResolvedSubnet } from "../../model/resolved.js";
import { cidrAddress, cidrBits, cidrLength, cidrVersion } from "../../net/cidr.js";
import { type Ip, ipToBigInt } from "../../net/ip.js";
import type { Mac } from "../../net/mac.js";
import type { Release } from "../../releases/release.js";
import type { Origin } from "../../source/origin.js";
import { because } from "./because.js";

/** Owners of router interfaces. Source: neutron_lib `constants.ROUTER_INTERFACE_OWNERS`. */
const routerInterfaceOwners: ReadonlySet<string> = new Set([
  "network:router_interface",
  "network:router_interface_distributed",
  "network:ha_router_replicated_interface",
]);

/** Owners of load balancers' ports, which releases that have such left out. Source: Neutron `common.utils.get_dvr_allowed_address_pair_device_owners`. */
const loadBalancerOwners: ReadonlySet<string> = new Set(["neutron:LOADBALANCER", "neutron:LOADBALANCERV2"]);

interface KnownAddress {
  readonly ip: Ip;
  readonly value: bigint;
  readonly mac: Mac;
  /** Of the address pair that it is of. */
  readonly pairMac?: Mac;
  readonly origin: Origin;
}

/** What is made of a network's ports, by that list, of which there is another as soon as one of them is. */
type KnownByPorts<K extends object, T> = WeakMap<readonly ResolvedPort[], WeakMap<Release, WeakMap<K, T>>>;

const knownBySubnet: KnownByPorts<ResolvedSubnet, readonly KnownAddress[]> = new WeakMap();

/** Neighbours on a router's interface, which are the same on every host that has it. */
const knownByInterface: KnownByPorts<ResolvedPort, readonly Neighbour[]> = new WeakMap();

/**
 * Permanent neighbours of a distributed router: on each qr- every port of the subnet, wherever it lives, and the other end of the fip link.
 *
 * Order: by device, then address. Source: Neutron `DvrLocalRouter._set_subnet_arp_info`, `external_gateway_added`.
 */
export function routerNeighbours(router: HostRouter, release: Release): Neighbour[] {
  const blocks = router.interfaces.map(({ interface: { port }, wired: { device } }) => ({
    dev: device,
    entries:
      router.pairNeighbours === undefined
        ? remembered(knownByInterface, port.network.ports, release, port, () => interfaceNeighbours(port, device, release))
        : interfaceNeighbours(port, device, release, new Set(router.pairNeighbours)),
  }));
  const link = router.fipLink;
  if (link !== undefined && release.features.has("fip-link-neighbours")) {
    blocks.push({ dev: link.rfpDevice, entries: [linkNeighbour(link, "rfp", because("l3/fip-link-neighbour", router.router.pointer))] });
  }
  return sorted(
    blocks,
    by((block) => block.dev, byText),
  ).flatMap((block) => block.entries);
}

/** `byPair`: addresses that are known by the MACs of their address pairs. */
function interfaceNeighbours(
  { fixedIps }: ResolvedPort,
  device: string,
  release: Release,
  byPair: ReadonlySet<string> = new Set(),
): Neighbour[] {
  const onDevice = new Map<Ip, KnownAddress>();
  for (const { subnet } of fixedIps) for (const known of addressesOf(subnet, release)) onDevice.set(known.ip, known);
  const entries = [...onDevice.values()];
  if (fixedIps.length > 1) entries.sort(byAddress);
  return entries.map(({ ip, mac, pairMac, origin }) => permanent(ip, device, byPair.has(ip) ? (pairMac ?? mac) : mac, origin));
}

/** The other end of a router's fip link, seen from one. */
export function linkNeighbour(link: RouterFipLink, end: "rfp" | "fpr", origin: Origin): Neighbour {
  return end === "rfp"
    ? permanent(link.fprIp, link.rfpDevice, link.fprMac, origin)
    : permanent(link.rfpIp, link.fprDevice, link.rfpMac, origin);
}

function permanent(ip: Ip, dev: string, lladdr: Mac, origin: Origin): Neighbour {
  return { ip, dev, lladdr, state: "PERMANENT", origin };
}

/** Addresses that the server tells of a subnet, ascending; the same for every host and router, hence remembered. */
function addressesOf(subnet: ResolvedSubnet, release: Release): readonly KnownAddress[] {
  return remembered(knownBySubnet, subnet.network.ports, release, subnet, () => collect(subnet, release));
}

function remembered<K extends object, T>(
  known: KnownByPorts<K, T>,
  ports: readonly ResolvedPort[],
  release: Release,
  key: K,
  make: () => T,
): T {
  let byRelease = known.get(ports);
  if (byRelease === undefined) known.set(ports, (byRelease = new WeakMap<Release, WeakMap<K, T>>()));
  let byKey = byRelease.get(release);
  if (byKey === undefined) byRelease.set(release, (byKey = new WeakMap<K, T>()));
  let value = byKey.get(key);
  if (value === undefined) byKey.set(key, (value = make()));
  return value;
}

function collect(subnet: ResolvedSubnet, release: Release): KnownAddress[] {
  const found = new Map<Ip, KnownAddress>();
  for (const port of subnet.network.ports) {
    if (routerInterfaceOwners.has(port.deviceOwner) || !port.fixedIps.some((fixedIp) => fixedIp.subnet === subnet)) continue;
    if (release.features.has("neighbours-of-bound-ports")) addBoundPort(found, port, subnet, release);
    else for (const { ip } of port.fixedIps) add(found, port, ip);
  }
  return [...found.values()].sort(byAddress);
}

function addBoundPort(found: Map<Ip, KnownAddress>, port: ResolvedPort, subnet: ResolvedSubnet, release: Release): void {
  const centralised = port.deviceOwner === "network:router_centralized_snat";
  if (port.host === undefined && !centralised) return;
  if (loadBalancerOwners.has(port.deviceOwner) && release.features.has("dvr-serves-load-balancers")) return;
  for (const fixedIp of port.fixedIps) if (fixedIp.subnet === subnet) add(found, port, fixedIp.ip);
  for (const pair of port.allowedAddressPairs) {
    if (cidrLength(pair.ip) !== cidrBits(pair.ip) || cidrVersion(pair.ip) !== subnet.version) continue;
    const ip = cidrAddress(pair.ip);
    const mac = release.features.has("neighbours-pair-mac") ? pair.mac : port.mac;
    found.set(ip, { ip, value: ipToBigInt(ip), mac, pairMac: pair.mac, origin: because("l3/neighbour", pair.pointer) });
  }
}

function add(found: Map<Ip, KnownAddress>, { mac, pointer }: ResolvedPort, ip: Ip): void {
  found.set(ip, { ip, value: ipToBigInt(ip), mac, origin: because("l3/neighbour", pointer) });
}

const byAddress = inTurn<KnownAddress>(
  by((known) => (known.ip.includes(":") ? 6 : 4), byNumber),
  (a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0),
);
