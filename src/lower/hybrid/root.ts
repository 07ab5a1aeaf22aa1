import type { IpSet } from "../../ir/iptables.js";
import type { Namespace, Sysctl } from "../../ir/namespace.js";
import type { Release } from "../../releases/release.js";
import { because } from "./because.js";
import { hybridDevices } from "./devices.js";
import { ipSets } from "./ip-sets.js";
import { hybridPorts } from "./ports.js";
import { hybridTables } from "./tables.js";
import type { RootSlice } from "../slices.js";

/** What the firewall programs outside of namespaces and bridges. */
export interface HybridRoot {
  readonly root: Namespace | undefined;
  readonly ipSets: readonly IpSet[];
}

/**
 * The host's own namespace under `firewall_driver=iptables_hybrid`.
 *
 * An agent without any port has applied nothing yet. Source: Neutron `OVSHybridIptablesFirewallDriver`.
 */
export function lowerRoot(view: RootSlice, release: Release): HybridRoot {
  const nothing: HybridRoot = { root: undefined, ipSets: [] };
  if (view.host.agent.firewallDriver !== "iptables_hybrid") return nothing;
  const ports = hybridPorts(view);
  const handled = ports.filtered.length + ports.open.length + (release.features.has("hybrid-trusted-ports") ? ports.trusted.length : 0);
  if (handled === 0) return nothing;
  const machines = view.ports.filter(({ port }) => !port.deviceOwner.startsWith("network:"));
  return {
    root: {
      name: "",
      kind: "root",
      devices: machines.flatMap(hybridDevices),
      ipRules: [],
      ip6Rules: [],
      routes: [],
      routes6: [],
      neighbours: [],
      iptables: hybridTables(view, ports, 4, release),
      ip6tables: hybridTables(view, ports, 6, release),
      sysctls: bridgeNetfilter(view, release),
      origin: because("hybrid/root", view.host.pointer),
    },
    ipSets: ipSets(ports.filtered),
  };
}

/** Source: Neutron 9.0.0 `IptablesFirewallDriver._enable_netfilter_for_bridges`; later releases only warn. */
function bridgeNetfilter(view: RootSlice, release: Release): Sysctl[] {
  if (!release.features.has("hybrid-bridge-netfilter")) return [];
  const origin = because("hybrid/bridge-netfilter", view.host.pointer);
  return ["arptables", "ip6tables", "iptables"].map((tool) => ({ key: `net.bridge.bridge-nf-call-${tool}`, value: "1", origin }));
}
