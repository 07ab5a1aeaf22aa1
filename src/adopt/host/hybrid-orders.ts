import { printRule } from "../../formats/iptables-save/print-rule.js";
import type { IptablesRule } from "../../ir/iptables.js";
import type { HostView, WiredPort } from "../../model/host-view.js";
import type { ResolvedPort, ResolvedSecurityGroup, ResolvedSecurityGroupRule } from "../../model/resolved.js";
import { ruleName } from "../../model/rule-name.js";
import type { DumpedHost } from "./facts.js";
import type { Adopt } from "./numbers.js";

/** The order of a group's rules, from the first port whose chains have them all; adopted where it is not that of creation. */
export function adoptRuleOrders(view: HostView, compiled: DumpedHost, dump: DumpedHost, adopt: Adopt): void {
  const told = new Set<string>();
  for (const { port } of view.ports) {
    if (!view.firewall.zones.has(port.key)) continue;
    for (const group of port.securityGroups) {
      if (told.has(group.key)) continue;
      const places = rulePlaces(port, group, compiled, dump);
      if (places === undefined) continue;
      told.add(group.key);
      const placeOf = (rule: ResolvedSecurityGroupRule): number => places.get(rule) ?? 0;
      const chainOf = (rule: ResolvedSecurityGroupRule): number => Math.floor(placeOf(rule) / chainLimit);
      const own = group.rules.filter((rule) => places.has(rule));
      const created = [...own].sort((a, b) => chainOf(a) - chainOf(b));
      const order = [...own].sort((a, b) => placeOf(a) - placeOf(b));
      if (order.some((rule, index) => rule !== created[index])) adopt("rule_order", group.key, order.map(ruleName));
    }
  }
}

/** Where the dump has each rule of a group, numbered from chain to chain. Errors: undefined where it lacks one. */
function rulePlaces(
  port: ResolvedPort,
  group: ResolvedSecurityGroup,
  compiled: DumpedHost,
  dump: DumpedHost,
): Map<ResolvedSecurityGroupRule, number> | undefined {
  // The rules that a group began with have one place in the topology; no two of them are for one direction and version.
  const rules = new Map(group.rules.map((rule) => [`${rule.pointer} ${rule.direction} ${rule.ethertype}`, rule] as const));
  const places = new Map<ResolvedSecurityGroupRule, number>();
  for (const direction of ["i", "o"]) {
    const name = `neutron-openvswi-${direction}${port.id.slice(0, 10)}`;
    for (const version of [4, 6] as const) {
      const first = places.size;
      const inDump = new Map(chainRules(dump, name, version).map((rule, index) => [textOf(rule), index] as const));
      for (const rule of chainRules(compiled, name, version)) {
        const own = rules.get(`${rule.origin.because[0]} ${direction === "i" ? "ingress" : "egress"} IPv${version}`);
        if (own === undefined) continue;
        const index = inDump.get(textOf(rule));
        if (index === undefined) return undefined;
        places.set(own, first * chainLimit + index);
      }
    }
  }
  return places;
}

/** More rules than any chain has, so that numbers of one chain are below those of the next. */
const chainLimit = 2 ** 20;

/** The order of ports that pass, by the rules that let them. */
export function adoptPassOrder(view: HostView, dump: DumpedHost, adopt: Adopt): void {
  const places = new Map<string, number>();
  for (const [index, { matches, target }] of chainRules(dump, "neutron-openvswi-FORWARD", 4).entries()) {
    const physdev = matches.find((match) => match.kind === "physdev");
    if (target?.kind !== "accept" || physdev?.kind !== "physdev") continue;
    const device = physdev.out ?? physdev.in;
    if (device !== undefined && !places.has(device)) places.set(device, index);
  }
  const placeOf = ({ port }: WiredPort): number | undefined => places.get(`tap${port.id.slice(0, 11)}`);
  const passing = view.ports.filter((wired) => placeOf(wired) !== undefined);
  const order = [...passing].sort((a, b) => (placeOf(a) ?? 0) - (placeOf(b) ?? 0));
  // Those that are trusted come before those without port security in any case.
  const kinds = [order.filter((wired) => isTrusted(wired)), order.filter((wired) => !isTrusted(wired))];
  const wired = [passing.filter((one) => isTrusted(one)), passing.filter((one) => !isTrusted(one))];
  if (kinds.flat().some((one, index) => one !== wired.flat()[index])) {
    adopt(
      "pass_order",
      "firewall",
      kinds.flat().map(({ port }) => port.key),
    );
  }
}

function isTrusted({ port }: WiredPort): boolean {
  return port.deviceOwner.startsWith("network:");
}

/** Rules of a chain of the host's own filter table; empty where there is none. */
export function chainRules(host: DumpedHost, name: string, version: 4 | 6): readonly IptablesRule[] {
  const { root } = host.state;
  const filter = (version === 4 ? root?.iptables : root?.ip6tables)?.find((table) => table.name === "filter");
  return filter?.chains.find((chain) => chain.name === name)?.rules ?? [];
}

/** A rule as iptables-save(8) has it, by which two are compared. */
export function textOf(rule: IptablesRule): string {
  return printRule(rule);
}
