import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { afterEach, beforeEach, expect, it } from "vitest";
import { parse } from "yaml";

const shards = [1, 2, 3, 4];
let folder: string;

/** Each job has a clone of its own, at the same place. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dvrc-distributed-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a line of a job in a folder of its own with the topology in it; what it leaves in `out` comes to the whole. */
function job(name: string, line: string, variables: Readonly<Record<string, string>> = {}): void {
  const clone = join(folder, name);
  mkdirSync(clone);
  for (const file of ["topology.yaml", "topology.lock.json"]) cpSync(join("examples/os-dvr", file), join(clone, file));
  const npx = 'npx() { shift; "$NODE" "$DVRC" "$@"; }\n';
  const env = { ...process.env, ...variables, NODE: process.execPath, DVRC: resolve("bin/dvrc.js"), CI: "true" };
  execFileSync("sh", ["-c", npx + line], { cwd: clone, env, stdio: "pipe" });
  if (name !== "whole") cpSync(join(clone, "out"), join(folder, "joined"), { recursive: true });
}

function filesOf(tree: string): readonly (readonly [string, string])[] {
  const entries = readdirSync(tree, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
  return paths.map((path) => [path.slice(tree.length + 1), readFileSync(path, "utf8")]);
}

function expectWhole(): void {
  job("whole", "npx dvrc build topology.yaml -o out --frozen");
  expect(filesOf(join(folder, "joined"))).toEqual(filesOf(join(folder, "whole/out")));
}

it("builds the whole tree by the jobs for GitLab", () => {
  const { build } = parse(readFileSync("examples/distributed/ci/gitlab-ci.yml", "utf8")) as {
    readonly build: { readonly parallel: number; readonly script: readonly string[] };
  };
  expect(build.parallel).toBe(shards.length);
  for (const shard of shards)
    job(`job-${shard}`, build.script.join("\n"), { CI_NODE_INDEX: String(shard), CI_NODE_TOTAL: String(build.parallel) });
  expectWhole();
});

it("builds the whole tree by the jobs for GitHub", () => {
  const { jobs } = parse(readFileSync("examples/distributed/ci/github-actions.yml", "utf8")) as {
    readonly jobs: {
      readonly build: {
        readonly strategy: { readonly matrix: { readonly shard: readonly number[] } };
        readonly steps: readonly { readonly run?: string }[];
      };
    };
  };
  expect(jobs.build.strategy.matrix.shard).toEqual(shards);
  const line = jobs.build.steps.flatMap(({ run = "" }) => (run.includes("dvrc") ? [run] : [])).join("\n");
  for (const shard of shards) job(`job-${shard}`, line.replaceAll("${{ matrix.shard }}", String(shard)));
  expectWhole();
});
