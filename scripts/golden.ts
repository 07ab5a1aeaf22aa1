import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import process from "node:process";
import { incidentNames, incidentReportPath, IncidentScene } from "../golden/tools/incidents.js";
import { goldenDifferences } from "../golden/tree.js";
import { unifiedDiff } from "../src/emit/check.js";
import { releases } from "../src/releases/index.js";
import { compileExample, examples } from "../src/testing/compile-example.js";

/** `golden.ts diff` shows what the golden trees and the examples' locks would become, and exits 1 where it is something else; `golden.ts accept` writes it. */
const accept = process.argv[2] === "accept";
let differing = 0;

for (const { name, path } of examples()) {
  for (const { name: release } of releases) {
    const { compilation, files } = await compileExample(path, release);
    const { lockPath, lockText } = compilation.loaded;
    const lock = compilation.nextLockText();
    const folder = join("golden", name, release);
    const differences = goldenDifferences(folder, files);
    if (lock !== lockText?.text) {
      process.stdout.write(`${lockPath} changes\n`);
      if (accept) writeFileSync(lockPath, lock);
    }
    differing += differences.length + (lock === lockText?.text ? 0 : 1);
    for (const difference of differences) {
      const path = join(folder, difference.path);
      process.stdout.write(accept ? `${difference.kind} ${path}\n` : unifiedDiff({ ...difference, path }));
      if (accept) acceptFile(path, difference.wanted);
    }
  }
}

const scene = new IncidentScene();
await scene.prepare();
for (const name of incidentNames()) {
  const { stdout } = await scene.diff(name);
  const path = incidentReportPath(name);
  const found = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  if (found === stdout) continue;
  differing++;
  const shown = relative(process.cwd(), path);
  process.stdout.write(accept ? `different ${shown}\n` : unifiedDiff({ path: shown, kind: "different", found, wanted: stdout }));
  if (accept) acceptFile(path, stdout);
}
scene.close();

if (differing === 0) process.stdout.write("Every golden tree is as dvrc compiles it.\n");
else if (!accept) process.exitCode = 1;

function acceptFile(path: string, text: string | undefined): void {
  if (text === undefined) return rmSync(path);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
