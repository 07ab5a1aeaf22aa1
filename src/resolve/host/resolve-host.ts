import { defined } from "../../base/invariant.js";
import { by, byText, sorted } from "../../base/order.js";
import { hasErrors, type Result } from "../../diagnostics/diagnostic.js";
import type { HostNetwork, HostPhysicalBridge, HostView } from "../../model/host-view.js";
import type { ResolvedTopology } from "../../model/resolved.js";
import { escapeName } from "../keys.js";
import { type Allocation, readText } from "../ledger.js";
import type { Release } from "../../releases/release.js";
import type { Resolution } from "../resolve.js";
import type { Pool } from "../settle.js";
import { HostChoices } from "./choices.js";
import { arpReplyInterface, dvrDeliveries, interfacesOn, subnetGateways } from "./dvr.js";
import { hostDhcps } from "./dhcps.js";
import { firewallView } from "./firewall.js";
import { indexOf } from "./index.js";
import { patchName } from "./names.js";
import { hostFips, hostRouters } from "./routers.js";
import { planTunnels, refreshNetworks, type TunnelView } from "./tunnels.js";
import { integrationBridge, tunnelBridge, wire, type Wiring } from "./wiring.js";

/** One host's view, and what its agents chose for it. */
export interface HostResolution {
  readonly view: HostView;
  /** Sorted by key. */
  readonly allocations: readonly Allocation[];
}

/**
 * All that one host's agents know and choose.
 *
 * Cost: that of the host's own share; what all hosts have in common is looked up in an index that is made once for a resolution.
 * Errors: DVRC40xx for the host's entries of the lock.
 */
export function resolveHost(resolution: Resolution, name: string): Result<HostResolution> {
  const { topology, release } = resolution;
  const index = indexOf(resolution);
  const host = defined(index.hosts.get(name), `host ${name}`);
  const choices = new HostChoices(resolution, host);
  const wiring = wire(choices, index, release);
  for (const port of index.unplugged) if (port.host === host) choices.keep("unplugged", port.key, true);
  const tunnels = planTunnels(choices, index, wiring, release);
  const dvrMode = host.agent.enableDistributedRouting;
  const answersArp = dvrMode && release.flowTables.brInt.pipeline !== undefined;
  const networks = wiring.networks.map((network) => hostNetwork(choices, network, tunnels, release, answersArp));
  const gateways = dvrMode ? subnetGateways(choices, networks) : [];
  const routers = hostRouters(choices, index, wiring, release);
  const view: HostView = {
    host,
    dvrMode,
    brInt: { ...bridgeIdentity(choices, integrationBridge), patchTunOfport: wiring.patchTunOfport },
    ...(tunnels === undefined ? {} : { brTun: brTunOf(choices, tunnels) }),
    physicalBridges: bridgesOf(choices, wiring),
    otherDvrMacs: otherDvrMacs(topology, name),
    networks,
    ports: wiring.ports,
    dvrDeliveries: dvrMode ? dvrDeliveries(choices, networks, gateways, release) : [],
    subnetGateways: gateways,
    routers,
    fips: hostFips(routers, wiring),
    dhcps: hostDhcps(choices, wiring),
    firewall: firewallView(choices, wiring.ports, release),
  };
  const { diagnostics, allocations } = choices.ledger;
  return [hasErrors(diagnostics) ? undefined : { view, allocations: sorted(allocations, byKey) }, diagnostics];
}

/** The view of a host of which `hostInputs` and the lock say what they said, but for the ports of its networks. */
export function refreshView(resolution: Resolution, view: HostView): HostView {
  const networks = refreshNetworks(view, indexOf(resolution));
  const byVlan = new Map(networks.map((network) => [network.localVlan, network]));
  const dvrDeliveries = view.dvrDeliveries.map((delivery) => {
    const network = byVlan.get(delivery.network.localVlan) ?? delivery.network;
    return network === delivery.network ? delivery : { ...delivery, network };
  });
  return { ...view, networks, dvrDeliveries };
}

const byKey = by(({ key }: Allocation) => key, byText);

function hostNetwork(
  choices: HostChoices,
  { network, localVlan, ports }: Wiring["networks"][number],
  tunnels: TunnelView | undefined,
  release: Release,
  answersArp: boolean,
): HostNetwork {
  const interfaces = interfacesOn(ports, release);
  const { floodTo, remotePorts = [] } = tunnels?.networks.get(network) ?? {};
  return {
    network,
    localVlan,
    ports,
    floodTo,
    remotePorts,
    interfaces,
    arpReplyInterface: answersArp ? arpReplyInterface(choices, network.key, interfaces) : undefined,
  };
}

function brTunOf(choices: HostChoices, { patchIntOfport, tunnels }: TunnelView): NonNullable<HostView["brTun"]> {
  return { ...bridgeIdentity(choices, tunnelBridge), patchIntOfport, tunnels };
}

/** Physical bridges in order of the mappings. */
function bridgesOf(choices: HostChoices, wiring: Wiring): HostPhysicalBridge[] {
  const { host } = choices;
  const uplinks = uplinkNames(choices);
  return [...host.bridgeMappings].map(([physicalNetwork, name]) => {
    const numbers = defined(wiring.physical.get(name), `numbers of ${name}`);
    return {
      name,
      physicalNetwork,
      ...bridgeIdentity(choices, name),
      intName: patchName("int-", name),
      intOfport: wiring.intOfports.get(name) ?? 0,
      phyName: patchName("phy-", name),
      phyOfport: numbers.phyOfport,
      uplink: {
        name: defined(uplinks.get(name), `uplink of ${name}`),
        ofport: numbers.uplinkOfport,
        datapathPort: numbers.uplinkDatapathPort,
      },
      ports: wiring.ports.filter((wired) => wired.bridge === name),
    };
  });
}

/** Devices on the wire, by bridge: where the topology names none, the first free one after eth0, which carries the tunnels. */
function uplinkNames(choices: HostChoices): ReadonlyMap<string, string> {
  const { host } = choices;
  const names = new Map(host.uplinks);
  const unnamed = [...host.bridgeMappings.values()].filter((bridge) => !names.has(bridge));
  const claims = unnamed.map((bridge) => ({
    owner: `bridge/${escapeName(bridge)}`,
    pointer: host.pointer,
    assign: (name: string) => void names.set(bridge, name),
  }));
  choices.settle("uplink", claims, uplinkPool, new Map([...host.uplinks].map(([bridge, name]) => [name, bridge])));
  return names;
}

const uplinkPool: Pool<string> = {
  what: "device",
  name: "devices of the host",
  read: readText,
  expected: "the name of a device",
  propose(_claim, used) {
    let number = 1;
    while (used.has(`eth${number}`)) number++;
    return { value: `eth${number}`, how: "allocated" };
  },
};

/** Cookie and datapath id of a bridge: random in Neutron and Open vSwitch. */
function bridgeIdentity(choices: HostChoices, bridge: string): { cookie: bigint; datapathId: string } {
  const owner = `bridge/${escapeName(bridge)}`;
  const cookie = choices.derive("cookie", owner, parseCookie, "a cookie such as 0x1f", printCookie, (hex) => BigInt(`0x${hex.slice(-16)}`));
  const datapathId = choices.derive(
    "datapath_id",
    owner,
    parseDatapathId,
    "16 hexadecimal digits",
    String,
    (hex) => `0000${hex.slice(-12)}`,
  );
  return { cookie, datapathId };
}

function parseCookie(text: string): bigint | undefined {
  return /^0x[0-9a-f]{1,16}$/.test(text) ? BigInt(text) : undefined;
}

function printCookie(cookie: bigint): string {
  return `0x${cookie.toString(16)}`;
}

function parseDatapathId(text: string): string | undefined {
  return /^[0-9a-f]{16}$/.test(text) ? text : undefined;
}

function otherDvrMacs(topology: ResolvedTopology, name: string): HostView["otherDvrMacs"] {
  return topology.hosts.flatMap((host) => (host.dvrMac === undefined || host.name === name ? [] : [{ host, mac: host.dvrMac }]));
}
