import { createHash } from "node:crypto";
import { join } from "node:path";

/** Where the folders of all labs are: gone after a restart of the machine, as the labs are. */
export const labsFolder = "/run/dvrc";

/** Which lab is meant: a topology may have several by name, say one for each release. */
export interface LabName {
  /** Absolute path of the entry file. */
  readonly topology: string;
  readonly name: string | undefined;
}

/** Id of a lab: 8 hexadecimal digits of its topology's path and its name. Labs of different ids share nothing. */
export function labId({ topology, name }: LabName): string {
  return createHash("sha256")
    .update(JSON.stringify([topology, name ?? ""]))
    .digest("hex")
    .slice(0, 8);
}

/** Folder of a lab: what it runs from, and who its first process is. */
export function labFolder(id: string): string {
  return join(labsFolder, `lab-${id}`);
}
