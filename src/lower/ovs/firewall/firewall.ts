import type { ResolvedPort, ResolvedSecurityGroup } from "../../../model/resolved.js";
import type { Release } from "../../../releases/release.js";
import type { FlowSet } from "../flow-set.js";
import { type IntegrationPort, isTrusted } from "../host-facts.js";
import { firewallBase } from "./base.js";
import { Conjunctions } from "./conjunctions.js";
import { directFlows } from "./direct.js";
import { earlyPortFlows } from "./early.js";
import { egressFlows } from "./egress.js";
import { entryFlows } from "./entry.js";
import { filteredPort } from "./filtered-port.js";
import { ingressFlows } from "./ingress.js";
import { GroupMembers } from "./members.js";
import { ruleFlows, ruleTables } from "./rules.js";
import { trackedFlows } from "./tracked.js";
import { trustedPortFlows } from "./trusted-port.js";
import type { IntegrationSlice } from "../../slices.js";

/**
 * The openvswitch firewall driver's flows of br-int.
 *
 * Source: Neutron `neutron.agent.linux.openvswitch_firewall`.
 */
export function firewallFlows(view: IntegrationSlice, release: Release, ports: readonly IntegrationPort[], flows: FlowSet): void {
  flows.addAll(firewallBase(view, release));
  const { pipeline } = release.flowTables.brInt;
  if (pipeline === undefined) {
    const members = new GroupMembers();
    for (const bound of ports) if (!isTrusted(bound.wired)) flows.addAll(earlyPortFlows(view, release, filteredPort(bound), members));
    return;
  }
  const tables = ruleTables(release, pipeline);
  const conjunctions = new Conjunctions(tables, view.firewall.conjunctionIds);
  for (const bound of ports) {
    if (isTrusted(bound.wired)) {
      flows.addAll(trustedPortFlows(view, release, pipeline, bound));
      continue;
    }
    const filtered = filteredPort(bound);
    flows.addAll(entryFlows(view, release, pipeline, filtered));
    flows.addAll(egressFlows(view, release, pipeline, filtered));
    flows.addAll(directFlows(view, release, pipeline, filtered));
    flows.addAll(ingressFlows(view, release, filtered));
    flows.addAll(trackedFlows(view, release, pipeline, filtered));
    const groups = orderedGroups(view, filtered.port);
    for (const group of groups) flows.addAll(ruleFlows(tables, group, filtered));
    flows.addAll(conjunctions.portFlows(filtered, groups));
  }
  flows.addAll(conjunctions.memberFlows());
}

/** A port's groups in the order in which the agent wrote their rules; ascending id where nothing is known. */
function orderedGroups(view: IntegrationSlice, port: ResolvedPort): readonly ResolvedSecurityGroup[] {
  const order = view.firewall.groupOrder.get(port.key);
  if (order === undefined) return port.securityGroups;
  const byKey = new Map(port.securityGroups.map((group) => [group.key, group]));
  const known = order.flatMap((key) => byKey.get(key) ?? []);
  return known.length === port.securityGroups.length ? known : port.securityGroups;
}
