import type { Bridge } from "./bridge.js";
import type { IpSet } from "./iptables.js";
import type { Namespace } from "./namespace.js";

/** Everything that Neutron's agents program on one host. */
export interface HostState {
  readonly host: string;
  /** br-int, br-tun, then physical bridges in order of name. */
  readonly bridges: readonly Bridge[];
  /** qdhcp-, fip-, qrouter-, snat- in order of name. */
  readonly namespaces: readonly Namespace[];
  /** The host's own namespace, where the iptables_hybrid firewall works; undefined where nothing is programmed there. */
  readonly root: Namespace | undefined;
  readonly ipSets: readonly IpSet[];
}
