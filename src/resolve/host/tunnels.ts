import { by, byNumber, sorted } from "../../base/order.js";
import { defined } from "../../base/invariant.js";
import type { TunnelType } from "../../model/agent-options.js";
import type { HostNetwork, HostView, Tunnel } from "../../model/host-view.js";
import type { ResolvedHost, ResolvedNetwork, ResolvedPort } from "../../model/resolved.js";
import { type Ip, ipVersion } from "../../net/ip.js";
import type { Release } from "../../releases/release.js";
import { hashOfString27 } from "../cpython/hash.js";
import { integerSetOrder } from "../cpython/sequences.js";
import { CpythonSet } from "../cpython/set.js";
import { escapeName } from "../keys.js";
import type { HostChoices, HostClaim } from "./choices.js";
import type { TopologyIndex } from "./index.js";
import { tunnelName } from "./names.js";
import { hasTunnelBridge, settleOfports, tunnelBridge, type Wiring } from "./wiring.js";

/** The tunnel bridge of a host. */
export interface TunnelView {
  readonly patchIntOfport: number;
  /** In order of ofport. */
  readonly tunnels: readonly Tunnel[];
  /** What each network floods to and reaches, by network. */
  readonly networks: ReadonlyMap<ResolvedNetwork, Pick<HostNetwork, "floodTo" | "remotePorts">>;
}

/** The other ends of the host's tunnels by type, in order of first use. */
type Ends = ReadonlyMap<TunnelType, ReadonlySet<ResolvedHost>>;

/** The host's tunnels by type and other end. */
type TunnelTable = ReadonlyMap<TunnelType, ReadonlyMap<ResolvedHost, Tunnel>>;

/**
 * Tunnels, flood entries and known ports of the host's tunnelled networks.
 *
 * With l2population a tunnel comes with its first use: network by network in order of local VLAN, hosts in order of declaration. Without, every
 * host has one to every other. Source: Neutron `L2populationMechanismDriver`, `L2populationRpcCallBackTunnelMixin.fdb_add`, `tunnel_sync`.
 */
export function planTunnels(choices: HostChoices, index: TopologyIndex, wiring: Wiring, release: Release): TunnelView | undefined {
  const { host } = choices;
  if (!hasTunnelBridge(host)) return undefined;
  const uses = wiring.networks.flatMap(({ network }) => useOf(host, index, network) ?? []);
  const ends = host.agent.l2Population ? endsInUse(uses) : fullMesh(host, index);
  const { patchIntOfport, table } = settleTunnels(choices, ends, wiring, release);
  const networks = new Map<ResolvedNetwork, Pick<HostNetwork, "floodTo" | "remotePorts">>();
  const before = new Set<Tunnel>();
  for (const { network, type, remotes } of uses) {
    const tunnels = table.get(type) ?? new Map<ResolvedHost, Tunnel>();
    const own = tunnelsTo(remotes, tunnels);
    const floodTo = floods(choices, network, own, before, tunnels, release);
    for (const tunnel of own) before.add(tunnel);
    networks.set(network, {
      floodTo: floodTo.length === 0 ? undefined : floodTo,
      remotePorts: remotePortsOf(host, network, tunnels, index),
    });
  }
  const tunnels = [...table.values()].flatMap((byHost) => [...byHost.values()]).sort(by(({ ofport }) => ofport, byNumber));
  return { patchIntOfport, tunnels, networks };
}

function tunnelsTo(remotes: readonly ResolvedHost[], tunnels: ReadonlyMap<ResolvedHost, Tunnel>): Tunnel[] {
  const found: Tunnel[] = [];
  for (const remote of remotes) {
    const tunnel = tunnels.get(remote);
    if (tunnel !== undefined) found.push(tunnel);
  }
  return found;
}

/** A tunnelled network of the host with the other hosts that have it. */
interface Use {
  readonly network: ResolvedNetwork;
  readonly type: TunnelType;
  readonly remotes: readonly ResolvedHost[];
}

/** Hosts that share a tunnelled network with the host; undefined where the network has no tunnels here. */
function useOf(host: ResolvedHost, index: TopologyIndex, network: ResolvedNetwork): Use | undefined {
  const type = host.agent.tunnelTypes.find((candidate) => candidate === network.type);
  if (type === undefined) return undefined;
  const remotes = (index.hostsByNetwork.get(network) ?? []).filter((remote) => remote !== host && canTunnel(host, remote, type));
  return { network, type, remotes };
}

/** Source: Neutron `OVSNeutronAgent._setup_tunnel_port`, which refuses addresses of different versions. */
function canTunnel(host: ResolvedHost, remote: ResolvedHost, type: TunnelType): boolean {
  if (host.localIp === undefined || remote.localIp === undefined || !remote.agent.tunnelTypes.includes(type)) return false;
  return ipVersion(host.localIp) === ipVersion(remote.localIp);
}

function endsInUse(uses: readonly Use[]): Ends {
  const ends = new Map<TunnelType, Set<ResolvedHost>>();
  for (const { type, remotes } of uses) {
    const known = ends.get(type) ?? new Set<ResolvedHost>();
    for (const remote of remotes) known.add(remote);
    ends.set(type, known);
  }
  return ends;
}

function fullMesh(host: ResolvedHost, index: TopologyIndex): Ends {
  const others = [...index.hosts.values()].filter((remote) => remote !== host);
  return new Map(host.agent.tunnelTypes.map((type) => [type, new Set(others.filter((remote) => canTunnel(host, remote, type)))]));
}

function settleTunnels(choices: HostChoices, ends: Ends, wiring: Wiring, release: Release): { patchIntOfport: number; table: TunnelTable } {
  const { host } = choices;
  const localIp: Ip = defined(host.localIp, "local_ip");
  const table = new Map<TunnelType, Map<ResolvedHost, Tunnel>>();
  let patchIntOfport = 0;
  const claims: HostClaim<number>[] = [
    { owner: `bridge/${tunnelBridge}/patch-int`, pointer: host.pointer, assign: (value) => void (patchIntOfport = value) },
  ];
  for (const [type, remotes] of ends) {
    const byHost = new Map<ResolvedHost, Tunnel>();
    const datapathPort = wiring.tunnelDatapathPorts.get(type) ?? 0;
    table.set(type, byHost);
    for (const remote of remotes) {
      const remoteIp: Ip = defined(remote.localIp, "local_ip of the other host");
      const name = tunnelName(type, remoteIp, release.tunnelNameDigest);
      const assign = (ofport: number) => void byHost.set(remote, { type, remote, remoteIp, localIp, name, ofport, datapathPort });
      claims.push({ owner: `tunnel/${type}/${escapeName(remote.name)}`, pointer: remote.pointer, assign });
    }
  }
  settleOfports(choices, claims, tunnelBridge);
  return { patchIntOfport, table };
}

/**
 * Tunnels of a network's flood entry in order of output.
 *
 * With l2population those to the hosts that have the network; else, and where no other host has it, those of the moment when it was wired.
 */
function floods(
  choices: HostChoices,
  network: ResolvedNetwork,
  own: readonly Tunnel[],
  before: ReadonlySet<Tunnel>,
  all: ReadonlyMap<ResolvedHost, Tunnel>,
  release: Release,
): readonly Tunnel[] {
  if (!choices.host.agent.l2Population) return asWired([...all.values()], release);
  return own.length > 0 ? inSetOrder(own, release) : asWired(chosenAtWiring(choices, network, before, all), release);
}

/** Order in which a Python set of the port numbers iterates. Source: Neutron `add_fdb_flow`, `LocalVLANMapping.tun_ofports`. */
function inSetOrder(tunnels: readonly Tunnel[], release: Release): Tunnel[] {
  const ascending = sorted(
    tunnels,
    by(({ ofport }) => ofport, byNumber),
  );
  const ofports = ascending.map(({ ofport }) => ofport);
  const order = integerSetOrder(ofports, release.floatingIp.linkLocal.order);
  if (order === ofports) return ascending;
  const byOfport = new Map(ascending.map((tunnel) => [tunnel.ofport, tunnel]));
  return order.flatMap((ofport) => byOfport.get(ofport) ?? []);
}

/**
 * Order of the entry that is written when a network is wired, and of every entry without l2population: that of the agent's dict of tunnels.
 *
 * It is that in which they were made, which their numbers follow; in CPython 2.7 that of the hashes of their addresses.
 * Source: Neutron `OVSNeutronAgent.provision_local_vlan`, `_setup_tunnel_flood_flow`; CPython 2.7's sets and dicts of one insertion order iterate alike.
 */
function asWired(tunnels: readonly Tunnel[], release: Release): Tunnel[] {
  const ascending = sorted(
    tunnels,
    by(({ ofport }) => ofport, byNumber),
  );
  if (release.features.has("flood-entry-sorted")) return ascending;
  const dict = new CpythonSet<Tunnel>("cpython-2.7-set");
  for (const tunnel of ascending) dict.add(tunnel, hashOfString27(tunnel.remoteIp));
  return [...dict.values()];
}

/**
 * The tunnels that there were when a network was wired that no other host has had since.
 *
 * Which those were is history: dvrc takes the tunnels of the networks wired before, and the lock has their hosts.
 */
function chosenAtWiring(
  choices: HostChoices,
  network: ResolvedNetwork,
  before: ReadonlySet<Tunnel>,
  all: ReadonlyMap<ResolvedHost, Tunnel>,
): Tunnel[] {
  const standard = () => [...before].filter(({ type }) => type === network.type).map(({ remote }) => remote.name);
  const hosts = [...all.keys()].map(({ name }) => name);
  const chosen = new Set(choices.chooseSome("flood", network.key, hosts, standard));
  return [...all.values()].filter(({ remote }) => chosen.has(remote.name));
}

/** Networks whose ports on other hosts are found anew, through the same tunnels; those of which they are what they were are the same objects. */
export function refreshNetworks({ host, brTun, networks }: HostView, index: TopologyIndex): readonly HostNetwork[] {
  const table = new Map<string, Map<ResolvedHost, Tunnel>>(host.agent.tunnelTypes.map((type) => [type, new Map<ResolvedHost, Tunnel>()]));
  for (const tunnel of brTun?.tunnels ?? []) table.get(tunnel.type)?.set(tunnel.remote, tunnel);
  return networks.map((one) => {
    const tunnels = table.get(one.network.type);
    const remotePorts = tunnels === undefined ? [] : remotePortsOf(host, one.network, tunnels, index);
    return areSame(remotePorts, one.remotePorts) ? one : { ...one, remotePorts };
  });
}

function areSame(a: HostNetwork["remotePorts"], b: HostNetwork["remotePorts"]): boolean {
  return a.length === b.length && a.every(({ port, tunnel }, at) => port === b[at]?.port && tunnel === b[at].tunnel);
}

/** Ports that l2population tells of: active ones on other hosts, but distributed router interfaces. Ascending id. */
function remotePortsOf(
  host: ResolvedHost,
  network: ResolvedNetwork,
  tunnels: ReadonlyMap<ResolvedHost, Tunnel>,
  { unplugged }: TopologyIndex,
): { port: ResolvedPort; tunnel: Tunnel }[] {
  if (!host.agent.l2Population) return [];
  const found: { port: ResolvedPort; tunnel: Tunnel }[] = [];
  for (const port of network.ports) {
    if (port.host === undefined || port.host === host || !port.adminStateUp || unplugged.has(port)) continue;
    const tunnel = port.deviceOwner === "network:router_interface_distributed" ? undefined : tunnels.get(port.host);
    if (tunnel !== undefined) found.push({ port, tunnel });
  }
  return found;
}
