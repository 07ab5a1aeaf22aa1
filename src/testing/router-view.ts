import { defined } from "../base/invariant.js";
import type { HostFip, HostFloatingIp, HostRouter, RouterFipLink, WiredPort } from "../model/host-view.js";
import type { ResolvedFloatingIp, ResolvedHost, ResolvedNetwork, ResolvedPort, ResolvedRouter, ResolvedSubnet } from "../model/resolved.js";
import { cidrContains } from "../net/cidr.js";
import { ipv4FromNumber, ipv4ToNumber, parseIpv4 } from "../net/ip.js";
import { type Mac, macFromNumber } from "../net/mac.js";
import { aNetwork, aPort, aSubnet, cidr, ip, type PortParts, wire } from "./host-view.js";

/** A MAC that follows from a text: the same in every run. */
export function macOf(text: string): Mac {
  let value = 0;
  for (const character of text) value = (value * 31 + character.charCodeAt(0)) % 0x1000000;
  return macFromNumber(0xfa163e000000 + value);
}

/** A network with subnets: prefix and gateway of each, no gateway where it is empty. External ones are flat. */
export function aSubnettedNetwork(
  name: string,
  subnets: readonly (readonly [prefix: string, gateway: string])[],
  more: Partial<ResolvedNetwork> = {},
): ResolvedNetwork {
  const made: ResolvedSubnet[] = [];
  const network = { ...aNetwork(name, more.external === true ? "flat" : "vxlan"), ...more, subnets: made, ports: [] };
  for (const [index, [prefix, gateway]] of subnets.entries()) made.push(aSubnet(network, `${name}-${index}`, prefix, gateway));
  return network;
}

/** A port that its network lists; addresses find their subnets. */
export function aNetworkPort(
  network: ResolvedNetwork,
  name: string,
  addresses: readonly string[],
  parts: PortParts & { readonly host?: ResolvedHost } = {},
): ResolvedPort {
  const placed = addresses.map((text): [ResolvedSubnet, string] => {
    const subnet = network.subnets.find((candidate) => cidrContains(candidate.cidr, ip(text)));
    return [defined(subnet, `subnet of ${text}`), text];
  });
  const { host, ...rest } = parts;
  const port = { ...aPort(name, macOf(name), placed, rest), ...(host === undefined ? {} : { host }) };
  (network.ports as ResolvedPort[]).push(port);
  return port;
}

/** A router under construction. */
export interface RouterParts {
  readonly distributed?: boolean;
  /** A network, the interface's addresses on it, and those of its centralised SNAT port. */
  readonly interfaces: readonly (readonly [network: ResolvedNetwork, addresses: readonly string[], csnat?: readonly string[]])[];
  readonly gateway?: readonly [network: ResolvedNetwork, addresses: readonly string[]];
  readonly enableSnat?: boolean;
  readonly routes?: readonly (readonly [destination: string, nexthop: string])[];
}

/** A router with its ports. */
export function aRouter(name: string, parts: RouterParts): ResolvedRouter {
  const distributed = parts.distributed ?? true;
  const pointer = `/routers/${name}`;
  const deviceOwner = distributed ? "network:router_interface_distributed" : "network:router_interface";
  const interfaces = parts.interfaces.map(([network, addresses, csnat], index) => ({
    port: aNetworkPort(network, `${name}-${index}`, addresses, { deviceOwner }),
    ...(csnat === undefined
      ? {}
      : { csnat: aNetworkPort(network, `${name}-${index}-csnat`, csnat, { deviceOwner: "network:router_centralized_snat" }) }),
  }));
  const [network, addresses] = parts.gateway ?? [];
  const { id } = aNetwork(name, "flat");
  return {
    key: `router/${name}`,
    id,
    name,
    projectId: "p",
    pointer,
    distributed,
    interfaces,
    ...(network === undefined || addresses === undefined
      ? {}
      : {
          gateway: {
            network,
            port: aNetworkPort(network, `${name}-gateway`, addresses, { deviceOwner: "network:router_gateway" }),
            enableSnat: parts.enableSnat ?? true,
            pointer: `${pointer}/external_gateway_info`,
          },
        }),
    routes: (parts.routes ?? []).map(([destination, nexthop], index) => ({
      destination: cidr(destination),
      nexthop: ip(nexthop),
      pointer: `${pointer}/routes/${index}`,
    })),
    floatingIps: [],
  };
}

/** A floating IP for the first address of a port; the router lists it. */
export function aFloatingIp(address: string, router: ResolvedRouter, port: ResolvedPort): ResolvedFloatingIp {
  const network = defined(router.gateway, "gateway").network;
  const floatingPort = aNetworkPort(network, `floating-${address}`, [address], { deviceOwner: "network:floatingip" });
  const target = { port, fixedIp: defined(port.fixedIps[0], "fixed address").ip, router };
  const { id } = floatingPort;
  const floatingIp = { key: `floating_ip/${address}`, id, name: "", projectId: "p", pointer: `/floating_ips/${address}` };
  const made: ResolvedFloatingIp = { ...floatingIp, network, ip: ip(address), floatingPort, target };
  (router.floatingIps as ResolvedFloatingIp[]).push(made);
  return made;
}

/** What a host has of a router besides its interfaces. */
export interface HostRouterParts extends Partial<Pick<HostRouter, "scopeMarks" | "scopeDeviceOrder" | "multipathOrder" | "snatNextHop">> {
  /** The host links the router to a fip namespace. */
  readonly linked?: boolean;
  /** Floating IPs that the host serves; priorities count from 40000. */
  readonly floatingIps?: readonly ResolvedFloatingIp[];
  /** The host is the SNAT host, and serves these centrally. */
  readonly snat?: readonly ResolvedFloatingIp[];
}

/** A router as a host has it: qr- devices from index 11, sg- from 21, qg- 31; the link is 169.254.70.0/31. */
export function aHostRouter(router: ResolvedRouter, parts: HostRouterParts = {}): HostRouter {
  const { linked = false, floatingIps = [], snat, ...choices } = parts;
  const external = router.gateway;
  const csnat = router.interfaces.flatMap((entry) => entry.csnat ?? []);
  const gateway = external === undefined ? undefined : wired(external.port, "qg-", 31);
  const central = (snat ?? []).map((floatingIp) => served(floatingIp, undefined));
  return {
    router,
    kind: router.distributed ? "dvr" : "centralised",
    interfaces: router.interfaces.map((entry, index) => ({ interface: entry, wired: wired(entry.port, "qr-", 11 + index) })),
    ...(linked && external !== undefined ? { fipLink: aFipLink(router), fipNetwork: external.network } : {}),
    floatingIps: floatingIps.map((floatingIp, index) => served(floatingIp, router.distributed ? 40000 + index : undefined)),
    ...(snat === undefined || gateway === undefined
      ? {}
      : { snat: { ports: csnat.map((port, index) => wired(port, "sg-", 21 + index)), gateway, centralFloatingIps: central } }),
    ...(router.distributed || gateway === undefined ? {} : { gateway }),
    redirects: router.distributed && external !== undefined && csnat.length > 0,
    scopeMarks: new Map(),
    scopeDeviceOrder: [],
    multipathOrder: new Map(),
    snatNextHop: new Map(),
    ...choices,
  };
}

/** A fip namespace with its own port at the given address, which several addresses share. */
export function aHostFip(network: ResolvedNetwork, addresses: readonly string[], routers: readonly HostRouter[]): HostFip {
  const port = aNetworkPort(network, `agent-gateway-${network.name}`, addresses, { deviceOwner: "network:floatingip_agent_gateway" });
  return { network, agentGateway: wired(port, "fg-", 41), routers };
}

/** A port in a namespace, its device named as Neutron does. */
export function wired(port: ResolvedPort, prefix: string, index: number): WiredPort {
  return wire(port, index, 1, `${prefix}${port.id}`.slice(0, 14));
}

function served(floatingIp: ResolvedFloatingIp, rulePriority: number | undefined): HostFloatingIp {
  return { floatingIp, fixedIp: defined(floatingIp.target, "target").fixedIp, rulePriority };
}

function aFipLink(router: ResolvedRouter): RouterFipLink {
  const rfp = ipv4ToNumber(defined(parseIpv4("169.254.70.0"), "address"));
  return {
    rfpIp: ipv4FromNumber(rfp),
    fprIp: ipv4FromNumber(rfp + 1),
    rfpDevice: `rfp-${router.id}`.slice(0, 14),
    fprDevice: `fpr-${router.id}`.slice(0, 14),
    rfpMac: macFromNumber(0x020000000001),
    fprMac: macFromNumber(0x020000000002),
    rfpIfindex: 2,
    fprIfindex: 3,
  };
}
