import { by, byNumber } from "../../base/order.js";
import { defined } from "../../base/invariant.js";
import type { TunnelType } from "../../model/agent-options.js";
import type { PortState, WiredPort } from "../../model/host-view.js";
import type { ResolvedHost, ResolvedNetwork, ResolvedPort } from "../../model/resolved.js";
import type { Release } from "../../releases/release.js";
import { escapeName } from "../keys.js";
import { readNumber } from "../ledger.js";
import type { LockValue } from "../lock.js";
import { lowestFree } from "../settle.js";
import type { HostChoices, HostClaim } from "./choices.js";
import { isMachinePort, type TopologyIndex } from "./index.js";
import { deviceName } from "./names.js";

/** A port that comes to a bridge of the host. */
interface Candidate {
  readonly port: ResolvedPort;
  readonly device: string;
  readonly bridge: string;
  /** The device is in a namespace of Neutron's. */
  readonly inNamespace: boolean;
  readonly state: PortState;
}

/** The bridge ports of a host: what is wired, and how everything is numbered. */
export interface Wiring {
  /** In order of wiring. */
  readonly ports: readonly WiredPort[];
  readonly byPort: ReadonlyMap<ResolvedPort, WiredPort>;
  /** Networks with a local VLAN, ascending. */
  readonly networks: readonly { readonly network: ResolvedNetwork; readonly localVlan: number; readonly ports: readonly WiredPort[] }[];
  /** Numbers of `int-<bridge>` on br-int by bridge. */
  readonly intOfports: ReadonlyMap<string, number>;
  readonly patchTunOfport: number | undefined;
  readonly physical: ReadonlyMap<string, PhysicalNumbers>;
  /** Tunnels of one type share a port of the datapath. */
  readonly tunnelDatapathPorts: ReadonlyMap<TunnelType, number>;
}

/** Numbers on a physical bridge. */
export interface PhysicalNumbers {
  uplinkOfport: number;
  phyOfport: number;
  uplinkDatapathPort: number;
}

/** The port numbers of the host's datapath, which all bridges share. */
interface DatapathPool {
  readonly used: Map<number, string>;
  readonly tunnels: Map<TunnelType, number>;
  readonly propose: ReturnType<typeof lowestFree>;
}

/** The integration bridge. */
export const integrationBridge = "br-int";
/** The tunnel bridge. */
export const tunnelBridge = "br-tun";

/** Open vSwitch numbers ports up to OFPP_MAX. Source: OpenFlow 1.0, `ofp_port`. */
const lastOfport = 0xff00;
const lastDatapathPort = 0xffff;
const lastIfindex = 2 ** 31 - 1;

/** True where the host's agent has a tunnel bridge. Source: Neutron `OVSNeutronAgent.enable_tunneling`. */
export function hasTunnelBridge(host: ResolvedHost): boolean {
  return host.agent.tunnelTypes.length > 0 && host.localIp !== undefined;
}

/**
 * Everything on the host's bridges with its numbers.
 *
 * New ports come in this order: DHCP ports, machines, then router by router its interfaces, each with its centralised SNAT port on the SNAT
 * host, the agent gateway of its external network, and its gateway. Local VLANs follow the order of wiring.
 * Source: Neutron `RouterInfo.process`, `DvrLocalRouter.process_external`; the order of wiring is that of live hosts.
 */
export function wire(choices: HostChoices, index: TopologyIndex, release: Release): Wiring {
  const { host } = choices;
  const candidates = candidatesOf(choices, index, release);
  const intOfports = new Map<string, number>();
  let patchTunOfport: number | undefined;
  const ofports = new Map<ResolvedPort, number>();
  const onBrInt: HostClaim<number>[] = [];
  for (const bridge of host.bridgeMappings.values()) {
    onBrInt.push({
      owner: `bridge/${escapeName(bridge)}/int`,
      pointer: host.pointer,
      assign: (value) => void intOfports.set(bridge, value),
    });
  }
  if (hasTunnelBridge(host)) {
    onBrInt.push({ owner: `bridge/${tunnelBridge}/patch-tun`, pointer: host.pointer, assign: (value) => void (patchTunOfport = value) });
  }
  const claimOf = ({ port }: Candidate): HostClaim<number> => ({
    owner: port.key,
    pointer: port.pointer,
    assign: (value) => void ofports.set(port, value),
  });
  onBrInt.push(...candidates.filter(({ bridge }) => bridge === integrationBridge).map(claimOf));
  settleOfports(choices, onBrInt, integrationBridge);
  const physical = new Map<string, PhysicalNumbers>();
  for (const bridge of physicalBridges(host)) physical.set(bridge, settlePhysical(choices, bridge, candidates, claimOf));
  const datapathPorts = settleDatapath(choices, physical);
  const ports = number(choices, candidates, ofports, release, datapathPorts);
  return {
    ports,
    byPort: new Map(ports.map((wired) => [wired.port, wired])),
    networks: networksOf(ports),
    intOfports,
    patchTunOfport,
    physical,
    tunnelDatapathPorts: datapathPorts.tunnels,
  };
}

function candidatesOf(choices: HostChoices, index: TopologyIndex, release: Release): Candidate[] {
  const { host } = choices;
  const ports = index.portsByHost.get(host.name) ?? [];
  const externalBridge = release.features.has("external-network-bridge") ? host.externalNetworkBridge : undefined;
  const hybrid = host.agent.firewallDriver === "iptables_hybrid";
  const found = new Map<ResolvedPort, Candidate>();
  const add = (port: ResolvedPort, prefix: string, bridge = integrationBridge, inNamespace = true) => {
    if (!found.has(port))
      found.set(port, { port, device: deviceName(prefix, port.id), bridge, inNamespace, state: stateOf(choices, port) });
  };
  for (const port of ports) if (port.deviceOwner === "network:dhcp") add(port, "tap");
  const machines = [...ports.filter(isMachinePort), ...(index.offByHost.get(host.name) ?? [])];
  for (const port of machines) add(port, hybrid ? "qvo" : "tap", integrationBridge, false);
  const agentGateways = ports.filter((port) => port.deviceOwner === "network:floatingip_agent_gateway");
  for (const router of index.routersByHost.get(host.name) ?? []) {
    for (const { port, csnat } of router.interfaces) {
      add(port, "qr-");
      if (csnat !== undefined && csnat.host === host) add(csnat, "sg-");
    }
    const fg = agentGateways.find((port) => port.network === router.gateway?.network);
    if (fg !== undefined) add(fg, "fg-", externalBridge);
    if (router.gateway !== undefined && router.host === host) add(router.gateway.port, "qg-", externalBridge);
  }
  return [...found.values()];
}

/** A port that is switched off was so when it came; the lock has machines' ports that were not, since that is history. */
function stateOf(choices: HostChoices, port: ResolvedPort): PortState {
  if (port.adminStateUp) return "bound";
  if (!isMachinePort(port)) return "idle";
  return choices.exception("port_state", port.key, readOffState, offStates.join(" or ")) ?? "idle";
}

const offStates = ["dead", "forgotten"] as const;

function readOffState(value: LockValue): (typeof offStates)[number] | undefined {
  return offStates.find((state) => state === value);
}

/** Bridges of the mappings and the one that Newton's L3 agent plugs into, in order. */
export function physicalBridges(host: ResolvedHost): string[] {
  return [...new Set(host.bridgeMappings.values())];
}

/** Gives the ports of a bridge their numbers. */
export function settleOfports(choices: HostChoices, claims: readonly HostClaim<number>[], bridge: string): void {
  choices.settle<number>("ofport", claims, {
    what: "port number",
    name: `bridge ${bridge}`,
    read: readNumber,
    expected: "a port number",
    fits: (_, value) => value > 0 && value < lastOfport,
    propose: lowestFree(1, lastOfport - 1),
  });
}

function settlePhysical(
  choices: HostChoices,
  bridge: string,
  candidates: readonly Candidate[],
  claimOf: (candidate: Candidate) => HostClaim<number>,
): PhysicalNumbers {
  const { pointer } = choices.host;
  const numbers: PhysicalNumbers = { uplinkOfport: 0, phyOfport: 0, uplinkDatapathPort: 0 };
  settleOfports(
    choices,
    [
      { owner: `bridge/${escapeName(bridge)}/uplink`, pointer, assign: (value) => void (numbers.uplinkOfport = value) },
      { owner: `bridge/${escapeName(bridge)}/phy`, pointer, assign: (value) => void (numbers.phyOfport = value) },
      ...candidates.filter((candidate) => candidate.bridge === bridge).map(claimOf),
    ],
    bridge,
  );
  return numbers;
}

/** The bridges' own ports come first in the datapath, then the uplinks. */
function settleDatapath(choices: HostChoices, physical: ReadonlyMap<string, PhysicalNumbers>): DatapathPool {
  const { host } = choices;
  const ownPorts = 1 + (hasTunnelBridge(host) ? 1 : 0) + physical.size;
  const pool: DatapathPool = { used: new Map(), tunnels: new Map(), propose: lowestFree(ownPorts + 1, lastDatapathPort) };
  const claims: HostClaim<number>[] = [];
  for (const [bridge, numbers] of physical) {
    claims.push({
      owner: `bridge/${escapeName(bridge)}/uplink`,
      pointer: host.pointer,
      assign: (value) => void (numbers.uplinkDatapathPort = value),
    });
  }
  const tunnels = hasTunnelBridge(host) ? host.agent.tunnelTypes : [];
  const assignTo = (type: TunnelType) => (value: number) => void pool.tunnels.set(type, value);
  claims.push(...tunnels.map((type) => ({ owner: `tunnel/${type}`, pointer: host.pointer, assign: assignTo(type) })));
  settleDatapathPorts(choices, claims, pool);
  return pool;
}

function settleDatapathPorts(choices: HostChoices, claims: readonly HostClaim<number>[], pool: DatapathPool): void {
  choices.settle<number>(
    "datapath_port",
    claims,
    {
      what: "datapath port",
      name: "the datapath",
      read: readNumber,
      expected: "a port number",
      fits: (_, value) => value > 0 && value <= lastDatapathPort,
      propose: pool.propose,
    },
    pool.used,
  );
}

/** Ports in order of wiring, with all their numbers. */
function number(
  choices: HostChoices,
  candidates: readonly Candidate[],
  ofports: ReadonlyMap<ResolvedPort, number>,
  release: Release,
  datapath: DatapathPool,
): WiredPort[] {
  const wired = candidates.filter(({ port }) => ofports.has(port));
  const order = new Map(wired.map((candidate, index) => [candidate, index]));
  const ofportOf = ({ port }: Candidate) => defined(ofports.get(port), "port number");
  wired.sort((a, b) => Number(a.bridge !== integrationBridge) - Number(b.bridge !== integrationBridge) || ofportOf(a) - ofportOf(b));
  const localVlans = settleLocalVlans(choices, wired, release);
  const datapathPorts = new Map<ResolvedPort, number>();
  const ifindexes = new Map<ResolvedPort, number>();
  const declared = [...wired].sort(by((candidate) => order.get(candidate) ?? 0, byNumber));
  settleDatapathPorts(
    choices,
    declared.map(({ port }) => ({ owner: port.key, pointer: port.pointer, assign: (value) => void datapathPorts.set(port, value) })),
    datapath,
  );
  settleIfindexes(choices, declared, ifindexes);
  return wired.map((candidate) => ({
    port: candidate.port,
    device: candidate.device,
    bridge: candidate.bridge,
    ofport: ofportOf(candidate),
    datapathPort: datapathPorts.get(candidate.port) ?? 0,
    localVlan: candidate.bridge === integrationBridge ? localVlans.get(candidate.port.network) : undefined,
    state: candidate.state,
    ifindex: ifindexes.get(candidate.port) ?? 0,
  }));
}

/** One number for each network on br-int, ascending in order of wiring. Source: Neutron `LocalVlanManager`, `provision_local_vlan`. */
function settleLocalVlans(choices: HostChoices, wired: readonly Candidate[], release: Release): Map<ResolvedNetwork, number> {
  const localVlans = new Map<ResolvedNetwork, number>();
  const onBrInt = wired.filter(({ bridge, state }) => bridge === integrationBridge && state !== "idle");
  const networks = new Set(onBrInt.map(({ port }) => port.network));
  const { first, last } = release.localVlans;
  choices.settle<number>(
    "local_vlan",
    [...networks].map((network) => ({
      owner: network.key,
      pointer: network.pointer,
      assign: (value) => void localVlans.set(network, value),
    })),
    {
      what: "local VLAN",
      name: `${first} to ${last}`,
      read: readNumber,
      expected: "a VLAN",
      fits: (_, value) => value >= first && value <= last,
      propose: lowestFree(first, last),
    },
  );
  return localVlans;
}

/** Devices in namespaces keep the host-wide index they were born with; the host's own devices come first. */
function settleIfindexes(choices: HostChoices, wired: readonly Candidate[], ifindexes: Map<ResolvedPort, number>): void {
  const { host } = choices;
  const bridges = physicalBridges(host).length;
  // lo, the underlay's device, one uplink a bridge, ovs-system, br-int, br-tun, the bridges, one device for each kind of tunnel
  const own = 2 + bridges + 3 + bridges + host.agent.tunnelTypes.length;
  const claims = wired.filter(({ inNamespace }) => inNamespace);
  choices.settle<number>(
    "ifindex",
    claims.map(({ port }) => ({ owner: port.key, pointer: port.pointer, assign: (value) => void ifindexes.set(port, value) })),
    {
      what: "interface index",
      name: "the host",
      read: readNumber,
      expected: "an interface index",
      fits: (_, value) => value > 1 && value <= lastIfindex,
      propose: lowestFree(own + 1, lastIfindex),
    },
  );
}

/** Networks that the agent has wired, for the sake of any port that it has bound since it was started. */
function networksOf(ports: readonly WiredPort[]): Wiring["networks"] {
  const byNetwork = new Map<ResolvedNetwork, { network: ResolvedNetwork; localVlan: number; ports: WiredPort[] }>();
  const isWired = new Set<ResolvedNetwork>();
  for (const wired of ports) {
    const { port, localVlan, state } = wired;
    if (localVlan === undefined) continue;
    if (state === "bound" || state === "dead") isWired.add(port.network);
    const known = byNetwork.get(port.network);
    if (known === undefined) byNetwork.set(port.network, { network: port.network, localVlan, ports: [wired] });
    else known.ports.push(wired);
  }
  return [...byNetwork.values()].filter(({ network }) => isWired.has(network)).sort(by(({ localVlan }) => localVlan, byNumber));
}
