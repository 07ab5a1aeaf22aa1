import { defined } from "../base/invariant.js";
import { declareAgentOptions } from "../check/declare/options.js";
import type { AgentOptions } from "../model/agent-options.js";
import type { DvrDelivery, HostNetwork, HostPhysicalBridge, HostView, Tunnel, WiredPort } from "../model/host-view.js";
import type {
  AddressPair,
  FixedIp,
  ResolvedAddressGroup,
  ResolvedHost,
  ResolvedNetwork,
  ResolvedPort,
  ResolvedSecurityGroup,
  ResolvedSecurityGroupRule,
  ResolvedSubnet,
} from "../model/resolved.js";
import type { NetworkType } from "../model/topology.js";
import { cidrVersion, type Cidr, parseCidr } from "../net/cidr.js";
import { type Ip, parseIp } from "../net/ip.js";
import { type Mac, parseMac } from "../net/mac.js";
import { uuidOf } from "../net/uuid.js";

/** A MAC that the test knows to be one. */
export function mac(text: string): Mac {
  return defined(parseMac(text), text);
}

/** An address that the test knows to be one. */
export function ip(text: string): Ip {
  return defined(parseIp(text), text);
}

/** A prefix that the test knows to be one. */
export function cidr(text: string): Cidr {
  return defined(parseCidr(text), text);
}

const agentDefaults: AgentOptions = { ...declareAgentOptions(undefined, undefined), firewallDriver: "noop" };

/** A `dvr` host with a tunnel address. */
export function aHost(name: string, localIp: string, agent: Partial<AgentOptions> = {}, dvrMac?: string): ResolvedHost {
  return {
    name,
    pointer: `/hosts/${name}`,
    agentMode: "dvr",
    localIp: ip(localIp),
    bridgeMappings: new Map(),
    uplinks: new Map(),
    dhcpAgent: false,
    ...(dvrMac === undefined ? {} : { dvrMac: mac(dvrMac) }),
    agent: { ...agentDefaults, ...agent },
  };
}

function resource(
  section: string,
  name: string,
): { key: string; id: ResolvedNetwork["id"]; name: string; projectId: string; pointer: string } {
  return { key: `${section}/${name}`, id: uuidOf(`${section}/${name}`), name, projectId: "p", pointer: `/${section}/${name}` };
}

/** A network without subnets or ports of its own: lowerings reach those through ports. */
export function aNetwork(
  name: string,
  type: NetworkType,
  more: { segmentationId?: number; physicalNetwork?: string; mtu?: number } = {},
): ResolvedNetwork {
  return { ...resource("networks", name), type, external: false, shared: false, mtu: 1450, subnets: [], ports: [], ...more };
}

/** A subnet with a gateway, or none where it is empty. */
export function aSubnet(network: ResolvedNetwork, name: string, prefix: string, gateway = ""): ResolvedSubnet {
  return {
    ...resource(`networks/${network.name}/subnets`, name),
    network,
    cidr: cidr(prefix),
    version: cidrVersion(cidr(prefix)),
    ...(gateway === "" ? {} : { gatewayIp: ip(gateway) }),
    enableDhcp: true,
    allocationPools: [],
    dnsNameservers: [],
    hostRoutes: [],
    serviceTypes: [],
  };
}

/** What a port may differ in from a server's. */
export interface PortParts {
  readonly deviceOwner?: string;
  readonly portSecurity?: boolean;
  readonly adminStateUp?: boolean;
  /** `address` or `address mac`. */
  readonly pairs?: readonly string[];
  readonly securityGroups?: readonly ResolvedSecurityGroup[];
}

/** A port of a server, on subnets in the order of its addresses. */
export function aPort(
  name: string,
  macText: string,
  addresses: readonly (readonly [ResolvedSubnet, string])[],
  parts: PortParts = {},
): ResolvedPort {
  const fixedIps: FixedIp[] = addresses.map(([subnet, address]) => ({ subnet, ip: ip(address) }));
  const pairs: AddressPair[] = (parts.pairs ?? []).map((pair, index) => {
    const [address = "", own = macText] = pair.split(" ");
    return { ip: cidr(address), mac: mac(own), pointer: `/ports/${name}/allowed_address_pairs/${index}` };
  });
  return {
    ...resource("ports", name),
    network: defined(fixedIps[0], `an address of ${name}`).subnet.network,
    mac: mac(macText),
    fixedIps,
    deviceOwner: parts.deviceOwner ?? "compute:nova",
    deviceId: "",
    portSecurity: parts.portSecurity ?? true,
    allowedAddressPairs: pairs,
    securityGroups: parts.securityGroups ?? [],
    adminStateUp: parts.adminStateUp ?? true,
  };
}

/** A rule of a group under construction: all but its place. */
export type RuleParts = Omit<ResolvedSecurityGroupRule, "pointer" | "direction" | "ethertype"> &
  Partial<Pick<ResolvedSecurityGroupRule, "direction" | "ethertype">>;

/** A security group whose rules may name it as their remote group. */
export function aSecurityGroup(
  name: string,
  rules: readonly RuleParts[] | ((self: ResolvedSecurityGroup) => readonly RuleParts[]),
  members: readonly ResolvedPort[] = [],
): ResolvedSecurityGroup {
  const built: ResolvedSecurityGroupRule[] = [];
  const group: ResolvedSecurityGroup = { ...resource("security_groups", name), stateful: true, rules: built, members };
  const parts = typeof rules === "function" ? rules(group) : rules;
  for (const [index, rule] of parts.entries()) {
    built.push({ direction: "ingress", ethertype: "IPv4", ...rule, pointer: `${group.pointer}/rules/${index}` });
  }
  return group;
}

/** An address group. */
export function anAddressGroup(name: string, addresses: readonly string[]): ResolvedAddressGroup {
  return { ...resource("address_groups", name), addresses: addresses.map(cidr) };
}

/** A port as it stands on br-int: one that is switched off was never bound. */
export function wire(port: ResolvedPort, ofport: number, vlan: number, device = `tap${port.name}`): WiredPort {
  const bound = { localVlan: vlan, state: "bound" } as const;
  const idle = { localVlan: undefined, state: "idle" } as const;
  return { port, device, bridge: "br-int", ofport, datapathPort: ofport, ifindex: ofport, ...(port.adminStateUp ? bound : idle) };
}

/** A vxlan tunnel to a host. */
export function aTunnel(from: ResolvedHost, remote: ResolvedHost, ofport: number): Tunnel {
  const localIp = defined(from.localIp, "tunnel address");
  const remoteIp = defined(remote.localIp, "tunnel address");
  return { remote, remoteIp, localIp, name: `vxlan-${remote.name}`, type: "vxlan", ofport, datapathPort: 7 };
}

/** A network of a host: its ports are found among those that are wired to its local VLAN. */
export function aHostNetwork(network: ResolvedNetwork, localVlan: number, more: Partial<HostNetwork> = {}): HostNetwork {
  return { network, localVlan, ports: [], floodTo: undefined, remotePorts: [], interfaces: [], arpReplyInterface: undefined, ...more };
}

/** A physical bridge with its uplink on port 1. */
export function aPhysicalBridge(name: string, physicalNetwork: string, intOfport: number, phyOfport = 2): HostPhysicalBridge {
  return {
    name,
    physicalNetwork,
    cookie: 3n,
    datapathId: "0000000000000003",
    intName: `int-${name}`,
    intOfport,
    phyName: `phy-${name}`,
    phyOfport,
    uplink: { name: `up-${name}`, ofport: 1, datapathPort: 1 },
    ports: [],
  };
}

/** Delivery of a wired port by the DVR tables, with the direct flow. */
export function aDelivery(wired: WiredPort, network: HostNetwork, gateway: ResolvedPort): DvrDelivery {
  const macs = [wired.port.mac];
  return { wired, network, macs, gatewayMac: gateway.mac, gateway, directMacs: macs };
}

/** The view of a host in DVR mode: br-int with patch-tun on port 2, br-tun with patch-int on port 1 unless there are no tunnels, and nothing else. */
export function aHostView(host: ResolvedHost, parts: Partial<HostView> & { readonly tunnels?: readonly Tunnel[] | "none" } = {}): HostView {
  const { tunnels = [], ...more } = parts;
  return {
    host,
    dvrMode: true,
    brInt: { cookie: 1n, datapathId: "0000000000000001", patchTunOfport: tunnels === "none" ? undefined : 2 },
    ...(tunnels === "none" ? {} : { brTun: { cookie: 2n, datapathId: "0000000000000002", patchIntOfport: 1, tunnels } }),
    physicalBridges: [],
    otherDvrMacs: [],
    networks: [],
    ports: [],
    dvrDeliveries: [],
    subnetGateways: [],
    routers: [],
    fips: [],
    dhcps: [],
    firewall: { conjunctionIds: new Map(), zones: new Map(), groupOrder: new Map() },
    ...more,
  };
}
