import { defined } from "../../base/invariant.js";
import type { IptablesMatch } from "../../ir/iptables.js";
import type { WiredPort } from "../../model/host-view.js";
import type { Release } from "../../releases/release.js";
import type { IptablesBuilder } from "../l3/iptables/builder.js";
import { comment, inDevice } from "../l3/iptables/rule.js";
import { because } from "./because.js";
import { orderedGroups } from "./group-rules.js";
import { qvbName, tapName } from "./ports.js";
import type { RootSlice } from "../slices.js";

/**
 * Rules that put a machine's packets in their conntrack zone: where they come from br-int and where they come from the machine. Those of a port
 * whose groups are stateless are not tracked, if the first of the groups has a rule to tell it by.
 *
 * Source: Neutron `IptablesFirewallDriver._get_jump_rules`.
 */
export function addZones(builder: IptablesBuilder, view: RootSlice, { port }: WiredPort, release: Release): void {
  const [group] = orderedGroups(view, port);
  const stateless = group !== undefined && !group.stateful && group.rules.length > 0;
  const byTwo = release.features.has("hybrid-zone-by-two-matches");
  const zone = defined(view.firewall.zones.get(port.key), `conntrack zone of ${port.key}`);
  const bySide: IptablesMatch[] = [{ kind: "physdev", in: qvbName(port) }, inDevice(qvbName(port)), { kind: "physdev", in: tapName(port) }];
  const origin = because("hybrid/zone", port.pointer, port.network.pointer);
  for (const match of byTwo ? bySide.filter(({ kind }) => kind === "physdev") : bySide) {
    const matches = byTwo ? [match] : [match, comment(stateless ? `Make ${port.id} stateless` : `Set zone for ${port.id}`)];
    builder.addRule("raw", "PREROUTING", matches, stateless ? { kind: "notrack" } : { kind: "ct-zone", zone }, origin);
  }
}
