// Makes a fresh clone ready, before `npm start` and `npm test`: installs what package-lock.json names and builds what is older than its sources.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

process.chdir(join(import.meta.dirname, ".."));

const modifiedAt = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

const newestUnder = (folder) =>
  Math.max(
    0,
    ...readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => modifiedAt(join(entry.parentPath, entry.name))),
  );

function run(what, command, ...args) {
  process.stderr.write(`${what} ...\n`);
  const { status } = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) process.exit(status ?? 1);
}

if (modifiedAt("node_modules/.package-lock.json") < modifiedAt("package-lock.json")) {
  run("Installing dependencies", "npm", "ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error", "--silent");
}
const sources = ["bin", "schema", "scripts", "src"].map(newestUnder);
if (modifiedAt("dist/built") < Math.max(modifiedAt("package.json"), ...sources)) {
  run("Building dist", process.execPath, "scripts/run.js", "scripts/build.ts");
}
