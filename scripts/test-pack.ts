import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** Packs dvrc, installs the package in a project and globally, and runs it there on a YAML and a TypeScript topology. */
const folder = mkdtempSync(join(tmpdir(), "dvrc-pack-"));
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly version: string };
const quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];

try {
  const project = join(folder, "project");
  const elsewhere = join(folder, "elsewhere");
  for (const path of [project, elsewhere]) cpSync("examples/os-dvr", path, { recursive: true });
  writeFileSync(join(project, "package.json"), `{ "name": "project", "private": true, "type": "module" }\n`);

  run(".", "npm", "pack", "--silent", "--pack-destination", folder);
  const tarball = join(folder, `dvrc-${version}.tgz`);
  run(project, "npm", "install", ...quiet, tarball);
  run(folder, "npm", "install", ...quiet, "--global", "--prefix", join(folder, "global"), tarball);

  const local = join(project, "node_modules/.bin/dvrc");
  const global = join(folder, "global/bin/dvrc");
  expect("dvrc --version prints the package's version", run(project, local, "--version").trim() === version);
  run(project, local, "build", "topology.yaml", "-o", "yaml");
  run(project, local, "build", "topology.ts", "-o", "ts");
  expect("both topologies compile to hosts", existsSync(join(project, "yaml/compute-2/br-int.flows")));
  expect("both topologies compile to the same tree", sameFiles(join(project, "yaml"), join(project, "ts")));
  run(
    project,
    join(project, "node_modules/.bin/tsc"),
    "--noEmit",
    "--strict",
    "--module",
    "nodenext",
    "--skipLibCheck",
    "false",
    "topology.ts",
  );
  run(elsewhere, global, "build", "topology.ts", "-o", "out");
  expect('import "dvrc" means the running dvrc where none is installed', sameFiles(join(project, "ts"), join(elsewhere, "out")));
  expect("pictures are laid out", run(elsewhere, global, "graph", "topology.yaml").includes("<svg"));
  mkdirSync(join(folder, "new"));
  run(join(folder, "new"), global, "init", "--ts");
  run(join(folder, "new"), global, "build", "--no-frozen", "topology.ts");
  process.stdout.write(`dvrc ${version} installs and runs from its package.\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function run(cwd: string, command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}

function expect(what: string, holds: boolean): void {
  if (!holds) throw new Error(`not so: ${what}`);
}

function sameFiles(a: string, b: string): boolean {
  const files = readdirSync(a, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name !== "manifest.json",
  );
  return files.every((entry) => {
    const path = join(entry.parentPath, entry.name);
    return readFileSync(path).equals(readFileSync(join(b, path.slice(a.length))));
  });
}
