import type { Ip } from "../net/ip.js";
import type { Mac } from "../net/mac.js";

/** A port of a cloud that its topology does not have. */
export interface LeftOutPort {
  readonly id: string;
  readonly mac: Mac;
  readonly ips: readonly Ip[];
  /** `binding:host_id`; undefined for ports that are bound to none, or to many. */
  readonly host?: string | undefined;
  /** Of its network, where that is a tunnelled one: of another a segmentation id may be the same. */
  readonly tunnelKey?: number | undefined;
}

/** A resource of a cloud that its topology does not have, by what hosts show of it. */
export interface LeftOut {
  /** For people: `router 48a3c2eb-...`. */
  readonly what: string;
  /** By which the namespaces and links of a router or network are named. */
  readonly id: string;
  readonly ports: readonly LeftOutPort[];
  /** Further addresses: floating IPs. */
  readonly addresses: readonly Ip[];
}
