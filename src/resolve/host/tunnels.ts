import { byNumber } from "../../base/order.js";
import { defined } from "../../base/invariant.js";
import type { TunnelType } from "../../model/agent-options.js";
import type { HostNetwork, Tunnel } from "../../model/host-view.js";
import type { ResolvedHost, ResolvedNetwork, ResolvedPort } from "../../model/resolved.js";
import type { Ip } from "../../net/ip.js";
import type { Release } from "../../releases/release.js";
import { integerSetOrder } from "../cpython/sequences.js";
import { escapeName } from "../keys.js";
import { readNumber } from "../ledger.js";
import { lowestFree } from "../settle.js";
import type { HostChoices, HostClaim } from "./choices.js";
import type { TopologyIndex } from "./index.js";
import { tunnelName } from "./names.js";
import { hasTunnelBridge, tunnelBridge, type Wiring } from "./wiring.js";

/** The tunnel bridge of a host. */
export interface TunnelView {
  readonly patchIntOfport: number;
  /** In order of ofport. */
  readonly tunnels: readonly Tunnel[];
  /** What each network floods to and reaches, by network. */
  readonly networks: ReadonlyMap<ResolvedNetwork, Pick<HostNetwork, "floodTo" | "remotePorts">>;
}

/** A tunnel before it has a number. */
interface TunnelPlan {
  readonly type: TunnelType;
  readonly remote: ResolvedHost;
}

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
  const plans = host.agent.l2Population
    ? uses.flatMap(({ type, remotes }) => remotes.map((remote) => ({ type, remote })))
    : fullMesh(host, index);
  const { patchIntOfport, tunnels } = settleTunnels(choices, plans, wiring, release);
  const find = new Map(tunnels.map((tunnel) => [`${tunnel.type} ${tunnel.remote.name}`, tunnel]));
  const tunnelTo = (type: TunnelType, remote: ResolvedHost) => find.get(`${type} ${remote.name}`);
  const networks = new Map<ResolvedNetwork, Pick<HostNetwork, "floodTo" | "remotePorts">>();
  const before = new Set<Tunnel>();
  for (const { network, type, remotes } of uses) {
    const own = remotes.flatMap((remote) => tunnelTo(type, remote) ?? []);
    const floodTo = host.agent.l2Population
      ? own.length > 0
        ? inSetOrder(own, release)
        : floodAsWired(
            choices,
            network,
            [...before].filter((tunnel) => tunnel.type === type),
            tunnels,
            release,
          )
      : floodAsWired(
          choices,
          network,
          tunnels.filter((tunnel) => tunnel.type === type),
          tunnels,
          release,
        );
    for (const tunnel of own) before.add(tunnel);
    networks.set(network, {
      floodTo: floodTo.length === 0 ? undefined : floodTo,
      remotePorts: remotePortsOf(host, network, type, tunnelTo),
    });
  }
  return { patchIntOfport, tunnels, networks };
}

/** Hosts that share a tunnelled network with the host; undefined where the network has no tunnels here. */
function useOf(
  host: ResolvedHost,
  index: TopologyIndex,
  network: ResolvedNetwork,
): { readonly network: ResolvedNetwork; readonly type: TunnelType; readonly remotes: readonly ResolvedHost[] } | undefined {
  const type = host.agent.tunnelTypes.find((candidate) => candidate === network.type);
  if (type === undefined) return undefined;
  const remotes = (index.hostsByNetwork.get(network) ?? []).filter((remote) => remote !== host && canTunnel(remote, type));
  return { network, type, remotes };
}

function canTunnel(host: ResolvedHost, type: TunnelType): boolean {
  return host.localIp !== undefined && host.agent.tunnelTypes.includes(type);
}

function fullMesh(host: ResolvedHost, index: TopologyIndex): TunnelPlan[] {
  const others = [...index.hosts.values()].filter((remote) => remote !== host);
  return host.agent.tunnelTypes.flatMap((type) => others.filter((remote) => canTunnel(remote, type)).map((remote) => ({ type, remote })));
}

function settleTunnels(
  choices: HostChoices,
  plans: readonly TunnelPlan[],
  wiring: Wiring,
  release: Release,
): { patchIntOfport: number; tunnels: Tunnel[] } {
  const { host } = choices;
  const localIp: Ip = defined(host.localIp, "local_ip");
  const unique = new Map(plans.map((plan) => [`tunnel/${plan.type}/${escapeName(plan.remote.name)}`, plan]));
  const ofports = new Map<TunnelPlan, number>();
  let patchIntOfport = 0;
  const claims: HostClaim<number>[] = [
    { owner: `bridge/${tunnelBridge}/patch-int`, pointer: host.pointer, assign: (value) => void (patchIntOfport = value) },
  ];
  for (const [owner, plan] of unique)
    claims.push({ owner, pointer: plan.remote.pointer, assign: (value) => void ofports.set(plan, value) });
  choices.settle<number>("ofport", claims, {
    what: "port number",
    name: `bridge ${tunnelBridge}`,
    read: readNumber,
    expected: "a port number",
    propose: lowestFree(1, 0xfeff),
  });
  const datapath = new Map<string, number>();
  for (const [number, key] of wiring.datapathPorts.used) datapath.set(key.slice(key.lastIndexOf("/tunnel/") + "/tunnel/".length), number);
  const tunnels = [...unique.values()].map((plan): Tunnel => {
    const remoteIp: Ip = defined(plan.remote.localIp, "local_ip of the other host");
    const { type, remote } = plan;
    const name = tunnelName(type, remoteIp, release.tunnelNameDigest);
    return { type, remote, remoteIp, localIp, name, ofport: ofports.get(plan) ?? 0, datapathPort: datapath.get(type) ?? 0 };
  });
  return { patchIntOfport, tunnels: tunnels.sort((a, b) => a.ofport - b.ofport) };
}

/** Order in which a Python set of the port numbers iterates. Source: Neutron `fdb_add_tun`, `install_flood_to_tun`. */
function inSetOrder(tunnels: readonly Tunnel[], release: Release): Tunnel[] {
  const byOfport = new Map(tunnels.map((tunnel) => [tunnel.ofport, tunnel]));
  const ascending = [...byOfport.keys()].sort(byNumber);
  return integerSetOrder(ascending, release.floatingIp.linkLocal.order).flatMap((ofport) => byOfport.get(ofport) ?? []);
}

/**
 * The flood entry that a network got when it was wired and that no other host has changed since: all tunnels of that moment.
 *
 * Which those were is history: dvrc takes the tunnels of the networks wired before, and the lock has their hosts.
 * Source: Neutron `OVSNeutronAgent.provision_local_vlan`.
 */
function floodAsWired(
  choices: HostChoices,
  network: ResolvedNetwork,
  known: readonly Tunnel[],
  all: readonly Tunnel[],
  release: Release,
): Tunnel[] {
  const candidates = all.filter((tunnel) => tunnel.type === network.type);
  const standard = () => known.map((tunnel) => tunnel.remote.name);
  const hosts = candidates.map((tunnel) => tunnel.remote.name);
  const names = new Set(choices.host.agent.l2Population ? choices.chooseSome("flood", network.key, hosts, standard) : standard());
  const tunnels = candidates.filter((tunnel) => names.has(tunnel.remote.name));
  return release.features.has("flood-entry-sorted") ? tunnels : inSetOrder(tunnels, release);
}

/** Ports that l2population tells of: bound ones on other hosts, but distributed router interfaces. Ascending id. */
function remotePortsOf(
  host: ResolvedHost,
  network: ResolvedNetwork,
  type: TunnelType,
  tunnelTo: (type: TunnelType, remote: ResolvedHost) => Tunnel | undefined,
): { port: ResolvedPort; tunnel: Tunnel }[] {
  if (!host.agent.l2Population) return [];
  const found: { port: ResolvedPort; tunnel: Tunnel }[] = [];
  for (const port of network.ports) {
    if (port.host === undefined || port.host === host || !port.adminStateUp) continue;
    if (port.deviceOwner === "network:router_interface_distributed") continue;
    const tunnel = tunnelTo(type, port.host);
    if (tunnel !== undefined) found.push({ port, tunnel });
  }
  return found;
}
