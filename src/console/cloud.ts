import { defined } from "../base/invariant.js";
import type { HostState } from "../ir/host-state.js";
import type { ResolvedNetwork, ResolvedPort, ResolvedServer, ResolvedSubnet, ResolvedTopology } from "../model/resolved.js";
import { type Cidr, cidrLength, toCidr } from "../net/cidr.js";
import { type Ip, ipVersion } from "../net/ip.js";
import { lastKey } from "../source/pointer.js";
import { machine, type Machine, type MachineDevice, type MachineLink } from "../virtual/machine.js";
import type { SegmentPlan, WorldPlan } from "../virtual/world.js";
import type { SceneNames } from "./answer.js";
import { calledBy } from "./called.js";

/** The world of a topology, and the names that its consoles understand. */
export interface CloudPlan {
  readonly plan: WorldPlan;
  readonly names: SceneNames;
}

/**
 * Plans the virtual hosts of a topology: their compiled states, its servers, and an upstream router on each external network.
 *
 * Machines bear the keys that they have in the topology, since Neutron's names of resources need not be unique; those that are may be asked for, too.
 * `hostState` is asked once a host, when something first comes to it. Only what no agent programs is taken from the topology: servers and the outside.
 */
export function planCloud(topology: ResolvedTopology, hostState: (host: string) => HostState | undefined): CloudPlan {
  const servers = calledBy(topology.servers);
  const serversAt = groupBy(topology.servers, (server) => server.host.name);
  const built = new Map<string, Machine>();
  const build = (server: ResolvedServer): Machine => {
    const found = built.get(server.id) ?? serverMachine(server);
    built.set(server.id, found);
    return found;
  };
  const outside = topology.networks.filter((network) => network.external).map((network) => upstreamRouter(network, topology));
  const hostOf = addressHolders(topology);
  const tunnelEnds = new Map(topology.hosts.flatMap((host) => (host.localIp === undefined ? [] : [[host.localIp, host.name] as const])));
  return {
    plan: {
      hosts: topology.hosts.map((host) => host.name),
      hostState,
      hostOfTunnelAddress: (address) => tunnelEnds.get(address),
      segments: physicalSegments(topology),
      machinesAt: (host) => (serversAt.get(host) ?? []).map(build),
      outside,
      machine: (name) => {
        const server = servers.get(name);
        return server === undefined ? outside.find((each) => each.name === name) : build(server);
      },
      likelyHost: (address) => hostOf.get(address),
    },
    names: {
      namespaces: namespaceNames(topology),
      machines: [...servers.keys(), ...outside.map(({ name }) => name)],
    },
  };
}

function serverMachine(server: ResolvedServer): Machine {
  const devices = server.ports.map((port, index): MachineDevice => {
    const subnets = port.fixedIps.map(({ subnet }) => subnet);
    return {
      name: `eth${index}`,
      mac: port.mac,
      mtu: port.network.mtu,
      addresses: port.fixedIps.map(({ ip, subnet }) => toCidr(ip, cidrLength(subnet.cidr))),
      gateways: index === 0 ? gatewaysOf(subnets) : [],
      routes: subnets.flatMap((subnet) => subnet.hostRoutes.map(({ destination, nexthop }) => ({ destination, via: nexthop }))),
      link: serverLink(server, port),
    };
  });
  return machine(lastKey(server.pointer), devices, server.pointer);
}

/** The first gateway of each IP version: what DHCP, or a router advertisement, would give. */
function gatewaysOf(subnets: readonly ResolvedSubnet[]): readonly Ip[] {
  const first = new Map<number, Ip>();
  for (const { version, gatewayIp } of subnets) if (gatewayIp !== undefined && !first.has(version)) first.set(version, gatewayIp);
  return [...first.values()];
}

function serverLink(server: ResolvedServer, port: ResolvedPort): MachineLink {
  const prefix = server.host.agent.firewallDriver === "iptables_hybrid" ? "qvo" : "tap";
  return { kind: "port", host: server.host.name, port: `${prefix}${port.id.slice(0, 11)}` };
}

/** Addresses of no network, which nobody routes. Source: RFC 3927, RFC 4291. */
const linkLocalPrefixes = ["169.254.0.0/16" as Cidr, "fe80::/10" as Cidr];

/**
 * The router of an external network's provider: it has the gateway addresses of the subnets, and stands for the rest of the world.
 *
 * Neutron does not translate IPv6, so the provider routes the tenants' IPv6 subnets to their routers; of IPv4 it knows its own subnets only.
 */
function upstreamRouter(network: ResolvedNetwork, topology: ResolvedTopology): Machine {
  const name = `upstream-${lastKey(network.pointer)}`;
  const addresses = network.subnets.flatMap((subnet) => (subnet.gatewayIp === undefined ? [] : [gatewayCidr(subnet, subnet.gatewayIp)]));
  const link: MachineLink = {
    kind: "segment",
    segment: network.physicalNetwork ?? network.name,
    ...(network.type === "vlan" && network.segmentationId !== undefined ? { vlan: network.segmentationId } : {}),
  };
  const device: MachineDevice = {
    name: "eth0",
    mac: defined(network.upstreamMac, `upstream MAC of ${network.name}`),
    mtu: network.mtu,
    addresses,
    gateways: [],
    routes: tenantRoutes(network, topology),
    link,
  };
  const subnets = topology.networks.flatMap((each) => each.subnets.map(({ cidr }) => cidr));
  return { ...machine(name, [device], network.pointer), everybodyBut: [...subnets, ...linkLocalPrefixes] };
}

function tenantRoutes(network: ResolvedNetwork, topology: ResolvedTopology): readonly { readonly destination: Cidr; readonly via: Ip }[] {
  return topology.routers.flatMap(({ gateway, interfaces }) => {
    const via = gateway?.network === network ? gateway.port.fixedIps.find(({ ip }) => ipVersion(ip) === 6)?.ip : undefined;
    if (via === undefined) return [];
    const subnets = interfaces.flatMap(({ port }) => port.fixedIps.map(({ subnet }) => subnet)).filter(({ version }) => version === 6);
    return subnets.map(({ cidr }) => ({ destination: cidr, via }));
  });
}

function gatewayCidr(subnet: ResolvedSubnet, gateway: Ip): Cidr {
  return toCidr(gateway, cidrLength(subnet.cidr));
}

/** Hosts on one physical network, by the bridges that they map to it. */
function physicalSegments(topology: ResolvedTopology): readonly SegmentPlan[] {
  const bridges = new Map<string, { host: string; bridge: string }[]>();
  for (const host of topology.hosts) {
    for (const [physicalNetwork, bridge] of host.bridgeMappings) {
      const members = bridges.get(physicalNetwork) ?? [];
      members.push({ host: host.name, bridge });
      bridges.set(physicalNetwork, members);
    }
  }
  return [...bridges].map(([name, members]) => ({ name, bridges: members }));
}

/** The host that is likely to answer for an address: where its port is, or the floating IP's. A guess that only saves time. */
function addressHolders(topology: ResolvedTopology): ReadonlyMap<Ip, string> {
  const holders = new Map<Ip, string>();
  for (const port of topology.ports) {
    if (port.host === undefined) continue;
    for (const { ip } of port.fixedIps) holders.set(ip, port.host.name);
  }
  for (const { ip, target } of topology.floatingIps) {
    const host = target?.port.host ?? target?.router.host;
    if (host !== undefined) holders.set(ip, host.name);
  }
  return holders;
}

/** `qrouter-R1`, `snat-R1`, `fip-EXT-NET`, `qdhcp-NET-BLUE` for the names with ids. */
function namespaceNames(topology: ResolvedTopology): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [called, { id }] of calledBy(topology.routers)) {
    for (const kind of ["qrouter", "snat"]) names.set(`${kind}-${called}`, `${kind}-${id}`);
  }
  for (const [called, { id }] of calledBy(topology.networks)) {
    for (const kind of ["fip", "qdhcp"]) names.set(`${kind}-${called}`, `${kind}-${id}`);
  }
  return names;
}

function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group === undefined) groups.set(keyOf(value), [value]);
    else group.push(value);
  }
  return groups;
}
