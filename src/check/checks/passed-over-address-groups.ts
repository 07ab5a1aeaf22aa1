import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { pointerTo } from "../../source/pointer.js";
import type { CheckContext } from "../context.js";
import { describeRule } from "../rules.js";

/** Rules mean what they say. Source: Neutron `IptablesFirewallDriver._convert_sg_rule_to_iptables_args` before `_get_any_remote_group_id_in_rule`. */
export function* checkPassedOverAddressGroups({ topology, release, at }: CheckContext): Iterable<Diagnostic> {
  if (!release.features.has("stateless-and-address-groups") || release.features.has("hybrid-matches-address-groups")) return;
  const host = [...topology.hosts.values()].find(({ agent }) => agent.firewallDriver === "iptables_hybrid");
  if (host === undefined) return;
  for (const group of topology.securityGroups.values()) {
    for (const rule of group.rules) {
      if (rule.remoteAddressGroup === undefined) continue;
      const holes = { owner: describeRule(group, rule), host: host.name, release: release.name };
      yield report("address-group-passed-over", holes, at(pointerTo(rule.pointer, "remote_address_group")));
    }
  }
}
