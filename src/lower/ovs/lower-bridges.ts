import { during } from "../../base/invariant.js";
import { by, byText, sorted } from "../../base/order.js";
import type { Bridge, BridgePort } from "../../ir/bridge.js";
import type { HostPhysicalBridge, HostView } from "../../model/host-view.js";
import type { Release } from "../../releases/release.js";
import { lowerBrInt } from "./br-int.js";
import { lowerBrPhys } from "./br-phys.js";
import { lowerBrTun } from "./br-tun.js";
import { integrationPorts, physicalPorts, tunnelPorts } from "./bridge-ports.js";
import { cause } from "./cause.js";
import { type FlowCollision, FlowSet } from "./flow-set.js";

/** The agent itself. Source: Neutron `of_listen_address`, `of_listen_port`. */
const controller = "tcp:127.0.0.1:6633";

/** What the openvswitch firewall needs on br-int. Source: Neutron `OVSFirewallDriver.REQUIRED_PROTOCOLS`. */
const firewallProtocols = ["OpenFlow10", "OpenFlow11", "OpenFlow12", "OpenFlow13", "OpenFlow14"];

/** Hears of flows that overwrite one another. */
export type OnFlowCollision = (collision: FlowCollision) => void;

/**
 * The bridges of a host with their ports and flows, as Neutron's Open vSwitch agent leaves them.
 *
 * Order: br-int, br-tun, then physical bridges by name.
 * `onCollision` hears of flows that overwrite another with the same match, as two servers of one host with one address pair's MAC make.
 */
export function lowerBridges(view: HostView, release: Release, onCollision?: OnFlowCollision): Bridge[] {
  return [...eachBridge(view, release, onCollision)];
}

/** As {@link lowerBridges}, each bridge made when it is asked for. */
export function* eachBridge(view: HostView, release: Release, onCollision: OnFlowCollision = () => undefined): Generator<Bridge, void> {
  const { brTun, host } = view;
  const lowering = (name: string, lower: () => Bridge): Bridge => during(`lowering ${name} of host "${host.name}"`, lower);
  yield lowering("br-int", () => integrationBridge(view, release, onCollision));
  if (brTun !== undefined) yield lowering("br-tun", () => tunnelBridge(view, release, brTun, onCollision));
  for (const bridge of sorted(
    view.physicalBridges,
    by(({ name }) => name, byText),
  )) {
    yield lowering(bridge.name, () => physicalBridge(view, release, bridge, onCollision));
  }
}

function integrationBridge(view: HostView, release: Release, onCollision: OnFlowCollision): Bridge {
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

function tunnelBridge(view: HostView, release: Release, bridge: NonNullable<HostView["brTun"]>, onCollision: OnFlowCollision): Bridge {
  const flows = new FlowSet("br-tun", bridge.cookie);
  lowerBrTun(view, release, bridge, flows);
  flows.collisions.forEach(onCollision);
  return bridgeRow(view, release, "br-tun", bridge.datapathId, tunnelPorts(view, release, bridge), flows);
}

function physicalBridge(view: HostView, release: Release, bridge: HostPhysicalBridge, onCollision: OnFlowCollision): Bridge {
  const flows = new FlowSet(bridge.name, bridge.cookie);
  lowerBrPhys(view, release, bridge, flows);
  flows.collisions.forEach(onCollision);
  return bridgeRow(view, release, bridge.name, bridge.datapathId, physicalPorts(view, bridge), flows);
}

/** Source: Neutron `ovs_lib.OVSBridge.create`, `OVSAgentBridge.setup_controllers`. */
function bridgeRow(
  view: HostView,
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
