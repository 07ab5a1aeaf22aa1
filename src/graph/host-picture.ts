import type { Bridge, BridgePort } from "../ir/bridge.js";
import type { HostState } from "../ir/host-state.js";
import type { Device, Namespace } from "../ir/namespace.js";
import type { Machine } from "../virtual/machine.js";
import type { Box, BoxPort, HostPicture, Link, LinkEnd } from "./picture.js";

/** What is on a host, and the links between it. */
export interface DrawnHost {
  readonly picture: HostPicture;
  readonly links: readonly Link[];
}

/** What people know that the compiled state does not tell. */
export interface Known {
  /** What a namespace is called: of `qrouter-<id>`, `qrouter-R1`. */
  readonly title: (namespace: string) => string;
  /** What there is to say of a machine: floating IPs. */
  readonly facts: (machine: string) => readonly string[];
}

/** The port of br-tun that stands for all of its tunnels. */
export const tunnelPort = "tunnels";

/** The id of the box of a bridge or namespace. */
export function boxOnHost(host: string, name: string): string {
  return `${host}\n${name}`;
}

/** The id of the box of a machine. */
export function boxOfMachine(machine: string): string {
  return `\n${machine}`;
}

/** Draws a host: its machines, the Linux bridges and namespaces, the Open vSwitch bridges. */
export function drawHost(state: HostState, machines: readonly Machine[], known: Known): DrawnHost {
  const networks = networkOfPorts(state.bridges);
  // A fip namespace is above the routers, and would else be in the way of the other namespaces' links.
  const [beside, above] = [false, true].map((isAbove) => state.namespaces.filter(({ kind }) => (kind === "fip") === isAbove));
  const boxes = [
    ...machines.map((machine) => machineBox(machine, known, networks)),
    ...linuxBridges(state),
    ...[...(beside ?? []), ...(above ?? [])].map((namespace) => namespaceBox(state.host, namespace, networks, known)),
    ...state.bridges.map((bridge) => bridgeBox(state.host, bridge)),
  ];
  const links = [
    ...machines.flatMap((machine) => machineLinks(state, machine)),
    ...hybridLinks(state),
    ...state.namespaces.flatMap((namespace) => namespaceLinks(state, namespace)),
    ...patches(state),
  ];
  return { picture: { name: state.host, boxes }, links };
}

/** A machine, on a host or outside. */
export function machineBox({ name, namespace, links }: Machine, { facts }: Known, networks: ReadonlyMap<string, string> = new Map()): Box {
  const ports = namespace.devices.flatMap((device): BoxPort[] => {
    const link = links.get(device.name);
    return link === undefined ? [] : [devicePort(device, networks.get(link.kind === "port" ? link.port : ""))];
  });
  const isOutside = [...links.values()].some(({ kind }) => kind === "segment");
  return { id: boxOfMachine(name), kind: isOutside ? "upstream" : "server", title: name, lines: facts(name), ports };
}

function namespaceBox(host: string, { name, devices }: Namespace, networks: ReadonlyMap<string, string>, { title }: Known): Box {
  const ports = devices.filter(({ type }) => type.kind !== "loopback").map((device) => devicePort(device, networks.get(device.name)));
  return { id: boxOnHost(host, name), kind: "namespace", title: title(name), lines: [], ports };
}

function devicePort({ name, addresses }: Device, network: string | undefined): BoxPort {
  const lines = addresses.filter(({ scope }) => scope === "global").map(({ cidr }) => cidr);
  return { name, lines, ...(network === undefined ? {} : { network }) };
}

function bridgeBox(host: string, { name, ports }: Bridge): Box {
  const own = ports.filter(({ type }) => type.kind !== "tunnel").map(bridgePort);
  const tunnels = tunnelsOf(ports);
  return { id: boxOnHost(host, name), kind: "bridge", title: name, lines: [], ports: tunnels === undefined ? own : [...own, tunnels] };
}

function bridgePort(port: BridgePort): BoxPort {
  const network = networkOf(port);
  return {
    name: port.name,
    lines: port.tag === undefined ? [] : [`VLAN ${port.tag}`],
    ...(network === undefined ? {} : { network }),
  };
}

function tunnelsOf(ports: readonly BridgePort[]): BoxPort | undefined {
  const tunnels = ports.flatMap(({ type }) => (type.kind === "tunnel" ? [type] : []));
  if (tunnels.length === 0) return undefined;
  const facts = new Set(tunnels.map(({ type, options }) => `${type} from ${options["local_ip"] ?? "any address"}`));
  return { name: tunnelPort, lines: [...facts] };
}

function networkOf({ otherConfig }: BridgePort): string | undefined {
  return otherConfig?.["net_uuid"];
}

/** Of each port of a host's bridges, the network that the agent has noted. */
function networkOfPorts(bridges: readonly Bridge[]): ReadonlyMap<string, string> {
  return new Map(
    bridges.flatMap(({ ports }) =>
      ports.flatMap((port): [string, string][] => {
        const network = networkOf(port);
        return network === undefined ? [] : [[port.name, network]];
      }),
    ),
  );
}

/** The end of a link at an Open vSwitch port; undefined where no bridge has it. */
function bridgeEnd({ host, bridges }: HostState, port: string): LinkEnd | undefined {
  const bridge = bridges.find(({ ports }) => ports.some(({ name }) => name === port));
  return bridge && { box: boxOnHost(host, bridge.name), port };
}

function machineLinks(state: HostState, { name, links }: Machine): readonly Link[] {
  return [...links].flatMap(([device, link]): Link[] => {
    if (link.kind !== "port") return [];
    const lower = hybridEnd(state, link.port) ?? bridgeEnd(state, link.port);
    return lower === undefined ? [] : [{ upper: { box: boxOfMachine(name), port: device }, lower }];
  });
}

/** The tap of a server whose port on br-int is a `qvo`. */
function hybridEnd({ host, root }: HostState, port: string): LinkEnd | undefined {
  const tap = root?.devices.find(({ name }) => name === port.replace(/^qvo/, "tap"));
  return tap?.master === undefined ? undefined : { box: boxOnHost(host, tap.master), port: tap.name };
}

function linuxBridges({ host, root }: HostState): readonly Box[] {
  const devices = root?.devices ?? [];
  return devices.flatMap(({ name, type }): Box[] => {
    if (type.kind !== "bridge") return [];
    const ports = devices.filter(({ master }) => master === name).map((device) => devicePort(device, undefined));
    return [{ id: boxOnHost(host, name), kind: "linux-bridge", title: name, lines: [], ports }];
  });
}

/** From a Linux bridge to br-int: `qvb` and `qvo` are a veth pair. */
function hybridLinks(state: HostState): readonly Link[] {
  return (state.root?.devices ?? []).flatMap(({ name, type, master }): Link[] => {
    const lower = type.kind === "veth" && master !== undefined ? bridgeEnd(state, type.peer) : undefined;
    return lower === undefined || master === undefined ? [] : [{ upper: { box: boxOnHost(state.host, master), port: name }, lower }];
  });
}

function namespaceLinks(state: HostState, { name, kind, devices }: Namespace): readonly Link[] {
  return devices.flatMap((device): Link[] => {
    const here = { box: boxOnHost(state.host, name), port: device.name };
    const { type } = device;
    const lower = type.kind === "ovs-internal" ? bridgeEnd(state, device.name) : undefined;
    if (lower !== undefined) return [{ upper: here, lower }];
    // Once a pair: the floating IPs' namespace is above its routers.
    if (type.kind !== "veth" || kind !== "fip") return [];
    return [{ upper: here, lower: { box: boxOnHost(state.host, type.peerNamespace), port: type.peer } }];
  });
}

/** Pairs of patch ports, br-int's end above. */
function patches({ host, bridges }: HostState): readonly Link[] {
  const [integration, ...others] = bridges;
  if (integration === undefined) return [];
  return others.flatMap(({ name, ports }) =>
    ports.flatMap(({ name: port, type }): Link[] =>
      type.kind === "patch" && integration.ports.some((one) => one.name === type.peer)
        ? [{ upper: { box: boxOnHost(host, integration.name), port: type.peer }, lower: { box: boxOnHost(host, name), port } }]
        : [],
    ),
  );
}
