import type { HostPhysicalBridge, HostView, LocalNetwork, WiredPort } from "../../model/host-view.js";
import type { NetworkType } from "../../model/topology.js";
import type { Release } from "../../releases/release.js";
import type { IntegrationSlice } from "../slices.js";

/** A port of br-int with the network that it is wired to. */
export interface IntegrationPort {
  readonly wired: WiredPort;
  readonly network: LocalNetwork;
  /** Of the network on this host, 1 to 4094. */
  readonly localVlan: number;
}

/** True for networks that are carried between hosts in tunnels. */
export function isTunnelled(type: NetworkType): boolean {
  return type === "vxlan" || type === "gre" || type === "geneve";
}

/**
 * Ports that the agent has bound at some time, on br-int with a local VLAN, in order of wiring.
 *
 * Source: Neutron `OVSNeutronAgent.port_bound`; `port_dead` leaves what it programmed.
 */
export function boundPorts(view: IntegrationSlice): IntegrationPort[] {
  const networks = new Map(view.networks.map((network) => [network.localVlan, network]));
  const bound: IntegrationPort[] = [];
  for (const wired of view.ports) {
    const { port, bridge, localVlan, state } = wired;
    if (localVlan === undefined || bridge !== "br-int" || state === "idle") continue;
    // One of a network that the agent has not wired since it was started is forgotten.
    const network = networks.get(localVlan) ?? {
      network: port.network,
      localVlan,
      ports: [],
      interfaces: [],
      arpReplyInterface: undefined,
    };
    bound.push({ wired, network, localVlan });
  }
  return bound;
}

/**
 * True for ports whose traffic is not checked: Neutron's own, and those without port security.
 *
 * Source: Neutron `neutron.common._utils`/`net.is_port_trusted`, `firewall.port_sec_enabled`.
 */
export function isTrusted({ port }: WiredPort): boolean {
  return port.deviceOwner.startsWith("network:") || !port.portSecurity;
}

/** The physical bridge that carries a flat or VLAN network; undefined for tunnelled ones and where none is mapped. */
export function physicalBridgeOf(view: IntegrationSlice, { network }: LocalNetwork): HostPhysicalBridge | undefined {
  return view.physicalBridges.find((bridge) => bridge.physicalNetwork === network.physicalNetwork);
}

/**
 * Whether br-tun answers ARP requests.
 *
 * Source: Neutron `OVSNeutronAgent.__init__`: needs l2population; Zed and later force it on with DVR and tunnels.
 */
export function hasArpResponder(view: Pick<HostView, "host" | "dvrMode">, release: Release): boolean {
  const { arpResponder, l2Population } = view.host.agent;
  return (arpResponder && l2Population) || (release.features.has("arp-responder-forced") && view.dvrMode);
}
