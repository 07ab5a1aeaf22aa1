import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { labFolder, labId } from "./identity.js";
import { Inside, script } from "./inside.js";
import { hostNameOf } from "./plan/machines.js";
import type { LabRecord } from "./record.js";

/**
 * Dumps every host of a lab with the script that `dvrc collect` prints.
 *
 * Shape: a folder with a folder for each host, inside the lab's own; the caller removes it.
 * Errors: throws `LabFailure` where a host cannot be dumped.
 */
export async function takeDumps(record: LabRecord, collectScript: string): Promise<string> {
  const folder = join(labFolder(labId(record)), "dumps");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const inside = new Inside(record, record.init);
  const hosts = record.machines.filter(({ kind }) => kind === "host");
  await Promise.all(
    hosts.map(async (machine) => {
      await inside.machine(`dumping ${machine.name}`, machine, script(collectScript, "/run/dvrc/dumps"));
      const [taken, wanted] = [join(folder, hostNameOf(machine)), join(folder, machine.name)];
      if (taken !== wanted && existsSync(taken)) renameSync(taken, wanted);
    }),
  );
  return folder;
}
