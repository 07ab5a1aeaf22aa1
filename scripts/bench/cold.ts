import { join } from "node:path";
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

/**
 * Cold starts of small commands, each against the start of Node.js alone. Runs take turns, so that what else the machine does weighs on all alike.
 *
 * Every build has a folder of its own: ext4 without a journal makes files many times slower where others were removed in the last minutes.
 */
export function coldRows(folder: string): readonly Row[] {
  let builds = 0;
  const build = (file: string) => () => dvrc("build", `examples/os-dvr/${file}`, "--frozen", "-o", join(folder, `cold-${++builds}`));
  const measured: readonly Measured[] = [
    { what: "node -e 0", args: () => ["-e", "0"] },
    { what: "dvrc --version", args: () => dvrc("--version") },
    { what: "cold build, YAML", args: build("topology.yaml"), atMost: 2.5 },
    { what: "cold build, TypeScript", args: build("topology.ts"), atMost: 10 },
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
