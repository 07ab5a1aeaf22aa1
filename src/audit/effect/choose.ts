import type { ResolvedNetwork, ResolvedPort, ResolvedRouter, ResolvedServer, ResolvedTopology } from "../../model/resolved.js";
import { cidrAddress, cidrContains } from "../../net/cidr.js";
import { ipVersion } from "../../net/ip.js";
import { lastKey } from "../../source/pointer.js";
import type { Machine } from "../../virtual/machine.js";
import type { Concern } from "./concern.js";
import type { Probe, ProbeKind } from "./probe.js";

/** Servers of a host that are probed for one finding. */
const subjectLimit = 4;
/** Probes for one finding. */
const probeLimit = 24;

/** What a chooser of probes knows of a topology. */
export interface ProbeMap {
  readonly topology: ResolvedTopology;
  readonly serversAt: ReadonlyMap<string, readonly ResolvedServer[]>;
  readonly serversOn: ReadonlyMap<ResolvedNetwork, readonly ResolvedServer[]>;
  readonly routersOn: ReadonlyMap<ResolvedNetwork, readonly ResolvedRouter[]>;
  /** Routers of providers, outside of the cloud. */
  readonly outside: readonly Machine[];
}

/** Indexes a topology for {@link chooseProbes}. */
export function probeMap(topology: ResolvedTopology, outside: readonly Machine[]): ProbeMap {
  const serversAt = new Map<string, ResolvedServer[]>();
  const serversOn = new Map<ResolvedNetwork, ResolvedServer[]>();
  const routersOn = new Map<ResolvedNetwork, ResolvedRouter[]>();
  for (const server of topology.servers) {
    push(serversAt, server.host.name, server);
    for (const network of new Set(server.ports.map((port) => port.network))) push(serversOn, network, server);
  }
  for (const router of topology.routers) {
    for (const network of new Set(router.interfaces.map(({ port }) => port.network))) push(routersOn, network, router);
  }
  return { topology, serversAt, serversOn, routersOn, outside };
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

/**
 * The probes that would tell what an entry of a host is worth: from and to servers that it names, else those of the host that share its networks or routers.
 *
 * Each is asked to reach a neighbour on its network here and elsewhere, one on each other network of its routers, the outside, and from outside by its floating IP.
 */
export function chooseProbes(map: ProbeMap, host: string, concern: Concern): Probe[] {
  const probes = new Map<string, Probe>();
  const add = (probe: Probe): void => {
    if (probes.size < probeLimit) probes.set(`${probe.from} ${probe.address} ${JSON.stringify(probe.kind)}`, probe);
  };
  const subjects = subjectsOf(map, host, concern);
  for (const server of subjects) {
    for (const kind of concern.kinds) if (concern.servers.has(server)) towards(map, server, kind).forEach(add);
  }
  for (const server of subjects) probesOf(map, server, host, concern).forEach(add);
  return [...probes.values()];
}

function subjectsOf({ topology, serversAt, serversOn }: ProbeMap, host: string, concern: Concern): ResolvedServer[] {
  const here = serversAt.get(host) ?? [];
  const named = here.filter((server) => concern.servers.has(server));
  const networks = new Set([
    ...concern.networks,
    ...[...concern.routers].flatMap((router) => router.interfaces.map(({ port }) => port.network)),
  ]);
  const related = here.filter((server) => server.ports.some((port) => networks.has(port.network)));
  const isCentral = here.length === 0 || [...concern.routers].some((router) => router.host?.name === host);
  const elsewhere =
    isCentral || related.length === 0 ? [...networks].flatMap((network) => (serversOn.get(network) ?? []).slice(0, subjectLimit)) : [];
  const subjects = new Set([...named, ...concern.servers, ...related, ...elsewhere]);
  if (subjects.size === 0) for (const server of here.length > 0 ? here : topology.servers.slice(0, subjectLimit)) subjects.add(server);
  return [...subjects].slice(0, subjectLimit);
}

function probesOf(map: ProbeMap, server: ResolvedServer, host: string, concern: Concern): Probe[] {
  const icmp: ProbeKind = { protocol: "icmp" };
  return server.ports.flatMap((port) => {
    const neighbours = peers(map, port.network, server, host, concern);
    const routers = map.routersOn.get(port.network) ?? [];
    const others = routers.flatMap((router) =>
      [...new Set(router.interfaces.map((one) => one.port.network))]
        .filter((network) => network !== port.network)
        .flatMap((network) => peers(map, network, server, host, concern)),
    );
    return [
      ...[...neighbours, ...others].flatMap((peer) => bothWays(server, peer, icmp)),
      ...outward(map, server, port, routers),
      ...towards(map, server, icmp),
      ...dhcp(server, port),
    ];
  });
}

/** A server of a network that is named, one on the host itself, one on a host that is named, one elsewhere. */
function peers(
  { serversOn }: ProbeMap,
  network: ResolvedNetwork,
  server: ResolvedServer,
  host: string,
  concern: Concern,
): ResolvedServer[] {
  const all = (serversOn.get(network) ?? []).filter((other) => other !== server);
  const first = (wanted: (other: ResolvedServer) => boolean): ResolvedServer[] => all.filter(wanted).slice(0, 1);
  return [
    ...new Set([
      ...first((other) => concern.servers.has(other)),
      ...first((other) => concern.hosts.has(other.host.name)),
      ...first((other) => other.host.name !== host),
      ...first((other) => other.host.name === host),
    ]),
  ];
}

function bothWays(one: ResolvedServer, other: ResolvedServer, kind: ProbeKind): Probe[] {
  return [...between(one, other, kind), ...between(other, one, kind)];
}

/** To the first address of each IP version that the other has. */
function between(from: ResolvedServer, to: ResolvedServer, kind: ProbeKind): Probe[] {
  const versions = new Map(
    to.ports
      .flatMap(({ fixedIps }) => fixedIps)
      .reverse()
      .map(({ ip }) => [ipVersion(ip), ip]),
  );
  return [...versions.values()].map((address) => ({ from: lastKey(from.pointer), to: lastKey(to.pointer), address, kind }));
}

function outward({ outside }: ProbeMap, server: ResolvedServer, port: ResolvedPort, routers: readonly ResolvedRouter[]): Probe[] {
  return routers.flatMap(({ gateway }) => {
    const subnets = gateway?.network.subnets ?? [];
    return outside.flatMap((machine) =>
      addressesOf(machine)
        .filter((ip) =>
          subnets.some(({ cidr, version }) => cidrContains(cidr, ip) && port.fixedIps.some(({ subnet }) => subnet.version === version)),
        )
        .slice(0, 1)
        .map((address): Probe => ({ from: lastKey(server.pointer), to: machine.name, address, kind: { protocol: "icmp" } })),
    );
  });
}

/** From outside to a server's floating IPs; where it has none, from a neighbour. */
function towards(map: ProbeMap, server: ResolvedServer, kind: ProbeKind): Probe[] {
  const floating = map.topology.floatingIps.filter(({ target }) => target !== undefined && server.ports.includes(target.port));
  const inward = floating.flatMap(({ ip, network }): Probe[] => {
    const from = map.outside.find((machine) =>
      addressesOf(machine).some((address) => network.subnets.some(({ cidr }) => cidrContains(cidr, address))),
    );
    return from === undefined ? [] : [{ from: from.name, to: lastKey(server.pointer), address: ip, kind }];
  });
  if (inward.length > 0 || kind.protocol === "icmp") return inward;
  return server.ports.flatMap((port) => {
    const routed = (map.routersOn.get(port.network) ?? []).flatMap((router) => router.interfaces.map((one) => one.port.network));
    return [...new Set([port.network, ...routed])]
      .flatMap((network) => map.serversOn.get(network) ?? [])
      .filter((other) => other !== server)
      .slice(0, 1)
      .flatMap((other) => between(other, server, kind));
  });
}

/** Whether the DHCP server of a network can be reached stands for whether it is heard. */
function dhcp(server: ResolvedServer, { network }: ResolvedPort): Probe[] {
  const agent = network.ports.find((port) => port.deviceOwner === "network:dhcp");
  const [address] = agent?.fixedIps ?? [];
  return address === undefined
    ? []
    : [{ from: lastKey(server.pointer), to: `DHCP of ${lastKey(network.pointer)}`, address: address.ip, kind: { protocol: "icmp" } }];
}

function addressesOf({ namespace }: Machine): ReturnType<typeof cidrAddress>[] {
  return namespace.devices.flatMap(({ addresses }) =>
    addresses.filter(({ scope }) => scope === "global").map(({ cidr }) => cidrAddress(cidr)),
  );
}
