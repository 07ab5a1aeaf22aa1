import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type CliRun, runCli } from "../../testing/run-cli.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dvrc-replay-"));
  const topology = { name: "t", hosts: { "node-1": { agent_mode: "dvr", local_ip: "192.0.2.1" } } };
  writeFileSync(join(folder, "topology.json"), JSON.stringify(topology));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function replay(page: string, ...flags: readonly string[]): Promise<CliRun> {
  writeFileSync(join(folder, "page.md"), page);
  return runCli(["replay", "topology.json", "page.md", ...flags], { cwd: folder });
}

it("says at its line which machine there is not, and runs nothing", async () => {
  const { code, stdout, stderr } = await replay("```console node-1\n$ ip netns\n```\n\n```console nod-1\n$ ip netns\n```\n");
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/^page\.md:6:1 - error DVRC6065 runbook-block: .*there is no host or server "nod-1"/);
  expect(stderr).toContain('Did you mean "node-1"?');
});

it("updates a page but for commands that were refused, which it tells", async () => {
  const page = "```console node-1\n$ tcpdump -i any\nold\n$ ovs-vsctl list-br\nold\n```\n";
  const { code, stdout } = await replay(page, "--update");
  expect(code).toBe(1);
  expect(stdout).toMatch(/^page\.md:2: node-1\$ tcpdump.*\n-old\n\+A host has no command "tcpdump"/);
  expect(stdout).toMatch(/2 commands of page\.md: 1 updated, 1 refused and left as they are\.\n$/);
  expect(readFileSync(join(folder, "page.md"), "utf8")).toBe(page.replace("list-br\nold\n", "list-br\nbr-int\nbr-tun\n"));
});
