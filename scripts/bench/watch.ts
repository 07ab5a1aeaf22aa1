import type { ChildProcess } from "node:child_process";
import { lstatSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { addServer, type Cloud, filesOf } from "./cloud.js";
import { type Cost, median, start } from "./run.js";

/** Servers that are added one after the other. */
const changes = 5;

/** Milliseconds between changes, so that each is a burst of its own. */
const pause = 400;

/** How long it takes from the writing of a topology with one server more until `dvrc build --watch` has written the last file. */
export async function measureWatch(cloud: Cloud, out: string): Promise<Cost> {
  const child = start(["build", cloud.path, "-o", out, "--watch"]);
  try {
    await builtOnce(child);
    const costs: Cost[] = [];
    for (let index = 0; index < changes; index++) {
      await setTimeout(pause);
      const built = builtOnce(child);
      addServer(cloud, 1000 + index);
      const from = lstatSync(cloud.path).ctimeMs;
      await built;
      costs.push({ wall: (newest(out) - from) / 1000, cpu: undefined, peak: undefined });
    }
    return median(costs);
  } finally {
    child.kill();
  }
}

/** Waits until dvrc says that it watches again. Errors: where it ends instead. */
function builtOnce(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      if (!said.includes("Ctrl-C ends it")) return;
      child.off("exit", end);
      child.stderr?.off("data", hear);
      resolve();
    };
    const end = (): void => reject(new Error(`dvrc build --watch ended: ${said}`));
    child.stderr?.on("data", hear);
    child.once("exit", end);
  });
}

/** When the tree was last changed, in milliseconds: a file that moves to its place gets the time of that. */
function newest(out: string): number {
  let latest = lstatSync(join(out, "manifest.json")).ctimeMs;
  for (const path of filesOf(out)) latest = Math.max(latest, lstatSync(path).ctimeMs);
  return latest;
}
