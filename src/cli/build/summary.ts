import { extname, relative } from "node:path";
import { diagnosticsToJson } from "../../diagnostics/json.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { visible } from "../../diagnostics/visible.js";
import { coloursOf } from "../colours.js";
import type { Context } from "../context.js";
import { counted, tally } from "../diagnostics.js";
import { printTable } from "../table.js";
import type { Built, BuildOutcome } from "./build.js";
import { type Counts, sumCounts } from "./counts.js";
import { describeLockChange } from "./lock-file.js";

/** Hosts that are listed one by one; of more than these only the total is. */
const listedHosts = 16;

const columns = ["bridges", "namespaces", "flows", "routing", "iptables"] as const satisfies readonly (keyof Counts)[];

/** What a build did, for people. */
export function printSummary(built: Built, diagnostics: readonly Diagnostic[], milliseconds: number, context: Context): string {
  const { compilation, hosts } = built;
  const colours = coloursOf(context.stdout, context.env);
  const heading = `${visible(compilation.resolution.topology.name)} for ${compilation.release.name}: ${counted(hosts.length, "host")}`;
  const rows = hosts.length > listedHosts ? [] : hosts.map(({ name, counts }) => rowOf(visible(name), counts));
  const total = rowOf(hosts.length > listedHosts ? "all hosts" : "total", sumCounts(hosts.map(({ counts }) => counts)));
  const lines = [
    `${colours.bold(heading)} ${colours.dim(`in ${(milliseconds / 1000).toFixed(2)} s`)}`,
    "",
    printTable(["host", ...columns], hosts.length === 1 ? rows : [...rows, total], colours),
    "",
    ...factsOf(built, diagnostics, context).map(([name, fact]) => `  ${colours.dim(name.padEnd(8))}  ${fact}`),
  ];
  return `${lines.join("\n")}\n`;
}

/** What a build did, for machines. */
export function summaryJson({ built, diagnostics }: BuildOutcome, milliseconds: number, context: Context): string {
  const shown = (path: string): string => relative(context.cwd, path);
  const facts =
    built === undefined
      ? {}
      : {
          topology: shown(built.compilation.loaded.document.source.path),
          release: built.compilation.release.name,
          out: shown(built.folder),
          hosts: built.hosts.map(({ name, counts }) => ({ name, ...counts })),
          files: built.files,
          lock: { path: shown(built.compilation.loaded.lockPath), changed: built.lock !== undefined },
          milliseconds: Math.round(milliseconds),
        };
  return `${JSON.stringify({ ...facts, diagnostics: diagnosticsToJson(diagnostics, context.cwd) }, undefined, 2)}\n`;
}

function rowOf(name: string, counts: Counts): readonly string[] {
  return [name, ...columns.map((column) => String(counts[column]))];
}

function factsOf(built: Built, diagnostics: readonly Diagnostic[], context: Context): readonly (readonly [string, string])[] {
  const { compilation, folder, files, lock, recovery } = built;
  const shown = (path: string): string => visible(relative(context.cwd, path) || ".");
  const entry = compilation.loaded.document.source.path;
  return [
    ["topology", `${shown(entry)}${extname(entry) === ".ts" ? " (TypeScript: run as trusted code)" : ""}`],
    ["tree", `${shown(folder)}: ${counted(files.changed, "file")} written, ${files.unchanged} unchanged, ${files.removed} removed`],
    ["lock", `${shown(compilation.loaded.lockPath)}: ${lock === undefined ? "unchanged" : describeLockChange(lock)}`],
    ...(recovery === "finished" ? ([["recovery", "a build that was interrupted was finished first"]] as const) : []),
    ...(diagnostics.length === 0 ? [] : ([["notes", `${tally(diagnostics)}, above`]] as const)),
  ];
}
