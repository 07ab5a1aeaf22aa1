import { during } from "../../base/invariant.js";
import { by, byText, sorted } from "../../base/order.js";
import type { Bridge, BridgePort } from "../../ir/bridge.js";
import type { FlowChange } from "../../ir/flow.js";
import type { HostNetwork, HostPhysicalBridge, HostView, LocalNetwork } from "../../model/host-view.js";
import type { Release } from "../../releases/release.js";
import type { HostSlice, IntegrationSlice, PhysicalSlice, TunnelSlice } from "../slices.js";
import { lowerBrInt } from "./br-int.js";
import { lowerBrPhys } from "./br-phys.js";
import { lowerBrTun } from "./br-tun.js";
import { integrationPorts, physicalPorts, tunnelPorts } from "./bridge-ports.js";
import { cause } from "./cause.js";
import { type FlowCollision, FlowSet } from "./flow-set.js";
import { type IsSame, tunnelChange } from "./tunnel-change.js";

/** The agent itself. Source: Neutron `of_listen_address`, `of_listen_port`. */
const controller = "tcp:127.0.0.1:6633";

/** What the openvswitch firewall needs on br-int. Source: Neutron `OVSFirewallDriver.REQUIRED_PROTOCOLS`. */
const firewallProtocols = ["OpenFlow10", "OpenFlow11", "OpenFlow12", "OpenFlow13", "OpenFlow14"];

/** Hears of flows that overwrite one another. */
export type OnFlowCollision = (collision: FlowCollision) => void;

/** A bridge before it is lowered. */
export interface BridgePlan {
  readonly name: string;
  /** All that it is made of, besides the release. */
  readonly slice: IntegrationSlice | TunnelSlice | PhysicalSlice;
  readonly lower: () => Bridge;
  /** How the flows differ from those of an earlier slice, and nothing else does. Errors: undefined where that is not so, or not known. */
  readonly change?: (before: object, isSame: IsSame) => FlowChange | undefined;
}

/**
 * The bridges of a host with their ports and flows, as Neutron's Open vSwitch agent leaves them.
 *
 * Order: br-int, br-tun, then physical bridges by name.
 * `onCollision` hears of flows that overwrite another with the same match, as two servers of one host with one address pair's MAC make.
 */
export function lowerBridges(view: HostView, release: Release, onCollision?: OnFlowCollision): Bridge[] {
  return planBridges(view, release, onCollision).map(({ lower }) => lower());
}

/** As {@link lowerBridges}, each bridge made when it is asked for. */
export function planBridges(view: HostView, release: Release, onCollision: OnFlowCollision = () => undefined): BridgePlan[] {
  const { host, dvrMode, otherDvrMacs, networks: withTunnels, brTun } = view;
  const networks = withTunnels.map(asLocal);
  const lowering = <T>(name: string, work: () => T): T => during(`lowering ${name} of host "${host.name}"`, work);
  const plan = (name: string, slice: BridgePlan["slice"], lower: () => Bridge): BridgePlan => ({
    name,
    slice,
    lower: () => lowering(name, lower),
  });
  const integration = lowering("br-int", () => integrationSlice(view, networks));
  const plans = [plan("br-int", integration, () => integrationBridge(integration, release, onCollision))];
  if (brTun !== undefined) {
    const tunnels: TunnelSlice = { host, dvrMode, otherDvrMacs, networks: withTunnels, brTun };
    plans.push({
      ...plan("br-tun", tunnels, () => tunnelBridge(tunnels, release, onCollision)),
      change: (before, isSame) => (isTunnelSlice(before) ? tunnelChange(before, tunnels, release, isSame) : undefined),
    });
  }
  for (const bridge of sorted(view.physicalBridges, byName)) {
    const physical: PhysicalSlice = { host, dvrMode, otherDvrMacs, networks, bridge };
    plans.push(plan(bridge.name, physical, () => physicalBridge(physical, release, onCollision)));
  }
  return plans;
}

function isTunnelSlice(slice: object): slice is TunnelSlice {
  return "brTun" in slice;
}

const byName = by(({ name }: HostPhysicalBridge) => name, byText);

function asLocal({ network, localVlan, ports, interfaces, arpReplyInterface }: HostNetwork): LocalNetwork {
  return { network, localVlan, ports, interfaces, arpReplyInterface };
}

function integrationSlice(view: HostView, networks: readonly LocalNetwork[]): IntegrationSlice {
  const { host, dvrMode, brInt, physicalBridges, otherDvrMacs, ports, subnetGateways, firewall } = view;
  const byVlan = new Map(networks.map((network) => [network.localVlan, network]));
  const dvrDeliveries = view.dvrDeliveries.map((delivery) => ({
    ...delivery,
    network: byVlan.get(delivery.network.localVlan) ?? delivery.network,
  }));
  return { host, dvrMode, brInt, physicalBridges, otherDvrMacs, networks, ports, dvrDeliveries, subnetGateways, firewall };
}

function integrationBridge(view: IntegrationSlice, release: Release, onCollision: OnFlowCollision): Bridge {
  const flows = new FlowSet("br-int", view.brInt.cookie);
  lowerBrInt(view, release, flows);
  flows.collisions.forEach(onCollision);
  const row = bridgeRow(view, release, "br-int", view.brInt.datapathId, integrationPorts(view, release), flows);
  const firewall = view.host.agent.firewallDriver === "openvswitch";
  return {
    ...row,
    protocols: firewall ? firewallProtocols : row.protocols,
    otherConfig: { ...row.otherConfig, ...release.ovsdb.integrationBridge },
  };
}

function tunnelBridge(view: TunnelSlice, release: Release, onCollision: OnFlowCollision): Bridge {
  const { cookie, datapathId } = view.brTun;
  const flows = new FlowSet("br-tun", cookie);
  lowerBrTun(view, release, view.brTun, flows);
  flows.collisions.forEach(onCollision);
  return bridgeRow(view, release, "br-tun", datapathId, tunnelPorts(view, release, view.brTun), flows);
}

function physicalBridge(view: PhysicalSlice, release: Release, onCollision: OnFlowCollision): Bridge {
  const { bridge } = view;
  const flows = new FlowSet(bridge.name, bridge.cookie);
  lowerBrPhys(view, release, bridge, flows);
  flows.collisions.forEach(onCollision);
  return bridgeRow(view, release, bridge.name, bridge.datapathId, physicalPorts(view, bridge), flows);
}

/** Source: Neutron `ovs_lib.OVSBridge.create`, `OVSAgentBridge.setup_controllers`. */
function bridgeRow(
  view: HostSlice,
  release: Release,
  name: string,
  datapathId: string,
  ports: readonly BridgePort[],
  flows: FlowSet,
): Bridge {
  return {
    name,
    datapathId,
    failMode: "secure",
    datapathType: view.host.agent.datapathType,
    controllers: [controller],
    protocols: release.ovsdb.protocols,
    otherConfig: release.ovsdb.bridge,
    ports,
    flows: flows.flows(),
    origin: cause("bridge/row", view.host.pointer),
  };
}
