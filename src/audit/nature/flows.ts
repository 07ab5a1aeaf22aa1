import type { Flow } from "../../ir/flow.js";
import type { HostState } from "../../ir/host-state.js";
import type { Mac } from "../../net/mac.js";
import type { Release } from "../../releases/release.js";

/** True for a flow whose being there, or whose interface, is chance or history. The live flow is in our numbers. */
export function isChanceFlow(
  bridge: string,
  expected: Flow | undefined,
  live: Flow | undefined,
  state: HostState,
  release: Release,
): boolean {
  const flow = expected ?? live;
  if (flow === undefined) return false;
  if (bridge === "br-tun") return isChanceFlood(flow, state, release);
  if (bridge !== "br-int") return false;
  const { dvrToSrcMac, dvrToSrcMacPhysical, pipeline } = release.flowTables.brInt;
  switch (flow.table) {
    case pipeline?.transient:
      return (
        (expected === undefined || live === undefined) && (isDirectDelivery(flow, state, release) || isPairDelivery(flow, state, release))
      );
    case dvrToSrcMac:
    case dvrToSrcMacPhysical:
      if (expected === undefined || live === undefined) return isPairDelivery(flow, state, release);
      return shareNetwork(macSet(expected, "ethSrc"), macSet(live, "ethSrc"), state);
    case pipeline?.arpDvrMacToDstMac:
    case pipeline?.arpDvrMacToDstMacPhysical:
      return expected !== undefined && live !== undefined && shareNetwork(macSet(expected, "ethDst"), macSet(live, "ethDst"), state);
    case 0:
      return flow.match.arpTha !== undefined && isSharedSubnet(flow.match.arpTha, state);
    default:
      return false;
  }
}

/** The openvswitch firewall removes a port's direct flow whenever it programs the port again. */
function isDirectDelivery({ table, priority, match }: Flow, state: HostState, release: Release): boolean {
  if (priority !== release.flowPriorities.dvrDelivery) return false;
  return flowsOf(state, "br-int").some(
    (other) =>
      other.table === table && other.priority > priority && other.match.ethDst === match.ethDst && other.match.vlanVid === match.vlanVid,
  );
}

/** Deliveries to allowed address pairs are there only where the port was bound after the router's interface. */
function isPairDelivery({ priority, match }: Flow, state: HostState, release: Release): boolean {
  if (priority !== release.flowPriorities.dvrDelivery) return false;
  const macs = facts(state).ports;
  return release.features.has("dvr-address-pairs") && macs.size > 0 && typeof match.ethDst === "string" && !macs.has(match.ethDst);
}

/** A network that no other host has keeps the tunnels that were there when it was wired. */
function isChanceFlood({ table, priority, match }: Flow, state: HostState, release: Release): boolean {
  const { floodToTun, ucastToTun } = release.flowTables.brTun;
  if (table !== floodToTun || priority !== 1 || match.vlanVid === undefined) return false;
  return !flowsOf(state, "br-tun").some((other) => other.table === ucastToTun && other.match.vlanVid === match.vlanVid);
}

function flowsOf({ bridges }: HostState, name: string): readonly Flow[] {
  return bridges.find((bridge) => bridge.name === name)?.flows ?? [];
}

function macSet({ actions }: Flow, field: "ethSrc" | "ethDst"): Mac | undefined {
  for (const action of actions) if (action.kind === "set-field" && action.field === field) return action.value;
  return undefined;
}

/** Whether two MACs are those of interfaces of distributed routers on one network. */
function shareNetwork(one: Mac | undefined, other: Mac | undefined, state: HostState): boolean {
  const { interfaces } = facts(state);
  const network = one === undefined ? undefined : interfaces.get(one);
  return network !== undefined && one !== other && other !== undefined && interfaces.get(other) === network;
}

/** Whether several interfaces of distributed routers are on the network of one with this MAC. */
function isSharedSubnet(mac: Mac, state: HostState): boolean {
  const { interfaces } = facts(state);
  const network = interfaces.get(mac);
  return network !== undefined && [...interfaces.values()].filter((vlan) => vlan === network).length > 1;
}

interface StateFacts {
  /** Local VLAN by MAC of router interfaces. */
  readonly interfaces: ReadonlyMap<Mac, number>;
  /** MACs of ports, as far as the state tells them. */
  readonly ports: ReadonlySet<string>;
}

const factsOf = new WeakMap<HostState, StateFacts>();

function facts(state: HostState): StateFacts {
  const known = factsOf.get(state);
  if (known !== undefined) return known;
  const ports = state.bridges.flatMap((bridge) => bridge.ports);
  const tags = new Map(ports.map(({ name, tag }) => [name, tag]));
  const interfaces = new Map<Mac, number>();
  for (const { kind, devices } of state.namespaces) {
    if (kind !== "qrouter") continue;
    for (const { name, mac } of devices) {
      const tag = tags.get(name);
      if (tag !== undefined && name.startsWith("qr-")) interfaces.set(mac, tag);
    }
  }
  const found = { interfaces, ports: new Set(ports.flatMap(({ externalIds }) => externalIds?.["attached-mac"] ?? [])) };
  factsOf.set(state, found);
  return found;
}
