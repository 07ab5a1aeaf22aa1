import type { Compilation } from "../../compile.js";
import type { Entry } from "../../audit/entry.js";
import { bridgeEntry, namespaceEntry, originOf, pathOf, textOf } from "../../audit/entry.js";
import type { Finding } from "../../audit/finding.js";
import { flowEntries, chainsOf, namespaceEntries, ruleEntries } from "../../audit/compare/entries.js";
import type { HostState } from "../../ir/host-state.js";
import { lowerings } from "../../lower/lowerings.js";
import type { Origin } from "../../source/origin.js";
import type { Pointer } from "../../source/pointer.js";

/** Why a line is expected, or what lines like an unexpected one are for. */
export interface FindingReason {
  /** Id of the lowering. */
  readonly rule: string;
  readonly sentence: string;
  /** Places in the topology, first cause first; none for an unexpected line. */
  readonly because: readonly Pointer[];
  /** True where the rule is that of the nearest expected line, since nothing makes this one. */
  readonly nearest: boolean;
}

/** Hosts besides its own in which the like of an unexpected line is looked for. */
const otherHosts = 8;

/**
 * Finds the rules of Neutron behind findings, in the topology that the expected side was compiled from.
 *
 * Findings should come host by host: all lines are known of one host at a time.
 */
export class Reasons {
  /** Of the host that was asked for last, by what {@link keyOf} says of each line. */
  #lines: { readonly host: string; readonly origins: ReadonlyMap<string, Origin> } | undefined;
  /** Of each host, by shape. */
  readonly #shapes = new Map<string, ReadonlyMap<string, Origin>>();

  constructor(readonly compilation: Compilation | undefined) {}

  /** Errors: undefined where there is no topology to look in, or no rule makes lines like it. */
  of({ host, expected, live }: Finding): FindingReason | undefined {
    if (expected !== undefined) {
      const origin = lowerings.has(expected.origin.lowering) ? expected.origin : this.#linesOf(host).get(keyOf(expected.entry));
      return origin === undefined ? undefined : reasonOf(origin, false);
    }
    const shapes = live === undefined ? [] : shapesOf(live.entry);
    for (const shape of shapes) {
      for (const name of this.#nearHosts(host)) {
        const origin = this.#shapesOf(name).get(shape);
        if (origin !== undefined) return reasonOf(origin, true);
      }
    }
    return undefined;
  }

  /** The host itself, then some others: what is left over on one is often right on another. */
  #nearHosts(host: string): readonly string[] {
    const others = (this.compilation?.hosts ?? []).filter((name) => name !== host);
    return [host, ...others.slice(0, otherHosts)];
  }

  #linesOf(host: string): ReadonlyMap<string, Origin> {
    if (this.#lines?.host !== host) {
      this.#lines = { host, origins: new Map(this.#entriesOf(host).map((entry) => [keyOf(entry), originOf(entry)])) };
    }
    return this.#lines.origins;
  }

  #shapesOf(host: string): ReadonlyMap<string, Origin> {
    const known = this.#shapes.get(host);
    if (known !== undefined) return known;
    const origins = new Map<string, Origin>();
    for (const entry of this.#entriesOf(host)) {
      for (const shape of shapesOf(entry)) if (!origins.has(shape)) origins.set(shape, originOf(entry));
    }
    this.#shapes.set(host, origins);
    return origins;
  }

  #entriesOf(host: string): Entry[] {
    const { compilation } = this;
    const compiled = compilation?.hosts.includes(host) === true ? compilation.host(host)[0] : undefined;
    return compiled === undefined ? [] : entriesOf(compiled.state);
  }
}

function reasonOf({ lowering, because }: Origin, nearest: boolean): FindingReason {
  return { rule: lowering, sentence: lowerings.get(lowering) ?? "", because: nearest ? [] : because, nearest };
}

function keyOf(entry: Entry): string {
  return `${pathOf(entry)} ${textOf(entry)}`;
}

function entriesOf(state: HostState): Entry[] {
  const namespaces = [...state.namespaces, ...(state.root === undefined ? [] : [state.root])];
  return [
    ...state.bridges.flatMap((bridge) => [
      bridgeEntry(bridge),
      ...bridge.ports.map((port) => ({ kind: "port", bridge: bridge.name, port }) as const),
      ...flowEntries(bridge),
    ]),
    ...namespaces.flatMap((namespace) => [
      namespaceEntry(namespace),
      ...namespace.devices.map((device) => ({ kind: "device", namespace: namespace.name, device }) as const),
      ...[...namespaceEntries.values()].flatMap((entriesOf) => entriesOf(namespace)),
      ...namespace.sysctls.map((sysctl) => ({ kind: "sysctl", namespace: namespace.name, sysctl }) as const),
      ...[...chainsOf(namespace, 4), ...chainsOf(namespace, 6)].flatMap((chain) => [
        { kind: "chain", ...chain } as const,
        ...ruleEntries(chain),
      ]),
    ]),
  ];
}

/** What an entry has in common with others of its rule, the most telling first. */
function shapesOf(entry: Entry): string[] {
  const kindOfNamespace = (name: string): string => name.split("-")[0] ?? "";
  switch (entry.kind) {
    case "flow": {
      const { table, priority, match } = entry.flow;
      const fields = Object.keys(match).sort().join(" ");
      const at = `flow ${entry.bridge} ${table}`;
      return [`${at} ${priority} ${fields}`, `${at} ${priority}`, `${at} ${fields}`];
    }
    case "ip-rule": {
      const { lookup, iif, from } = entry.rule;
      const at = `rule ${kindOfNamespace(entry.namespace)}`;
      return [`${at} ${lookup}`, `${at} ${iif === undefined ? "" : "iif"} ${from === undefined ? "" : "from"} ${typeof lookup}`];
    }
    case "route": {
      const { table, destination, nextHops } = entry.route;
      const device = nextHops[0].dev.split("-")[0] ?? "";
      const at = `route ${kindOfNamespace(entry.namespace)} ${entry.version}`;
      const to = destination === "default" ? "default" : destination.endsWith("/32") ? "host" : "prefix";
      return [`${at} ${table} ${device} ${to}`, `${at} ${device} ${to}`];
    }
    case "neighbour":
      return [`neighbour ${kindOfNamespace(entry.namespace)} ${entry.neighbour.dev.split("-")[0] ?? ""}`];
    case "address":
      return [
        `address ${kindOfNamespace(entry.namespace)} ${entry.device.split("-")[0] ?? ""} ${entry.address.cidr.split("/")[1] ?? ""}`,
        `address ${entry.device.split("-")[0] ?? ""}`,
      ];
    case "iptables-rule": {
      const chain = entry.chain.replace(/[0-9a-f]{8}-[0-9a-f]$/, "");
      const target = entry.rule.target?.kind ?? "";
      const at = `chain ${kindOfNamespace(entry.namespace)} ${entry.version} ${entry.table} ${chain}`;
      return [`${at} ${target} ${entry.rule.matches.map(({ kind }) => kind).join(" ")}`, `${at} ${target}`, at];
    }
    case "namespace":
      return [`namespace ${kindOfNamespace(entry.namespace.name)}`];
    case "device":
      return [`device ${entry.device.name.split("-")[0] ?? ""}`];
    case "port":
      return [`port ${entry.bridge} ${entry.port.type.kind} ${entry.port.name.split("-")[0]?.slice(0, 3) ?? ""}`];
    default:
      return [];
  }
}
