import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ServerDocument, TopologyDocument } from "../../src/dsl/types.generated.js";
import { dvrc, run } from "./run.js";
import type { Written } from "./row.js";

/** A synthetic cloud on disk, in one language. */
export interface Cloud {
  /** `50:1000`. */
  readonly size: string;
  readonly format: "json" | "yaml";
  /** Its folder, where the tree goes, too. */
  readonly folder: string;
  /** Its topology. */
  readonly path: string;
}

/** Writes a synthetic cloud into a folder of its own. */
export function makeCloud(parent: string, size: string, format: "json" | "yaml"): Cloud {
  const folder = join(parent, `${size.replace(":", "-")}-${format}`);
  mkdirSync(folder);
  run(dvrc("init", folder, "--synthetic", size, "--format", format));
  return { size, format, folder, path: join(folder, `topology.${format}`) };
}

/** The topology's text with one server more, beside the last tenant's others. */
export function withServer({ path, format, size }: Cloud, index: number): string {
  const text = readFileSync(path, "utf8");
  const servers = Number(size.split(":")[1]);
  const tenant = `tenant-${Math.ceil(servers / 20)}`;
  const name = `extra-${index}`;
  const server = { project_id: tenant, host: "compute-1", networks: [`${tenant}-a`], security_groups: [`${tenant}-group`] };
  if (format === "yaml") return `${text}  ${name}: ${JSON.stringify(server)}\n`;
  const topology = JSON.parse(text) as TopologyDocument;
  const more: Record<string, ServerDocument> = { ...topology.servers, [name]: server };
  return `${JSON.stringify({ ...topology, servers: more }, undefined, 2)}\n`;
}

/** Adds a server to the topology's file, as an editor would. */
export function addServer(cloud: Cloud, index: number): void {
  writeFileSync(cloud.path, withServer(cloud, index));
}

/** Files, lines and bytes of a tree. */
export function sizeOfTree(folder: string): Written {
  let files = 0;
  let lines = 0;
  let bytes = 0;
  for (const path of filesOf(folder)) {
    const content = readFileSync(path);
    files++;
    bytes += content.length;
    for (let at = content.indexOf(10); at >= 0; at = content.indexOf(10, at + 1)) lines++;
  }
  return { files, lines, megabytes: bytes / 1e6 };
}

/** Paths of all files of a tree. */
export function* filesOf(folder: string): Generator<string, void> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesOf(path);
    else yield path;
  }
}
