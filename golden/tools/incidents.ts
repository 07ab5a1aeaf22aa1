import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { applyPatch, parsePatch } from "diff";
import { defined } from "../../src/base/invariant.js";
import { type CliRun, runCli } from "../../src/testing/run-cli.js";

const folder = resolve("golden/incidents");
const capture = resolve("golden/captured/S1");

/** Names of the recorded incidents. */
export function incidentNames(): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Where the report of an incident is. */
export function incidentReportPath(name: string): string {
  return join(folder, name, "report.txt");
}

/** The captured cloud in a folder of its own, imported, whose dumps incidents change. */
export class IncidentScene {
  readonly folder = mkdtempSync(join(tmpdir(), "dvrc-incident-"));

  /** Copies the capture and imports it. Errors: throws where the import fails. */
  async prepare(): Promise<void> {
    cpSync(join(capture, "hosts"), join(this.folder, "dumps"), { recursive: true });
    const { code, stderr } = await this.run("import", "neutron", join(capture, "api"), "--hosts", "dumps", "--name", "S1", "-o", "S1.yaml");
    if (code !== 0) throw new Error(stderr);
  }

  /** Runs dvrc in the folder. */
  run(...args: readonly string[]): Promise<CliRun> {
    return runCli(args, { cwd: this.folder });
  }

  /** What `dvrc diff` says of an incident, whose changes are undone afterwards. */
  async diff(name: string, ...options: readonly string[]): Promise<CliRun> {
    const patches = parsePatch(readFileSync(join(folder, name, "dumps.diff"), "utf8"));
    const paths = patches.map(({ newFileName }) => defined(newFileName, "file name"));
    for (const [index, path] of paths.entries()) {
      const file = join(this.folder, "dumps", path);
      const changed = applyPatch(original(path), defined(patches[index], path));
      if (changed === false) throw new Error(`${name}/dumps.diff does not fit ${path}`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, changed);
    }
    const run = await this.run("diff", "S1.yaml", "dumps", ...options);
    for (const path of paths) this.#restore(path);
    return run;
  }

  /** Removes the folder. */
  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #restore(path: string): void {
    const file = join(this.folder, "dumps", path);
    const text = original(path);
    if (text === "") rmSync(dirname(file), { recursive: true });
    else writeFileSync(file, text);
  }
}

/** A captured file; empty for one that only the incident has. */
function original(path: string): string {
  try {
    return readFileSync(join(capture, "hosts", path), "utf8");
  } catch {
    return "";
  }
}
