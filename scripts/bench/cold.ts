import { cpSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Row } from "./row.js";
import { type Cost, dvrc, measure, median, run } from "./run.js";

/** Cold runs of each command; one more tells CPU and memory. */
const runs = 15;

/** A command whose cold start is measured. */
interface Measured {
  readonly what: string;
  readonly args: () => readonly string[];
  /** How many times `node -e 0` it may take. */
  readonly atMost?: number;
}

/** A copy of dvrc without the code of V8's that building dist has kept: how it starts with another Node.js than that which built it. */
function withoutCode(folder: string): string {
  const copy = join(folder, "without-code");
  for (const part of ["bin", "dist", "schema", "package.json"]) {
    cpSync(part, join(copy, part), { recursive: true, filter: (path) => !path.endsWith(".code") });
  }
  symlinkSync(resolve("node_modules"), join(copy, "node_modules"));
  return join(copy, "bin/dvrc.js");
}

/**
 * Cold starts of small commands, each against the start of Node.js alone. Runs take turns, so that what else the machine does weighs on all alike.
 *
 * Every build has a folder of its own: ext4 without a journal makes files many times slower where others were removed in the last minutes.
 */
export function coldRows(folder: string): readonly Row[] {
  let builds = 0;
  const build = (file: string) => () => ["build", `examples/os-dvr/${file}`, "--frozen", "-o", join(folder, `cold-${++builds}`)];
  const [yaml, typescript] = [build("topology.yaml"), build("topology.ts")];
  const copy = withoutCode(folder);
  const measured: readonly Measured[] = [
    { what: "node -e 0", args: () => ["-e", "0"] },
    { what: "dvrc --version", args: () => dvrc("--version") },
    { what: "cold build, YAML", args: () => dvrc(...yaml()), atMost: 2.5 },
    { what: "cold build, TypeScript", args: () => dvrc(...typescript()), atMost: 10 },
    { what: "cold build, YAML, no kept code", args: () => [copy, ...yaml()], atMost: 2.5 },
    { what: "cold build, TypeScript, no kept code", args: () => [copy, ...typescript()], atMost: 10 },
  ];
  const walls = measured.map((): Cost[] => []);
  for (let turn = 0; turn < runs; turn++) measured.forEach(({ args }, index) => walls[index]?.push(run(args())));
  const medians = walls.map(median);
  const unit = medians[0]?.wall ?? 1;
  return measured.map(({ what, args, atMost }, index) => {
    const { wall } = medians[index] ?? { wall: 0 };
    const cost = { ...measure(folder, args()), wall };
    const limit = { unit: "x node -e 0", figure: wall / unit, ...(atMost === undefined ? {} : { atMost }) };
    return { of: "os-dvr", what, cost, limits: [limit] };
  });
}
