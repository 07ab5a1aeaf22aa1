import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { CloudBench, type Measure, measures, type Size, sizes } from "./bench/clouds.js";
import { coldRows } from "./bench/cold.js";
import { heading, isMissed, printRow, type Row } from "./bench/row.js";
import { keepRecordsIn, median, run } from "./bench/run.js";

/**
 * `npm run bench`, or a part: `npm run bench -- cold`, `npm run bench -- 50:1000`, `npm run bench -- watch trace`.
 *
 * Works in the folder for temporary files; `TMPDIR` names another. Nothing is removed before the end, since a file system may still be busy with that when
 * the next build is measured.
 */
async function bench(words: readonly string[]): Promise<void> {
  const known: readonly string[] = ["cold", ...sizes, ...measures];
  const unknown = words.find((word) => !known.includes(word));
  if (unknown !== undefined) throw new Error(`"${unknown}" is not measured; there are ${known.join(", ")}`);
  const folder = mkdtempSync(join(tmpdir(), "dvrc-bench-"));
  keepRecordsIn(join(folder, "cache"));
  const missed: string[] = [];
  const tell = (row: Row): void => {
    process.stdout.write(printRow(row));
    missed.push(...row.limits.filter(isMissed).map(({ unit }) => `${row.of} ${row.what} (${unit})`));
  };
  process.stdout.write(`${machine()}\n\n${heading}`);
  try {
    if (words.length === 0 || words.includes("cold")) coldRows(folder).forEach(tell);
    const unit = median(Array.from({ length: 15 }, () => run(["-e", "0"]))).wall;
    const clouds = new CloudBench(folder, unit);
    for (const size of wantedSizes(words)) for await (const row of clouds.rows(size, wantedMeasures(words))) tell(row);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.stdout.write(missed.length === 0 ? "\nEvery limit is met.\n" : `\nNOT MET: ${missed.join("; ")}\n`);
}

function machine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const load = loadavg()[0] ?? 0;
  return `${cpus().length} x ${first?.model ?? "unknown processor"}, ${memory} GB, Node.js ${process.versions.node}, ${process.platform}, files in ${tmpdir()}, load before ${load.toFixed(1)}`;
}

function wantedSizes(words: readonly string[]): readonly Size[] {
  const named = sizes.filter((size) => words.includes(size));
  if (named.length > 0) return named;
  return words.length === 0 || measures.some((measure) => words.includes(measure)) ? sizes : [];
}

function wantedMeasures(words: readonly string[]): ReadonlySet<Measure> {
  const named = measures.filter((measure) => words.includes(measure));
  return new Set(named.length > 0 ? named : measures);
}

await bench(process.argv.slice(2));
