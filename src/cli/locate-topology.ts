import { existsSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { Result } from "../diagnostics/diagnostic.js";
import { report } from "../diagnostics/report.js";
import type { Context } from "./context.js";

const fileNames = ["topology.ts", "topology.yaml", "topology.yml", "topology.json"];

/**
 * The topology file that a command line means: the one it names, or the only one in the folder that it names, which is the working folder where it names none.
 *
 * Shape: an absolute path, which need not exist where it was named.
 */
export function locateTopology(argument: string | undefined, context: Context): Result<string> {
  const path = resolve(context.cwd, argument ?? ".");
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path, []];
  const found = fileNames.filter((name) => existsSync(join(path, name)));
  const folder = relative(context.cwd, path) || ".";
  const [only, ...others] = found;
  if (only === undefined) return [undefined, [report("no-topology", { folder }, undefined)]];
  if (others.length > 0) return [undefined, [report("several-topologies", { folder, files: found.join(", ") }, undefined)]];
  return [join(path, only), []];
}

/** True where a word of a command line names a topology: a file of a topology's kind, or a folder with one. */
export function isTopology(argument: string, context: Context): boolean {
  const path = resolve(context.cwd, argument);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) return fileNames.some((name) => existsSync(join(path, name)));
  return found !== undefined && hasTopologyName(path);
}

/** True for the names of files of a topology's kind, whether there or not. */
export function hasTopologyName(path: string): boolean {
  return /\.(?:ts|ya?ml|json)$/.test(path);
}
