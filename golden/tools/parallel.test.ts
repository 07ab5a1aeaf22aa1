import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeProgram } from "./dvrc-program.js";

const script = resolve("examples/distributed/parallel/build.sh");
let folder: string;
let path: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dvrc-parallel-"));
  for (const file of ["topology.yaml", "topology.lock.json"]) cpSync(join("examples/os-dvr", file), join(folder, file));
  path = `${await makeProgram(folder)}:${process.env["PATH"] ?? ""}`;
  run("dvrc", "build", "topology.yaml", "-o", "whole", "--frozen");
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(program: string, ...args: readonly string[]): void {
  execFileSync(program, args, { cwd: folder, env: { ...process.env, PATH: path, ...asSsh }, stdio: "pipe" });
}

/** What stands in for ssh runs a command on this machine, each host in a home of its own; the login shell is set as sshd(8) does it, whatever started the test. */
const standIn = `#!/bin/sh
while :; do case $1 in -l | -o | -p) shift 2 ;; -*) shift ;; *) break ;; esac; done
home=$TEST_HOMES/$1
shift
if [ "$1" = -- ]; then shift; fi
mkdir -p "$home"
cd "$home" && HOME=$home SHELL=/bin/sh exec sh -c "$*"
`;
let asSsh: Readonly<Record<string, string>> = {};

it("builds the whole tree in shards of one machine", () => {
  run(script, "topology.yaml", "out", "3");
  run("diff", "-r", "whole", "out");
  expect(readdirSync(folder).filter((name) => name.includes(".shard-"))).toEqual([]);
});

it("builds the whole tree in shards on other machines, and leaves nothing there", () => {
  const ssh = join(folder, "ssh");
  writeFileSync(ssh, standIn);
  chmodSync(ssh, 0o755);
  asSsh = { TEST_HOMES: folder, PARALLEL_SSH: ssh, PARALLEL_RSYNC_OPTS: `-rlDzR -e ${ssh}` };
  run(script, "topology.yaml", "remote", "3", "--sshlogin", "2/one,2/two");
  run("diff", "-r", "whole", "remote");
  expect([readdirSync(join(folder, "one")), readdirSync(join(folder, "two"))]).toEqual([[], []]);
});

it("takes names for what they are, whatever a shell would make of them", () => {
  const name = 'it\'s $(a) "b"';
  for (const file of ["topology.yaml", "topology.lock.json"]) cpSync(join(folder, file), join(folder, file.replace("topology", name)));
  run(script, `${name}.yaml`, name, "2");
  run("diff", "-r", join("whole", "network-1"), join(name, "network-1"));
});

it("says how it is used where the number of shards is none", () => {
  for (const args of [[], ["topology.yaml", "none"], ["topology.yaml", "none", "0"], ["topology.yaml", "none", "x"]]) {
    expect(() => run(script, ...args)).toThrow(/Usage: build\.sh/);
  }
  expect(existsSync(join(folder, "none"))).toBe(false);
});

it("leaves a tree alone that is there, and ends with the first shard that fails", () => {
  expect(() => run(script, "topology.yaml", "whole", "3")).toThrow(/whole is there already/);
  expect(() => run(script, "missing.yaml", "nothing", "3")).toThrow();
  expect(existsSync(join(folder, "nothing"))).toBe(false);
});
