import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { labFolder, labId, type LabName } from "./identity.js";
import type { LabMachine } from "./plan/machines.js";
import { isRunning } from "./processes.js";
import { hasTraces, type LabRecord, readRecord } from "./record.js";

/** How a lab is. */
export type LabState =
  | { readonly kind: "down" }
  /** It did not come up whole, or was ended from outside. */
  | { readonly kind: "broken" }
  | { readonly kind: "up"; readonly record: LabRecord; readonly machines: readonly MachineState[] };

/** A machine of a lab, and whether what holds it still runs. */
export interface MachineState {
  readonly machine: LabMachine;
  readonly isRunning: boolean;
}

/** Looks at a lab from outside; changes nothing. */
export function labState(name: LabName): LabState {
  if (!hasTraces(name)) return { kind: "down" };
  const record = readRecord(name);
  if (record?.isWhole !== true || !isRunning(record.init)) return { kind: "broken" };
  return { kind: "up", record, machines: record.machines.map((machine) => ({ machine, isRunning: isHeld(record, machine) })) };
}

/** The process that holds the machine's namespaces, in the lab's own process table. */
function isHeld(record: LabRecord, { number }: LabMachine): boolean {
  const file = join(labFolder(labId(record)), "machines", String(number));
  return existsSync(file) && existsSync(`/proc/${record.init.pid}/root/proc/${readFileSync(file, "utf8").trim()}`);
}
