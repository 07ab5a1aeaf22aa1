import type { ServerOptions } from "./agent-options.js";
import type { HostDeclaration, NetworkDeclaration, NetworkType } from "./topology.js";

/** How a network travels between hosts: its encapsulation, and for flat and VLAN networks the physical network. */
export interface Carriage {
  readonly type: NetworkType;
  /** Undefined for tunnels, and for a VLAN network for which no physical network has a range. */
  readonly physicalNetwork?: string;
}

/** Why a host cannot carry a network. */
export type Obstacle =
  | { readonly kind: "missing-local-ip"; readonly type: NetworkType }
  | { readonly kind: "missing-tunnel-type"; readonly type: NetworkType }
  | { readonly kind: "missing-bridge-mapping"; readonly physicalNetwork: string };

/** The carriage of a network; a VLAN network that names no physical network takes the first that has a range. */
export function carriageOf(network: NetworkDeclaration, server: ServerOptions): Carriage {
  const type = network.networkType ?? server.tenantNetworkType;
  const physicalNetwork = network.physicalNetwork ?? (type === "vlan" ? Object.keys(server.networkVlanRanges)[0] : undefined);
  return physicalNetwork === undefined ? { type } : { type, physicalNetwork };
}

/**
 * Why Neutron could not bind a port of the network on the host; undefined where it can.
 *
 * Source: Neutron `OpenvswitchMechanismDriver.check_segment_for_agent`; the agent's `validate_tunnel_config`.
 */
export function obstacleTo(host: HostDeclaration, network: NetworkDeclaration, server: ServerOptions): Obstacle | undefined {
  const { type, physicalNetwork } = carriageOf(network, server);
  if (type === "flat" || type === "vlan") {
    if (physicalNetwork === undefined || host.bridgeMappings.has(physicalNetwork)) return undefined;
    return { kind: "missing-bridge-mapping", physicalNetwork };
  }
  if (!host.agent.tunnelTypes.includes(type)) return { kind: "missing-tunnel-type", type };
  return host.localIp === undefined ? { kind: "missing-local-ip", type } : undefined;
}

/** As {@link obstacleTo} for gateway devices of an external network, which an `external_network_bridge` plugs in by itself. */
export function externalObstacleTo(host: HostDeclaration, network: NetworkDeclaration, server: ServerOptions): Obstacle | undefined {
  return host.externalNetworkBridge === undefined ? obstacleTo(host, network, server) : undefined;
}
