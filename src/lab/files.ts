import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { LabPlan } from "./plan/plan.js";

/** Folder of a host's artefacts, as machines of the lab see it. */
export function treeInside(host: string): string {
  return `/run/dvrc/tree/${host}`;
}

/** The configuration of a host's DHCP servers, as machines of the lab see it. */
export function dhcpFileInside(host: string, namespace: string): string {
  return `/run/dvrc/dhcp/${host}/${namespace}`;
}

/** Writes all that machines read: the artefacts, what DHCP servers are told, what metadata servers answer. Replaces what an earlier plan wrote. */
export function writeLabFiles(folder: string, { artefacts, hosts }: LabPlan): void {
  for (const part of ["tree", "dhcp", "metadata"]) rmSync(join(folder, part), { recursive: true, force: true });
  for (const [path, text] of artefacts) write(join(folder, "tree", path), text);
  for (const { name, dhcp } of hosts) {
    for (const { namespace, configuration } of dhcp) write(join(folder, "dhcp", name, namespace), configuration);
  }
  write(join(folder, "metadata/index.html"), "1.0\nlatest\n");
  write(join(folder, "metadata/latest/meta-data/index.html"), "hostname\n");
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
