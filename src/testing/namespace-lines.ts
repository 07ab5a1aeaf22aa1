import { printIpRules } from "../formats/ip-rule/print.js";
import { printRoutes } from "../formats/ip-route/print.js";
import { printIptables } from "../formats/iptables-save/print.js";
import { printNeighbours } from "../formats/ip-neigh/print.js";
import { printSysctls } from "../formats/sysctl/print.js";
import type { IptablesTable } from "../ir/iptables.js";
import type { Namespace } from "../ir/namespace.js";

/** Lines of a namespace as its artefacts have them, kind by kind. */
export interface NamespaceLines {
  readonly rules: readonly string[];
  readonly rules6: readonly string[];
  readonly routes: readonly string[];
  readonly routes6: readonly string[];
  readonly neighbours: readonly string[];
  readonly sysctls: readonly string[];
}

/** Prints a namespace for a test to read. */
export function namespaceLines(namespace: Namespace): NamespaceLines {
  return {
    rules: lines(printIpRules(namespace.ipRules)),
    rules6: lines(printIpRules(namespace.ip6Rules)),
    routes: lines(printRoutes(namespace.routes, 4)),
    routes6: lines(printRoutes(namespace.routes6, 6)),
    neighbours: lines(printNeighbours(namespace.neighbours)),
    sysctls: lines(printSysctls(namespace.sysctls)),
  };
}

/** Rules of one chain as iptables-save(8) prints them, without `-A CHAIN`; undefined where there is no such chain. */
export function chainLines(tables: readonly IptablesTable[], table: string, chain: string): readonly string[] | undefined {
  const found = tables.find(({ name }) => name === table);
  if (found?.chains.some(({ name }) => name === chain) !== true) return undefined;
  const start = `-A ${chain} `;
  return lines(printIptables([found]))
    .filter((line) => line.startsWith(start))
    .map((line) => line.slice(start.length));
}

function lines(text: string): string[] {
  return text.split("\n").slice(0, -1);
}
