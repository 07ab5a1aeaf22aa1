import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Row } from "./row.js";
import { type Cost, dvrc, measure, median, run } from "./run.js";

/** Cold runs of each command; one more tells CPU and memory. */
const runs = 15;

/** A command whose cold start is measured. */
interface Measured {
  readonly what: string;
  readonly args: readonly string[];
  /** How many times `node -e 0` it may take. */
  readonly atMost?: number;
}

/** Cold starts of small commands, each against the start of Node.js alone. Runs take turns, so that what else the machine does weighs on all alike. */
export function coldRows(folder: string): readonly Row[] {
  const out = join(folder, "cold");
  const build = (file: string): readonly string[] => dvrc("build", `examples/os-dvr/${file}`, "--frozen", "-o", out);
  const measured: readonly Measured[] = [
    { what: "node -e 0", args: ["-e", "0"] },
    { what: "dvrc --version", args: dvrc("--version") },
    { what: "cold build, YAML", args: build("topology.yaml"), atMost: 2.5 },
    { what: "cold build, TypeScript", args: build("topology.ts"), atMost: 10 },
  ];
  const fresh = (cost: () => Cost): Cost => {
    rmSync(out, { recursive: true, force: true });
    return cost();
  };
  const walls = measured.map((): Cost[] => []);
  for (let turn = 0; turn < runs; turn++) measured.forEach(({ args }, index) => walls[index]?.push(fresh(() => run(args))));
  const medians = walls.map(median);
  const unit = medians[0]?.wall ?? 1;
  return measured.map(({ what, args, atMost }, index) => {
    const { wall } = medians[index] ?? { wall: 0 };
    const cost = { ...fresh(() => measure(folder, args)), wall };
    const limit = { unit: "x node -e 0", figure: wall / unit, ...(atMost === undefined ? {} : { atMost }) };
    return { of: "os-dvr", what, cost, limits: [limit] };
  });
}
