import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { pointerTo } from "../../source/pointer.js";
import type { CheckContext } from "../context.js";

/** Stateless groups are stateless. Source: of Neutron's drivers only `IptablesFirewallDriver` reads `stateful` (`_are_sg_rules_stateful`). */
export function* checkTrackedStatelessGroups({ topology, release, at }: CheckContext): Iterable<Diagnostic> {
  const host = [...topology.hosts.values()].find(({ agent }) => agent.firewallDriver === "openvswitch");
  if (host === undefined || !release.features.has("stateless-and-address-groups")) return;
  for (const { key, pointer, stateful } of topology.securityGroups.values()) {
    if (!stateful) yield report("stateless-group-tracked", { group: key, host: host.name }, at(pointerTo(pointer, "stateful")));
  }
}
