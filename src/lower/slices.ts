import type { HostPhysicalBridge, HostView, LocalNetwork } from "../model/host-view.js";

/**
 * What each part of a host is made of. A lowering gets no more of the host's view than this, so that who knows that a slice is what it was
 * knows that of the part, too.
 */

/** The host itself, which every part is told of. Namespaces get the one router, DHCP server or external network that they are for besides. */
export type HostSlice = Pick<HostView, "host">;

/** What br-int is made of. */
export type IntegrationSlice = Pick<
  HostView,
  "host" | "dvrMode" | "brInt" | "physicalBridges" | "otherDvrMacs" | "ports" | "dvrDeliveries" | "subnetGateways" | "firewall"
> & { readonly networks: readonly LocalNetwork[] };

/** What br-tun is made of. */
export type TunnelSlice = Pick<HostView, "host" | "dvrMode" | "otherDvrMacs" | "networks"> & {
  readonly brTun: NonNullable<HostView["brTun"]>;
};

/** What a physical bridge is made of. */
export type PhysicalSlice = Pick<HostView, "host" | "dvrMode" | "otherDvrMacs"> & {
  readonly networks: readonly LocalNetwork[];
  readonly bridge: HostPhysicalBridge;
};

/** What the hybrid firewall makes the host's own namespace of. */
export type RootSlice = Pick<HostView, "host" | "ports" | "firewall">;
