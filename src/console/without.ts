import { printFlow } from "../formats/openflow/print.js";
import { printIpRule } from "../formats/ip-rule/print.js";
import { printNeighbour } from "../formats/ip-neigh/print.js";
import { printRoutes } from "../formats/ip-route/print.js";
import { printRule } from "../formats/iptables-save/print-rule.js";
import { printSysctl } from "../formats/sysctl/print.js";
import type { HostState } from "../ir/host-state.js";
import type { IptablesTable } from "../ir/iptables.js";
import type { Namespace } from "../ir/namespace.js";

/** A line of an artefact, with the lines before it: iptables rules are told apart by the table that they are in. */
export interface ArtefactText {
  /** File below the host's folder: `br-tun.flows`, `qrouter-<id>/ip-rule.txt`. */
  readonly file: string;
  readonly lines: readonly string[];
  /** From 0. */
  readonly index: number;
}

/**
 * The host as it would be if one line of an artefact were gone: a flow, rule, route, neighbour, iptables rule or kernel parameter.
 *
 * Errors: undefined where the line is none of these, or the host has no such entry.
 */
export function withoutLine(state: HostState, artefact: ArtefactText): HostState | undefined {
  const line = artefact.lines[artefact.index] ?? "";
  const slash = artefact.file.indexOf("/");
  if (slash < 0 && artefact.file.endsWith(".flows")) {
    const name = artefact.file.slice(0, -".flows".length);
    const bridges = state.bridges.map((bridge) =>
      bridge.name === name ? { ...bridge, flows: without(bridge.flows, (flow) => printFlow(flow).trim() === line.trim()) } : bridge,
    );
    const changed = bridges.some((bridge, index) => bridge.flows.length !== state.bridges[index]?.flows.length);
    return changed ? { ...state, bridges } : undefined;
  }
  const name = slash < 0 ? "" : artefact.file.slice(0, slash);
  const file = artefact.file.slice(slash + 1);
  if (name === "") {
    const root = state.root === undefined ? undefined : withoutEntry(state.root, file, artefact);
    return root === undefined ? undefined : { ...state, root };
  }
  const found = state.namespaces.find((namespace) => namespace.name === name);
  const changed = found === undefined ? undefined : withoutEntry(found, file, artefact);
  if (changed === undefined) return undefined;
  return { ...state, namespaces: state.namespaces.map((namespace) => (namespace === found ? changed : namespace)) };
}

function withoutEntry(namespace: Namespace, file: string, artefact: ArtefactText): Namespace | undefined {
  const line = (artefact.lines[artefact.index] ?? "").trimEnd();
  const list = <T>(entries: readonly T[], print: (entry: T) => string): readonly T[] | undefined => {
    const kept = without(entries, (entry) => print(entry).trimEnd() === line);
    return kept.length === entries.length ? undefined : kept;
  };
  const changed = (part: Partial<Namespace> | undefined): Namespace | undefined =>
    part === undefined ? undefined : { ...namespace, ...part };
  const put = <K extends keyof Namespace>(key: K, value: Namespace[K] | undefined): Partial<Namespace> | undefined =>
    value === undefined ? undefined : { [key]: value };
  switch (file) {
    case "ip-rule.txt":
      return changed(
        put(
          "ipRules",
          list(namespace.ipRules, (rule) => printIpRule(rule)),
        ),
      );
    case "ip6-rule.txt":
      return changed(
        put(
          "ip6Rules",
          list(namespace.ip6Rules, (rule) => printIpRule(rule)),
        ),
      );
    case "ip-route.txt":
      return changed(
        put(
          "routes",
          list(namespace.routes, (route) => printRoutes([route], 4)),
        ),
      );
    case "ip6-route.txt":
      return changed(
        put(
          "routes6",
          list(namespace.routes6, (route) => printRoutes([route], 6)),
        ),
      );
    case "ip-neigh.txt":
      return changed(
        put(
          "neighbours",
          list(namespace.neighbours, (neighbour) => printNeighbour(neighbour)),
        ),
      );
    case "sysctl.txt":
      return changed(put("sysctls", list(namespace.sysctls, printSysctl)));
    case "iptables-save.txt":
      return changed(put("iptables", withoutRule(namespace.iptables, artefact)));
    case "ip6tables-save.txt":
      return changed(put("ip6tables", withoutRule(namespace.ip6tables, artefact)));
    default:
      return undefined;
  }
}

/** A rule is found by its table, its chain and its place among the chain's rules. */
function withoutRule(tables: readonly IptablesTable[], { lines, index }: ArtefactText): readonly IptablesTable[] | undefined {
  const line = lines[index] ?? "";
  const chainName = /^-A (\S+)/.exec(line)?.[1];
  const start = lines.slice(0, index + 1).findLastIndex((text) => text.startsWith("*"));
  if (chainName === undefined || start < 0) return undefined;
  const tableName = lines[start]?.slice(1);
  const nth = lines.slice(start, index).filter((text) => text.startsWith(`-A ${chainName} `)).length;
  const chain = tables.find((table) => table.name === tableName)?.chains.find((one) => one.name === chainName);
  const rule = chain?.rules[nth];
  if (rule === undefined || `-A ${chainName}${printRule(rule)}` !== line) return undefined;
  return tables.map((table) =>
    table.name !== tableName
      ? table
      : {
          ...table,
          chains: table.chains.map((one) => (one === chain ? { ...one, rules: one.rules.filter((each) => each !== rule) } : one)),
        },
  );
}

function without<T>(entries: readonly T[], isIt: (entry: T) => boolean): readonly T[] {
  const index = entries.findIndex(isIt);
  return index < 0 ? entries : entries.filter((_, at) => at !== index);
}
