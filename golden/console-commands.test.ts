import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, it } from "vitest";
import { runCli } from "../src/testing/run-cli.js";

const folder = mkdtempSync(join(tmpdir(), "dvrc-consoles-"));
afterAll(() => rmSync(folder, { recursive: true }));
const topology = resolve("examples/os-dvr/topology.yaml");
const runbook = (expected: string): string => {
  writeFileSync(join(folder, "book.md"), `\`\`\`console compute-2\n$ ip netns | wc -l\n${expected}\n\`\`\`\n`);
  return "book.md";
};
const json = (text: string): unknown => JSON.parse(text);

it("answers in JSON with the command's exit status", async () => {
  const { code, stdout } = await runCli(["exec", topology, "compute-2", "--json", "--", "ip netns | grep -c nothing"]);
  expect([code, json(stdout)]).toEqual([1, { machine: "compute-2", command: "ip netns | grep -c nothing", output: "0\n", status: 1 }]);
  const refused = await runCli(["exec", topology, "compute-9", "--json", "--", "ip netns"]);
  expect([refused.code, json(refused.stdout)]).toMatchObject([2, { diagnostics: [{ name: "console-refused" }] }]);
});

it("compares a runbook in JSON, place by place", async () => {
  const replay = (book: string) => runCli(["replay", topology, book, "--json"], { cwd: folder });
  const same = await replay(runbook("2"));
  expect([same.code, json(same.stdout)]).toEqual([0, { runbook: "book.md", commands: 1, updated: false, mismatches: [] }]);
  const { code, stdout } = await replay(runbook("3"));
  expect([code, json(stdout)]).toMatchObject([
    1,
    { mismatches: [{ line: 2, machine: "compute-2", diff: [{ text: "3" }, { text: "2" }] }] },
  ]);
  expect((await replay("none.md")).stdout).toContain('"file-not-found"');
});

it("answers nothing where a host does not compile, and says why", async () => {
  cpSync("golden/errors/lock-value-invalid.topology.yaml", join(folder, "topology.yaml"));
  const choices = { "2026.1/node-1/local_vlan/network/blue": "seven" };
  writeFileSync(join(folder, "topology.lock.json"), JSON.stringify({ version: 1, allocations: choices }));
  const { code, stderr } = await runCli(["exec", "topology.yaml", "node-1", "--", "ovs-ofctl dump-flows br-int"], { cwd: folder });
  expect([code, stderr]).toEqual([2, expect.stringContaining("lock-value-invalid")]);
});

it("checks what only hosts can tell with --hosts", async () => {
  const bad = resolve("golden/errors/overwritten-flows.topology.yaml");
  expect((await runCli(["check", bad])).stdout).toMatch(/^.* is sound for .*\n$/);
  const { code, stdout, stderr } = await runCli(["check", bad, "--hosts"]);
  expect([code, stdout, stderr]).toEqual([0, expect.stringContaining("; 1 warning"), expect.stringContaining("overwritten-flows")]);
});
