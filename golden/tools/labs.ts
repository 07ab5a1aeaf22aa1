import { existsSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { defined } from "../../src/base/invariant.js";
import { compile, type Compilation, compiledHost, loadTopology } from "../../src/compile.js";
import { planCloud } from "../../src/console/cloud.js";
import { collectScript } from "../../src/audit/collect.js";
import { openDumps } from "../../src/cli/dumps/read-dumps.js";
import type { AuditSide } from "../../src/audit/audit.js";
import { compiledSide, dumpedSide } from "../../src/audit/audited-host.js";
import type { HostState } from "../../src/ir/host-state.js";
import { takeDumps } from "../../src/lab/dumps.js";
import { labFolder, labId, type LabName } from "../../src/lab/identity.js";
import { type CommandLine, Inside, runCommand } from "../../src/lab/inside.js";
import { findMachine } from "../../src/lab/plan/machines.js";
import { type LabPlan, planLab } from "../../src/lab/plan/plan.js";
import type { Outcome } from "../../src/lab/processes.js";
import { type LabRecord, readRecord, removeLab } from "../../src/lab/record.js";
import { labUp, type UpOutcome } from "../../src/lab/up.js";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.js";
import type { WorldPlan } from "../../src/virtual/world.js";

/** A topology compiled for a lab: its plan, and the world that the simulation makes of the same states. */
export interface PlannedLab {
  readonly name: LabName;
  readonly compilation: Compilation;
  readonly states: ReadonlyMap<string, HostState>;
  readonly plan: LabPlan;
  readonly worldPlan: WorldPlan;
}

/** Plans the lab of a topology for a release. Labs of one process have names of their own, so that test runs do not meet. */
export async function plannedLab(path: string, release?: string, variant = ""): Promise<PlannedLab> {
  const [loaded, problems] = await loadTopology(path);
  if (loaded === undefined) throw new Error(problems.map(({ message }) => message).join("\n"));
  const [compilation, diagnostics] = compile(loaded, { release });
  if (compilation === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return planned({ topology: realpathSync(path), name: `${process.pid} ${release ?? ""} ${variant}` }, compilation);
}

/** As {@link plannedLab}, of a compilation. */
export function planned(name: LabName, compilation: Compilation): PlannedLab {
  const hosts = new Map(compilation.hosts.map((host) => [host, compiledHost(compilation, host)]));
  const states = new Map([...hosts].map(([host, { state }]) => [host, state]));
  const { topology } = compilation.resolution;
  return { name, compilation, states, plan: planLab(topology, hosts), worldPlan: planCloud(topology, (host) => states.get(host)).plan };
}

/** A lab that is up, for tests. */
export class TestLab {
  constructor(
    readonly planned: PlannedLab,
    readonly outcome: UpOutcome,
    readonly diagnostics: readonly Diagnostic[],
  ) {}

  get record(): LabRecord {
    return defined(readRecord(this.planned.name), "record of the lab");
  }

  get inside(): Inside {
    return new Inside(this.planned.name, this.record.init);
  }

  /** Runs a command in a machine. */
  run(machine: string, ...command: CommandLine): Promise<Outcome> {
    const found = defined(findMachine(this.record.machines, machine), machine);
    return runCommand(this.inside.machineCommand(found, command));
  }

  /** What a command prints. Errors: throws where it fails. */
  async text(machine: string, ...command: CommandLine): Promise<string> {
    const { status, stdout, stderr } = await this.run(machine, ...command);
    if (status !== 0) throw new Error(`${machine}: ${command.join(" ")}: ${stderr}${stdout}`);
    return stdout;
  }

  /** Lines that a command prints when it is told some. Errors: throws where it fails. */
  async told(machine: string, input: readonly string[], ...command: CommandLine): Promise<readonly string[]> {
    const found = defined(findMachine(this.record.machines, machine), machine);
    const said = await this.inside.machine(command.join(" "), found, command, { input: input.map((line) => `${line}\n`).join("") });
    return said.split("\n").slice(0, -1);
  }

  /** Dumps of all hosts, read as `dvrc diff` reads them. */
  async dumps(): Promise<AuditSide & { readonly text: (path: string) => string | undefined }> {
    const folder = await takeDumps(this.record, collectScript("test"));
    const [dumps, problems] = openDumps(folder);
    if (dumps === undefined) throw new Error(problems.map(({ message }) => message).join("\n"));
    const texts = readTexts(folder);
    const hosts = new Map(
      dumps.hosts.flatMap((host) => {
        const loaded = dumps.host(host);
        return loaded === undefined ? [] : [[host, dumpedSide(loaded, false)] as const];
      }),
    );
    rmSync(folder, { recursive: true });
    return { hosts: dumps.hosts, host: (name) => hosts.get(name), text: (path) => texts.get(path) };
  }

  /** The compiled side to compare dumps with. */
  get expected(): AuditSide {
    const { states } = this.planned;
    return {
      hosts: [...states.keys()],
      host: (name) => {
        const state = states.get(name);
        return state === undefined ? undefined : compiledSide(state);
      },
    };
  }
}

/** Starts a lab, or programs one that is up for another plan. Errors: throws where it does not come up. */
export async function startLab(of: PlannedLab): Promise<TestLab> {
  const [outcome, diagnostics] = await labUp(of.name, of.compilation.release.name, of.plan, () => undefined);
  if (outcome === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return new TestLab(of, outcome, diagnostics);
}

/** What the machine has that a lab could leave behind: processes in the lab's namespaces, mounts, namespaces, devices, files. */
export function tracesOf(name: LabName): readonly string[] {
  const folder = labFolder(labId(name));
  const processes = readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => fileText(`/proc/${pid}/cmdline`).includes(folder) || fileText(`/proc/${pid}/mountinfo`).includes(folder.slice(4)));
  return [...processes.map((pid) => `process ${pid}`), ...(existsSync(folder) ? [folder] : [])];
}

/** Takes a lab down. */
export function stopLab({ name }: PlannedLab): void {
  removeLab(name);
}

function fileText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function readTexts(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length + 1), readFileSync(path, "utf8")];
    }),
  );
}
