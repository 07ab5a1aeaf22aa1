import { defined } from "../../src/base/invariant.js";
import { loadHostDump } from "../../src/audit/load-dumps.js";
import type { HostState } from "../../src/ir/host-state.js";
import type { Device } from "../../src/ir/namespace.js";
import { type Cidr, parseCidr } from "../../src/net/cidr.js";
import { type Ip, parseIp } from "../../src/net/ip.js";
import { parseMac } from "../../src/net/mac.js";
import { machine, type Machine, type MachineLink } from "../../src/virtual/machine.js";
import type { Station } from "../../src/virtual/station.js";
import { type SegmentPlan, World } from "../../src/virtual/world.js";
import { captureDump, captureFile, captureHosts } from "./captures.js";

/** The upstream router of the captures' external segment: the namespace `internet`, see the captures' README. */
const upstreamAddresses = ["169.254.0.1/24", "172.24.4.1/24", "192.168.100.1/24", "2001:db8:ffff::1/64"];
const upstreamMac = "32:3e:7d:13:ca:78";

/** A world of a capture's hosts as dumped, but cold: nothing learned, no dynamic neighbour, no MAC table. */
export interface CaptureWorld {
  readonly world: World;
  /** A machine by its name in `pings.json`. */
  readonly machine: (name: string) => Station;
}

/** Builds the world of a capture. */
export function captureWorld(capture: string, change: (state: HostState) => HostState = (state) => state): CaptureWorld {
  const states = new Map(captureHosts(capture).map((host) => [host, change(cold(capture, host))]));
  const ports = new Map<string, ReadonlySet<number>>();
  for (const host of states.keys()) for (const [name, listening] of listeners(capture, host)) ports.set(`${host} ${name}`, listening);
  const internet = upstream(capture);
  const bridged = new Map([...states].map(([host, state]) => [host, bridgedMachines(host, state)]));
  const bridgedByName = new Map([...bridged.values()].flat().map((each) => [each.name, each]));
  const world = new World({
    hosts: [...states.keys()],
    hostState: (host) => withoutNamespaces(states.get(host), bridgedByName),
    hostOfTunnelAddress: (address) => [...states].find(([, state]) => localIps(state).has(address))?.[0],
    segments: segmentsOf(states),
    machinesAt: (host) => bridged.get(host) ?? [],
    outside: [internet],
    machine: (name) => bridgedByName.get(name),
  });
  for (const [host, state] of states) {
    for (const namespace of state.namespaces.filter(({ name }) => name.startsWith("vm-"))) {
      const station = defined(world.host(host)?.station(namespace.name) ?? world.machine(namespace.name), namespace.name);
      station.listening = ports.get(`${host} ${namespace.name}`) ?? new Set();
      station.greeting = (peer) => `hello ${peer}`;
    }
  }
  return {
    world,
    machine: (name) => {
      const bridgedOne = world.machine(name === "internet" ? name : `vm-${name.toLowerCase()}`);
      if (bridgedOne !== undefined) return bridgedOne;
      const host = [...states].find(([, state]) => state.namespaces.some((each) => each.name === `vm-${name.toLowerCase()}`))?.[0];
      return defined(world.host(host ?? "")?.station(`vm-${name.toLowerCase()}`), name);
    },
  };
}

/** Machines that are plugged into Linux bridges, as with the hybrid firewall: their devices are ends of veth pairs and have the names of their ports. */
function bridgedMachines(host: string, { namespaces }: HostState): readonly Machine[] {
  return namespaces.flatMap((namespace): readonly Machine[] => {
    const links = namespace.devices.flatMap(({ name }): readonly (readonly [string, MachineLink])[] => {
      const [, port] = /^eth-(.{11})$/.exec(name) ?? [];
      return port === undefined ? [] : [[name, { kind: "port", host, port: `qvo${port}` }]];
    });
    if (links.length === 0) return [];
    const devices = namespace.devices.map((device): Device => (device.type.kind === "veth" ? { ...device, type: plugged } : device));
    return [{ name: namespace.name, namespace: { ...namespace, devices }, links: new Map(links) }];
  });
}

const plugged = { kind: "ovs-internal", bridge: "" } as const;

function withoutNamespaces(state: HostState | undefined, names: ReadonlyMap<string, unknown>): HostState | undefined {
  return state && { ...state, namespaces: state.namespaces.filter(({ name }) => !names.has(name)) };
}

function cold(capture: string, host: string): HostState {
  const { state } = loadHostDump(host, captureDump(capture, host));
  return {
    ...state,
    bridges: state.bridges.map((bridge) => ({ ...bridge, flows: bridge.flows.filter((flow) => flow.hardTimeout === undefined) })),
    namespaces: state.namespaces.map((namespace) => ({
      ...namespace,
      neighbours: namespace.neighbours.filter((neighbour) => neighbour.state === "PERMANENT"),
    })),
  };
}

function localIps(state: HostState): ReadonlySet<string> {
  return new Set(
    state.bridges.flatMap(({ ports }) => ports.flatMap(({ type }) => (type.kind === "tunnel" ? [type.options["local_ip"] ?? ""] : []))),
  );
}

/** The ports on which the machines of a host listened: the arguments of their servers. */
function listeners(capture: string, host: string): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, ReadonlySet<number>>();
  for (const [path, text] of captureDump(capture, host)) {
    const [, name] = /^(vm-.*)\/processes\.txt$/.exec(path) ?? [];
    const [, ports] = /python3 (?:-|\S+\.py) ([\d,]+)$/m.exec(text) ?? [];
    if (name !== undefined && ports !== undefined) found.set(name, new Set(ports.split(",").map(Number)));
  }
  return found;
}

/** Bridges that every host has for itself; those of one other name are joined by a physical network. */
const ownBridges: ReadonlySet<string> = new Set(["br-int", "br-tun", "br-phy"]);

function segmentsOf(states: ReadonlyMap<string, HostState>): readonly SegmentPlan[] {
  const bridges = [...states].flatMap(([host, state]) => state.bridges.map(({ name }) => ({ host, bridge: name })));
  const names = new Set(bridges.map(({ bridge }) => bridge).filter((name) => !ownBridges.has(name)));
  return Array.from(names, (name) => ({ name, bridges: bridges.filter(({ bridge }) => bridge === name) }));
}

/** Routes to the IPv6 subnets of routers, by the routers' addresses outside: nobody translates those. */
function tenantRoutes(capture: string): readonly { readonly destination: Cidr; readonly via: Ip }[] {
  const { ports } = JSON.parse(captureFile(capture, "api", "ports.json")) as { readonly ports: readonly ApiPort[] };
  const { subnets } = JSON.parse(captureFile(capture, "api", "subnets.json")) as { readonly subnets: readonly ApiSubnet[] };
  const cidrs = new Map(subnets.map(({ id, cidr }) => [id, cidr]));
  return ports.flatMap((gateway) => {
    const via =
      gateway.device_owner === "network:router_gateway" ? gateway.fixed_ips.find(({ ip_address }) => ip_address.includes(":")) : undefined;
    if (via === undefined) return [];
    const inner = ports.filter(({ device_owner, device_id }) => interfaceOwners.has(device_owner) && device_id === gateway.device_id);
    const reached = new Set(inner.flatMap(({ fixed_ips }) => fixed_ips.map(({ subnet_id }) => cidrs.get(subnet_id) ?? "")));
    return [...reached]
      .filter((cidr) => cidr.includes(":"))
      .map((cidr) => ({ destination: defined(parseCidr(cidr), cidr), via: defined(parseIp(via.ip_address), via.ip_address) }));
  });
}

interface ApiSubnet {
  readonly id: string;
  readonly cidr: string;
}

interface ApiPort {
  readonly device_owner: string;
  readonly device_id: string;
  readonly fixed_ips: readonly { readonly subnet_id: string; readonly ip_address: string }[];
}

const interfaceOwners: ReadonlySet<string> = new Set(["network:router_interface", "network:router_interface_distributed"]);

function upstream(capture: string): Machine {
  return machine(
    "internet",
    [
      {
        name: "eth0",
        mac: defined(parseMac(upstreamMac), "mac"),
        mtu: 1500,
        addresses: upstreamAddresses.map((text) => defined(parseCidr(text), text)),
        gateways: [],
        routes: tenantRoutes(capture),
        link: { kind: "segment", segment: "br-ex" },
      },
    ],
    "",
  );
}
