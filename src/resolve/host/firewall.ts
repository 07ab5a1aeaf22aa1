import { present } from "../../base/present.js";
import type { FirewallView, WiredPort } from "../../model/host-view.js";
import { conjunctionOwner, remoteOf } from "../../model/remote.js";
import { ruleName } from "../../model/rule-name.js";
import type { Release } from "../../releases/release.js";
import type { Pointer } from "../../source/pointer.js";
import { readNumber } from "../ledger.js";
import type { HostChoices } from "./choices.js";
import { integrationBridge } from "./wiring.js";

/** Ids of conjunctions are multiples of this: an id has room for two flows of four priorities. Source: Neutron `ConjIdMap`, `CONJ_ID_BLOCK`. */
const conjunctionBlock = 8;
/** The first base id that is given out. */
const firstConjunctionId = 16;
const lastZone = 65535;

/** What the firewall driver of the host chooses for its machines' ports. */
export function firewallView(choices: HostChoices, ports: readonly WiredPort[], release: Release): FirewallView {
  const machines = ports.filter(({ port, bridge }) => bridge === integrationBridge && !port.deviceOwner.startsWith("network:"));
  const filtered = machines.filter(({ port }) => port.portSecurity);
  const { firewallDriver } = choices.host.agent;
  // The openvswitch firewall passes over ports of which the bridge remembers no VLAN. Source: Neutron `get_tag_from_other_config`.
  const tracked = filtered.filter(({ state }) => state !== "idle");
  const conjunctions = firewallDriver === "openvswitch" && release.flowTables.brInt.pipeline !== undefined;
  const hybrid = firewallDriver === "iptables_hybrid";
  return {
    conjunctionIds: conjunctions ? conjunctionIds(choices, tracked) : new Map<string, number>(),
    zones: hybrid ? zones(choices, filtered, release) : new Map<string, number>(),
    groupOrder: hybrid ? groupOrders(choices, filtered) : new Map<string, readonly string[]>(),
    ...(hybrid ? orders(choices, ports, filtered) : {}),
  };
}

/** One base id for each group, remote group, direction and IP version, in order of first use: ports as wired, groups by id, rules as created. */
function conjunctionIds(choices: HostChoices, filtered: readonly WiredPort[]): Map<string, number> {
  const owners = new Map<string, Pointer>();
  for (const group of new Set(filtered.flatMap(({ port }) => port.securityGroups))) {
    for (const rule of group.rules) {
      const remote = remoteOf(rule);
      if (remote === undefined) continue;
      const owner = conjunctionOwner(group, rule, remote);
      if (!owners.has(owner)) owners.set(owner, rule.pointer);
    }
  }
  const ids = new Map<string, number>();
  const next = lowestBlock();
  choices.settle<number>(
    "conjunction_id",
    [...owners].map(([owner, pointer]) => ({ owner, pointer, assign: (id) => void ids.set(owner, id) })),
    {
      what: "conjunction id",
      name: "32 bits",
      read: readNumber,
      expected: "a conjunction id",
      fits: (_, value) => value > 0 && value % conjunctionBlock === 0 && value < 2 ** 32,
      propose: next,
    },
  );
  return ids;
}

function lowestBlock(): (claim: unknown, used: ReadonlyMap<number, string>) => { value: number; how: "allocated" } {
  let next = firstConjunctionId;
  return (_, used) => {
    while (used.has(next)) next += conjunctionBlock;
    return { value: next, how: "allocated" };
  };
}

/**
 * Conntrack zone of each port, in order of wiring; a new zone is above the highest in use.
 *
 * What an earlier driver left may have given the ports of a network one zone: locked zones may repeat.
 * Source: Neutron `IpConntrackManager._find_open_zone`, `OVSHybridIptablesFirewallDriver.CONNTRACK_ZONE_PER_PORT`.
 */
function zones(choices: HostChoices, filtered: readonly WiredPort[], release: Release): Map<string, number> {
  const found = new Map<string, number>();
  const fits = (zone: number): boolean => zone > 0 && zone <= lastZone;
  let last = release.firstConntrackZone - 1;
  for (const { port } of filtered) {
    const zone = choices.lockedNumber("conntrack_zone", port.key, "a conntrack zone", fits);
    if (zone === undefined) continue;
    found.set(port.key, zone);
    last = Math.max(last, zone);
  }
  for (const { port } of filtered) {
    const zone = found.get(port.key) ?? ++last;
    found.set(port.key, zone);
    choices.keep("conntrack_zone", port.key, zone);
  }
  return found;
}

/** Order in which a port's groups came to iptables: that of a Python set, which is chance. The default is ascending id. */
function groupOrders(choices: HostChoices, filtered: readonly WiredPort[]): Map<string, readonly string[]> {
  const orders = new Map<string, readonly string[]>();
  for (const { port } of filtered) {
    const keys = port.securityGroups.map((group) => group.key);
    orders.set(port.key, keys.length < 2 ? keys : choices.chooseOrder("group_order", port.key, keys));
  }
  return orders;
}

/** Orders of events that show in chains: in which order the agent heard of a group's rules, and of ports that it does not filter. */
function orders(
  choices: HostChoices,
  ports: readonly WiredPort[],
  filtered: readonly WiredPort[],
): Pick<FirewallView, "ruleOrder" | "passOrder"> {
  const ruleOrder = new Map<string, readonly string[]>();
  for (const group of new Set(filtered.flatMap(({ port }) => port.securityGroups))) {
    const order = choices.orderException("rule_order", group.key, group.rules.map(ruleName));
    if (order !== undefined) ruleOrder.set(group.key, order);
  }
  const known = new Set(filtered);
  const passing = ports.filter((wired) => wired.localVlan !== undefined && !known.has(wired)).map(({ port }) => port.key);
  return present({
    ruleOrder: ruleOrder.size === 0 ? undefined : ruleOrder,
    passOrder: choices.orderException("pass_order", "firewall", passing),
  });
}
