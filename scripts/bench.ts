import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import process from "node:process";

/** A command whose cold start is measured, and how many times `node -e 0` it may take. */
interface Measured {
  readonly name: string;
  readonly args: readonly string[];
  readonly atMost: number | undefined;
}

const runs = Number(process.argv[2] ?? 15);
const folder = mkdtempSync(join(tmpdir(), "dvrc-bench-"));
const build = (file: string): string[] => ["bin/dvrc.js", "build", `examples/os-dvr/${file}`, "--frozen", "-o", join(folder, "out")];
const measured: readonly Measured[] = [
  { name: "node -e 0", args: ["-e", "0"], atMost: undefined },
  { name: "dvrc --version", args: ["bin/dvrc.js", "--version"], atMost: undefined },
  { name: "dvrc build examples/os-dvr/topology.yaml", args: build("topology.yaml"), atMost: 3 },
  { name: "dvrc build examples/os-dvr/topology.ts", args: build("topology.ts"), atMost: 12 },
];

/** Runs take turns, so that what else the machine does weighs on all alike. */
const times = measured.map((): number[] => []);
for (let run = 0; run < runs; run++) measured.forEach(({ args }, index) => times[index]?.push(milliseconds(args)));
rmSync(folder, { recursive: true, force: true });

const medians = times.map(median);
const unit = medians[0] ?? 1;
process.stdout.write(
  `Median of ${runs} cold runs, Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model ?? "unknown processor"}\n\n`,
);
process.stdout.write("| command | ms | x node -e 0 | at most | |\n| --- | --- | --- | --- | --- |\n");
measured.forEach(({ name, atMost }, index) => {
  const median = medians[index] ?? 0;
  const ratio = median / unit;
  const verdict = atMost === undefined ? "" : ratio <= atMost ? "met" : "NOT MET";
  process.stdout.write(`| ${name} | ${median.toFixed(0)} | ${ratio.toFixed(2)} | ${atMost ?? ""} | ${verdict} |\n`);
});

function milliseconds(args: readonly string[]): number {
  rmSync(join(folder, "out"), { recursive: true, force: true });
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  const end = performance.now();
  if (status !== 0) throw new Error(`${args.join(" ")}: ${stderr}`);
  return end - start;
}

function median(values: readonly number[]): number {
  const ordered = [...values].sort((a, b) => a - b);
  return ordered[Math.floor(ordered.length / 2)] ?? 0;
}
