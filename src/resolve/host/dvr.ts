import type { DvrDelivery, HostNetwork, SubnetGateway, WiredPort } from "../../model/host-view.js";
import type { ResolvedSubnet } from "../../model/resolved.js";
import { cidrAddress, cidrContains, cidrLength } from "../../net/cidr.js";
import { ipVersion } from "../../net/ip.js";
import type { Mac } from "../../net/mac.js";
import type { Release } from "../../releases/release.js";
import { readBoolean } from "../ledger.js";
import { isDvrServiced } from "../presence.js";
import type { HostChoices } from "./choices.js";

/**
 * Distributed router interfaces of a network that the agent of the host binds, in order of wiring.
 *
 * Without `dvr-shared-subnets` the agent takes a second interface on a subnet for a mistake, unless an sg- port of the subnet came before it.
 * Source: Neutron 9.0.0 `_bind_distributed_router_interface_port`.
 */
export function interfacesOn(ports: readonly WiredPort[], release: Release): WiredPort[] {
  const interfaces = ports.filter(({ port, state }) => state === "bound" && port.deviceOwner === "network:router_interface_distributed");
  if (release.features.has("dvr-shared-subnets")) return interfaces;
  const met = new Set<ResolvedSubnet>();
  const snatPorts = ports.filter(({ port }) => port.deviceOwner === "network:router_centralized_snat");
  return interfaces.filter(({ port, ofport }) => {
    const [first] = port.fixedIps;
    if (first === undefined) return false;
    const withSnat = snatPorts.some((snat) => snat.port.fixedIps[0]?.subnet === first.subnet && snat.ofport < ofport);
    if (met.has(first.subnet) && !withSnat) return false;
    met.add(first.subnet);
    return true;
  });
}

/**
 * The interface whose ARP reply flow is left on a network: each overwrites the one before, and the last is usually the one wired last.
 *
 * Which one is chance where there are several; the lock has it. Source: Neutron `install_dvr_dst_mac_for_arp`.
 */
export function arpReplyInterface(choices: HostChoices, networkKey: string, interfaces: readonly WiredPort[]): WiredPort | undefined {
  const last = interfaces[interfaces.length - 1];
  if (last === undefined || interfaces.length === 1) return last;
  const key = choices.chooseName("arp_reply_interface", networkKey, keysOf(interfaces), last.port.key);
  return interfaces.find(({ port }) => port.key === key);
}

/**
 * The interface that the agent remembers for each subnet with distributed interfaces: the one that it met first, or the one with the subnet's
 * gateway address where it met an sg- port of the subnet before any.
 *
 * The lock has it where there are several. Source: Neutron `LocalDVRSubnetMapping`, `_bind_distributed_router_interface_port`,
 * `_bind_centralized_snat_port_on_dvr_subnet`.
 */
export function subnetGateways(choices: HostChoices, networks: readonly HostNetwork[]): SubnetGateway[] {
  const snatPorts = networks.flatMap(({ ports }) => ports.filter(({ port }) => port.deviceOwner === "network:router_centralized_snat"));
  const firstSnat = new Map<ResolvedSubnet | undefined, number>();
  for (const { port, ofport } of snatPorts) {
    const subnet = port.fixedIps[0]?.subnet;
    if (!firstSnat.has(subnet)) firstSnat.set(subnet, ofport);
  }
  return [...interfacesBySubnet(networks)].flatMap(([subnet, interfaces]) => {
    const wired = remembered(choices, subnet, interfaces, firstSnat.get(subnet));
    return wired === undefined ? [] : [{ subnet, interface: wired.port, wired }];
  });
}

/** Interfaces by the subnet of their first address: the agent knows no other of an interface with several. In order of wiring. */
function interfacesBySubnet(networks: readonly HostNetwork[]): Map<ResolvedSubnet, WiredPort[]> {
  const bySubnet = new Map<ResolvedSubnet, WiredPort[]>();
  for (const { interfaces } of networks) {
    for (const wired of interfaces) {
      const [first] = wired.port.fixedIps;
      if (first === undefined) continue;
      const known = bySubnet.get(first.subnet);
      if (known === undefined) bySubnet.set(first.subnet, [wired]);
      else known.push(wired);
    }
  }
  return bySubnet;
}

function remembered(
  choices: HostChoices,
  subnet: ResolvedSubnet,
  interfaces: readonly WiredPort[],
  firstSnat: number | undefined,
): WiredPort | undefined {
  const [first] = interfaces;
  if (first === undefined || interfaces.length === 1) return first;
  const gateway = interfaces.find(({ port }) => port.fixedIps[0]?.ip === subnet.gatewayIp);
  const standard = firstSnat !== undefined && firstSnat < first.ofport ? (gateway ?? first) : first;
  const key = choices.chooseName("subnet_gateway", subnet.key, keysOf(interfaces), standard.port.key);
  return interfaces.find(({ port }) => port.key === key);
}

/** A subnet's gateway, and when the agent last bound the subnet's ports to it. */
interface BoundGateway extends SubnetGateway {
  /** Port number of the subnet's interface wired first: ports that come later are bound when they come. */
  readonly firstOfport: number;
  /** Port number of the subnet's interface wired last: each that comes binds the ports that are there again, with the MAC remembered. */
  readonly lastOfport: number;
}

/**
 * Deliveries to the host's own ports on subnets with a distributed interface here: one for each port, and more where pairs are in other subnets.
 * The agent asks the server for the ports of a subnet, and does not mind that some are switched off.
 *
 * A port with addresses on several such subnets gets its source MAC from the subnet handled last, which is chance; dvrc takes the one whose
 * last interface was wired last, or the last of the port's list where it came after them. Source: Neutron `OVSDVRNeutronAgent._bind_port_on_dvr_subnet`, `_bind_centralized_snat_port_on_dvr_subnet`.
 */
export function dvrDeliveries(
  choices: HostChoices,
  networks: readonly HostNetwork[],
  gateways: readonly SubnetGateway[],
  release: Release,
): DvrDelivery[] {
  const interfaces = interfacesBySubnet(networks);
  const bySubnet = new Map<ResolvedSubnet, BoundGateway>();
  for (const gateway of gateways) {
    const ofports = (interfaces.get(gateway.subnet) ?? []).map(({ ofport }) => ofport);
    bySubnet.set(gateway.subnet, { ...gateway, firstOfport: Math.min(...ofports), lastOfport: Math.max(...ofports) });
  }
  const deliveries: DvrDelivery[] = [];
  for (const network of networks) {
    if (network.network.type === "flat" && !release.features.has("dvr-flat-networks")) continue;
    for (const wired of network.ports) {
      const { port } = wired;
      const routed = knownGateways(wired, bySubnet, release);
      const own = handledLast(choices, wired, routed, release);
      if (own === undefined || wasPassedOver(choices, wired)) continue;
      const keepsDirect = keepsDirectFlow(choices, wired, release);
      const macs = new Map<SubnetGateway, Mac[]>([[own, [port.mac]]]);
      for (const [mac, gateway] of pairGateways(choices, wired, routed, release)) macs.set(gateway, [...(macs.get(gateway) ?? []), mac]);
      for (const [gateway, of] of macs) {
        const directMacs = keepsDirect ? of : [];
        deliveries.push({ wired, network, macs: of, gatewayMac: gateway.interface.mac, gateway: gateway.interface, directMacs });
      }
    }
  }
  return deliveries;
}

/**
 * The gateways that the agent binds a port to, in the order of its addresses: for an sg- port that of its first address alone.
 *
 * The server's `host_dvr_for_dhcp` keeps DHCP ports from what an interface binds when it comes; the agent binds those that come later all the same.
 * Source: Neutron `get_ports_on_host_by_subnet`, `OVSDVRNeutronAgent.bind_port_to_dvr`.
 */
function knownGateways(
  { port, ofport }: WiredPort,
  bySubnet: ReadonlyMap<ResolvedSubnet, BoundGateway>,
  release: Release,
): readonly BoundGateway[] {
  const { deviceOwner, fixedIps } = port;
  const gateways = (addresses: typeof fixedIps) => addresses.flatMap(({ subnet }) => bySubnet.get(subnet) ?? []);
  if (deviceOwner === "network:router_centralized_snat") return gateways(fixedIps.slice(0, 1));
  if (isDvrServiced(port, release)) return gateways(fixedIps);
  return deviceOwner === "network:dhcp" ? gateways(fixedIps).filter(({ firstOfport }) => firstOfport < ofport) : [];
}

function handledLast(choices: HostChoices, wired: WiredPort, routed: readonly BoundGateway[], release: Release): SubnetGateway | undefined {
  const last = isDvrServiced(wired.port, release) ? boundLast(wired, routed) : routed[routed.length - 1];
  if (last === undefined || routed.length === 1) return last;
  const keys = routed.map(({ subnet }) => subnet.key);
  const key = choices.chooseName("delivery_subnet", wired.port.key, keys, last.subnet.key);
  return routed.find(({ subnet }) => subnet.key === key);
}

/** A port that comes after the interfaces is bound subnet by subnet; else each interface that comes binds it again. */
function boundLast(wired: WiredPort, routed: readonly BoundGateway[]): BoundGateway | undefined {
  let last = routed[routed.length - 1];
  for (const gateway of routed) {
    const latest = Math.max(wired.ofport, last?.lastOfport ?? 0);
    if (gateway.lastOfport > latest) last = gateway;
  }
  return last;
}

/**
 * MACs of host-only address pairs that are delivered besides the port's own, each with the gateway of the subnet that the pair's address is in.
 *
 * The agent has them where it bound the port after the router's interface, as the order of wiring tells; the lock can say otherwise.
 * Source: Neutron `_bind_port_on_dvr_subnet`, which `_bind_distributed_router_interface_port` does not repeat for ports that were there before.
 */
function pairGateways(
  choices: HostChoices,
  { port, ofport }: WiredPort,
  routed: readonly BoundGateway[],
  release: Release,
): readonly (readonly [Mac, BoundGateway])[] {
  if (!release.features.has("dvr-address-pairs")) return [];
  const found = new Map<Mac, BoundGateway>();
  const cameBefore = (gateway: BoundGateway | undefined): boolean => gateway !== undefined && gateway.firstOfport < ofport;
  for (const gateway of routed) {
    for (const { ip, mac } of port.allowedAddressPairs) {
      const address = cidrAddress(ip);
      const hostOnly = cidrLength(ip) === (ipVersion(address) === 4 ? 32 : 128);
      if (!hostOnly || mac === port.mac || !cidrContains(gateway.subnet.cidr, address)) continue;
      if (cameBefore(gateway) || !cameBefore(found.get(mac))) found.set(mac, gateway);
    }
  }
  if (found.size === 0) return [];
  const standard = () => [...found].flatMap(([mac, gateway]) => (cameBefore(gateway) ? [mac] : []));
  const chosen = new Set(choices.chooseSome("pair_deliveries", port.key, [...found.keys()], standard));
  return [...found].filter(([mac]) => chosen.has(mac));
}

/**
 * Whether the agent has bound a port to no interface: an sg- port that it met before any interface of its subnet, where the server found no port at the
 * subnet's gateway address, or an idle port that came after the interfaces, of which none has been bound again since.
 *
 * In which order an agent meets ports that come together, and when it binds an interface again, is chance; the lock has the exceptions. Source: Neutron
 * `_bind_centralized_snat_port_on_dvr_subnet`, `_bind_distributed_router_interface_port`, `DVRDbMixin.get_subnet_for_dvr`.
 */
function wasPassedOver(choices: HostChoices, { port, state }: WiredPort): boolean {
  const what = state === "idle" ? "idle_delivery" : port.deviceOwner === "network:router_centralized_snat" ? "snat_delivery" : undefined;
  return what !== undefined && choices.exception(what, port.key, readBoolean, "true or false") === false;
}

/**
 * Whether a port's direct flow is still there: the openvswitch firewall removes it when it programs the port again.
 *
 * That is history. With the firewall dvrc leaves it out, as real systems do once machines come one after the other; the lock has the exceptions.
 */
function keepsDirectFlow(choices: HostChoices, { port, state }: WiredPort, release: Release): boolean {
  if (state === "idle" || release.flowTables.brInt.pipeline === undefined) return true;
  if (choices.host.agent.firewallDriver !== "openvswitch" || !port.portSecurity) return true;
  return choices.exception("direct_delivery", port.key, readBoolean, "true or false") ?? false;
}

function keysOf(interfaces: readonly WiredPort[]): string[] {
  return interfaces.map(({ port }) => port.key);
}
