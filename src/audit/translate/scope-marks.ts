import type { HostState } from "../../ir/host-state.js";
import type { IptablesRule } from "../../ir/iptables.js";
import type { Masked } from "../../ir/match.js";
import type { Namespace } from "../../ir/namespace.js";
import { majority, oneToOne, type Renumbering } from "./translation.js";

/** Mask of the marks of address scopes. Source: Neutron `router_info.ADDRESS_SCOPE_MARK_MASK`. */
const scopeMask = 0xffff0000;

/** The mark of networks without an address scope, which no router gives to one. Source: Neutron `router_info.ADDRESS_SCOPE_MARK_ID_MIN`. */
const noScope = 1024;

/**
 * Marks of address scopes by namespace, matched by the devices that set them and ask for them. A router's namespaces share its marks.
 *
 * Each agent numbers the scopes of a router in the order in which it hears of them.
 */
export function translateScopeMarks(
  expected: HostState,
  live: HostState,
  renumberings: Renumbering[],
): ReadonlyMap<string, ReadonlyMap<number, number>> {
  const there = new Map(live.namespaces.map((namespace) => [namespace.name, namespace]));
  const translation = new Map<string, ReadonlyMap<number, number>>();
  for (const [router, namespaces] of byRouter(expected)) {
    const votes = new Map<number, number[]>();
    const all = new Set<number>();
    for (const namespace of namespaces) {
      const others = deviceMarks(there.get(namespace.name));
      for (const mark of others.values()) all.add(mark);
      for (const [place, mark] of deviceMarks(namespace)) {
        const other = others.get(place);
        votes.set(mark, [...(votes.get(mark) ?? []), ...(other === undefined ? [] : [other])]);
      }
    }
    const claims = [...votes].map(([mark, others]) => [majority(mark, others), mark] as const);
    const map = oneToOne(claims, all);
    for (const [other, mark] of claims) {
      if (map.get(other) !== mark) continue;
      renumberings.push({
        what: "address scope mark",
        owner: `router ${router}`,
        expected: hex(mark),
        live: hex(other),
        nature: "renumbering",
      });
    }
    for (const { name } of namespaces) translation.set(name, map);
  }
  return translation;
}

/** A rule whose marks of address scopes are called as expected. */
export function withScopeMarks(rule: IptablesRule, marks: ReadonlyMap<number, number> | undefined): IptablesRule {
  if (marks === undefined || marks.size === 0) return rule;
  const called = (mark: Masked<number>): Masked<number> => {
    const known = mark.mask === scopeMask ? marks.get(mark.value >>> 16) : undefined;
    return known === undefined ? mark : { ...mark, value: (known << 16) >>> 0 };
  };
  const { target, matches } = rule;
  return {
    ...rule,
    matches: matches.map((match) => (match.kind === "mark" || match.kind === "connmark" ? { ...match, mark: called(match.mark) } : match)),
    target: target?.kind === "set-mark" ? { ...target, mark: called(target.mark) } : target,
  };
}

function byRouter({ namespaces }: HostState): ReadonlyMap<string, readonly Namespace[]> {
  const routers = new Map<string, Namespace[]>();
  for (const namespace of namespaces) {
    if (namespace.kind !== "qrouter" && namespace.kind !== "snat") continue;
    const router = namespace.name.slice(namespace.kind.length + 1);
    routers.set(router, [...(routers.get(router) ?? []), namespace]);
  }
  return routers;
}

/** Marks of a namespace's devices, by version, table and device: those that are a scope's. */
function deviceMarks(namespace: Namespace | undefined): ReadonlyMap<string, number> {
  const marks = new Map<string, number>();
  for (const [version, tables] of [[4, namespace?.iptables] as const, [6, namespace?.ip6tables] as const]) {
    for (const table of tables ?? []) {
      for (const { name, rules } of table.chains) {
        if (name !== "neutron-l3-agent-scope") continue;
        for (const rule of rules) {
          const [device, mark] = [deviceOf(rule), scopeMarkOf(rule)];
          if (device !== undefined && mark !== undefined && mark !== noScope) marks.set(`${version} ${table.name} ${device}`, mark);
        }
      }
    }
  }
  return marks;
}

function deviceOf({ matches }: IptablesRule): string | undefined {
  for (const match of matches) if (match.kind === "in-interface" || match.kind === "out-interface") return match.name;
  return undefined;
}

function scopeMarkOf({ matches, target }: IptablesRule): number | undefined {
  const asked = matches.find((match) => match.kind === "mark");
  const mark = target?.kind === "set-mark" ? target.mark : asked?.kind === "mark" ? asked.mark : undefined;
  return mark?.mask === scopeMask ? mark.value >>> 16 : undefined;
}

function hex(mark: number): string {
  return `0x${mark.toString(16)}`;
}
