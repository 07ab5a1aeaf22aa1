import type { HostFip } from "../../../model/host-view.js";
import { because } from "../because.js";
import { type DualTables, l3Base, type L3Iptables } from "./l3.js";

/** iptables and ip6tables of a fip namespace: nothing is tracked there. Source: Neutron `FipNamespace.create`. */
export function fipIptables(fip: HostFip, options: L3Iptables): DualTables {
  const origin = because("l3/iptables-base", fip.network.pointer);
  const ipv4 = l3Base(4, options, origin);
  ipv4.addRule("raw", "PREROUTING", [], { kind: "notrack" }, because("l3/fip-notrack", fip.network.pointer));
  return { iptables: ipv4.build(), ip6tables: l3Base(6, options, origin).build() };
}
