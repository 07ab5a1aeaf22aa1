import { relative } from "node:path";
import { type ChoiceNature, hostChoices } from "../../adopt/choices.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { diagnosticsToJson } from "../../diagnostics/json.js";
import { visible } from "../../diagnostics/visible.js";
import type { Imported } from "../../import-cloud.js";
import { type Colours, coloursOf } from "../colours.js";
import type { Context } from "../context.js";
import { counted, tally } from "../diagnostics.js";

/** What an import made and wrote. */
export interface ImportOutcome {
  readonly imported: Imported;
  /** Absolute paths. */
  readonly topologyPath: string;
  readonly lockPath: string;
  /** Hosts whose dumps were read. */
  readonly dumped: readonly string[];
  /** True where the release was told on the command line. */
  readonly releaseTold: boolean;
}

/** What was imported, for people. */
export function importSummary(outcome: ImportOutcome, diagnostics: readonly Diagnostic[], context: Context): string {
  const { imported, topologyPath, lockPath, dumped, releaseTold } = outcome;
  const colours = coloursOf(context.stdout, context.env);
  const { compilation, adopted } = imported;
  const { name } = compilation.resolution.topology;
  const how = releaseTold ? "" : dumped.length === 0 ? ", dvrc's default" : ", by the hosts' flow tables";
  const shown = (path: string): string => visible(relative(context.cwd, path));
  const leftOut = diagnostics.filter((diagnostic) => diagnostic.name === "left-out").length;
  const lines = [
    colours.bold(`${visible(name)} for ${compilation.release.name}${how}`),
    "",
    `  ${resources(imported)}`,
    ...(leftOut === 0 ? [] : [`  ${colours.yellow(`${leftOut} left out`)}, above; dvrc diff --api tells what is theirs from drift`]),
    "",
    ...(adopted.size === 0
      ? ["  No host was dumped: what only hosts know follows dvrc's own rules."]
      : adoptedLines(adopted, dumped, colours)),
    "",
    `  ${colours.dim("topology")}  ${shown(topologyPath)}`,
    `  ${colours.dim("lock    ")}  ${shown(lockPath)}: ${counted(compilation.nextLock().allocations.size, "allocation")}`,
    ...(diagnostics.length === 0 ? [] : [`  ${colours.dim("notes   ")}  ${tally(diagnostics)}, above`]),
  ];
  return `${lines.join("\n")}\n`;
}

function resources({ compilation }: Imported): string {
  const { hosts, networks, routers, servers, ports, floatingIps, securityGroups, addressGroups } = compilation.resolution.topology;
  return [
    counted(hosts.length, "host"),
    counted(networks.length, "network"),
    counted(networks.flatMap(({ subnets }) => subnets).length, "subnet"),
    counted(routers.length, "router"),
    counted(servers.length, "server"),
    counted(ports.length, "port"),
    counted(floatingIps.length, "floating IP"),
    counted(securityGroups.length, "security group"),
    ...(addressGroups.length === 0 ? [] : [counted(addressGroups.length, "address group")]),
  ].join(", ");
}

const headings: Readonly<Record<ChoiceNature, string>> = {
  number: "numbers that hosts gave out",
  random: "drawn at random",
  history: "chance and history, which no rule gives",
};

function adoptedLines(adopted: Imported["adopted"], dumped: readonly string[], colours: Colours): string[] {
  const lines = [`  Taken over from the dumps of ${counted(dumped.length, "host")}, as choices in the lock:`];
  for (const nature of ["history", "random", "number"] as const) {
    const kinds = [...adopted].filter(([what]) => (hostChoices.get(what)?.nature ?? "number") === nature);
    if (kinds.length === 0) continue;
    const total = kinds.reduce((sum, [, { count }]) => sum + count, 0);
    lines.push(`    ${colours.cyan(String(total))} ${headings[nature]}`);
    for (const [what, { count, otherwise }] of kinds) {
      const differing = otherwise === 0 ? "" : colours.dim(` (${otherwise} unlike dvrc's default)`);
      lines.push(`      ${String(count).padStart(5)} ${hostChoices.get(what)?.title ?? what}${differing}`);
    }
  }
  return lines;
}

/** What was imported, for machines. `outcome` is undefined where nothing was written. */
export function importJson(outcome: ImportOutcome | undefined, diagnostics: readonly Diagnostic[], context: Context): string {
  const facts = outcome === undefined ? {} : factsOf(outcome, context);
  return `${JSON.stringify({ ...facts, diagnostics: diagnosticsToJson(diagnostics, context.cwd) }, undefined, 2)}\n`;
}

function factsOf({ imported, topologyPath, lockPath, dumped }: ImportOutcome, context: Context): object {
  const { compilation, adopted } = imported;
  const { hosts, networks, routers, servers, ports, floatingIps, securityGroups, addressGroups } = compilation.resolution.topology;
  return {
    topology: relative(context.cwd, topologyPath),
    lock: relative(context.cwd, lockPath),
    release: compilation.release.name,
    dumped,
    resources: {
      hosts: hosts.length,
      networks: networks.length,
      subnets: networks.flatMap(({ subnets }) => subnets).length,
      routers: routers.length,
      servers: servers.length,
      ports: ports.length,
      floating_ips: floatingIps.length,
      security_groups: securityGroups.length,
      address_groups: addressGroups.length,
    },
    adopted: [...adopted].map(([what, counts]) => ({ what, nature: hostChoices.get(what)?.nature, ...counts })),
  };
}
