import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { runCli, type CliRun } from "../src/testing/run-cli.js";

const trace = (...args: readonly string[]): Promise<CliRun> => runCli(["trace", resolve("examples/os-dvr/topology.yaml"), ...args]);

it("sends TCP where only a port is given, and refuses a port of ICMP", async () => {
  const { code, stdout } = await trace("VM1", "VM2", "--dport", "22", "--summary");
  expect([code, stdout.split("\n")[0]]).toEqual([0, expect.stringMatching(/^there: tcp .*:22$/)]);
  expect(await trace("VM1", "VM2", "--proto", "icmp", "--dport", "22")).toMatchObject({ code: 2, stdout: "" });
});

it("follows a packet to the world outside and its answer back through SNAT", async () => {
  const { code, stdout } = await trace("VM2", "198.18.0.1", "--summary");
  expect(code).toBe(0);
  expect(stdout).toMatch(/ network-1 snat-.*qg-/);
  expect(stdout).toMatch(/back: icmp type 0 198\.18\.0\.1 > /);
  expect(stdout).toMatch(/delivered, and answered\n$/);
});

it("exits with 1 where the packet is dropped, and says by what", async () => {
  const whole = await trace("VM1", "VM2");
  const { code, stdout } = await trace("VM1", "VM2", "--without", "out/compute-3/br-tun.flows:1");
  expect(whole.code).toBe(0);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^without: cookie=/);
  expect(stdout).toMatch(/\ndropped on the way back at compute-3 br-tun: drop, by .*; and at compute-3 br-ex: drop, by .*\n$/);
});

it("leaves out every line that it is told to, rules of one chain too", async () => {
  const folder = mkdtempSync(join(tmpdir(), "dvrc-trace-"));
  const topology = resolve("examples/os-dvr/topology.yaml");
  await runCli(["build", topology, "-o", "out", "--frozen"], { cwd: folder });
  const [namespace = ""] = readdirSync(join(folder, "out/network-1")).filter((name) => name.startsWith("snat-"));
  const file = `out/network-1/${namespace}/iptables-save.txt`;
  const rules = readFileSync(join(folder, file), "utf8").split("\n");
  const chain = rules.flatMap((text, index) =>
    text.startsWith("-A neutron-l3-agent-snat -") ? [{ text, place: `${file}:${index + 1}` }] : [],
  );
  rmSync(folder, { recursive: true });
  expect(chain.length).toBeGreaterThan(1);
  const { stdout } = await trace("VM2", "198.18.0.1", "--summary", ...chain.flatMap(({ place }) => ["--without", place]));
  expect(stdout).toContain(chain.map(({ text }) => `without: ${text}\n`).join(""));
  expect(stdout).not.toMatch(/delivered, and answered\n$/);
  expect(await trace("VM1", "VM2", "--summary", "--detailed")).toMatchObject({ code: 2, stdout: "" });
});

it("says who is there where an end is unknown", async () => {
  const { code, stderr } = await trace("VM1", "VM3");
  const who = 'machines are "VM1", "VM2" and "upstream-EXT-NET".\n  help: Did you mean "VM1"?';
  expect([code, stderr]).toEqual([2, expect.stringContaining(`A trace cannot go to "VM3"; ${who}`)]);
  for (const group of ["224.0.0.1", "255.255.255.255", "0.0.0.0", "ff02::1", "::"]) {
    expect((await trace("VM1", group)).stderr).toContain(`A trace cannot go to "${group}"`);
  }
  expect((await trace("10.0.0.12", "VM2")).stderr).toContain('A trace cannot begin at "10.0.0.12"');
});

it("goes to an upstream router by its name, and tells which table a flow fills", async () => {
  const { code, stdout } = await trace("VM2", "upstream-EXT-NET", "--summary");
  expect([code, stdout.split("\n")[0]]).toEqual([0, "there: icmp type 8 10.0.1.4 > 169.254.0.1"]);
  expect(stdout).toMatch(/ br-tun: table 10: learn\(table=20,\.\.\.\),output:\d+\n/);
});

it("shows no source of what cannot be sent", async () => {
  const { code, stdout } = await trace("upstream-EXT-NET", "VM2");
  expect([code, stdout.split("\n")[0]]).toEqual([1, "there: icmp type 8 0.0.0.0 > 10.0.1.4"]);
});

it("says in JSON, too, why there is no trace", async () => {
  const { code, stdout, stderr } = await trace("VM1", "VM3", "--json");
  expect([code, stderr]).toEqual([2, ""]);
  expect(JSON.parse(stdout)).toMatchObject({ diagnostics: [{ name: "unknown-trace-end", severity: "error" }] });
});

it("calls servers as the topology does, whatever Neutron calls them", async () => {
  const folder = mkdtempSync(join(tmpdir(), "dvrc-names-"));
  const server = (name: string): unknown => ({ host: "node-1", networks: ["n"], name });
  const topology = {
    name: "names",
    hosts: { "node-1": { agent_mode: "dvr_snat", local_ip: "192.0.2.1" } },
    networks: {
      n: { subnets: { s: { cidr: "10.0.0.0/24" } }, name: "other" },
      m: { subnets: { t: { cidr: "10.1.0.0/24" } }, name: "other" },
    },
    servers: { one: server("same"), two: server("same"), same: server("one") },
  };
  writeFileSync(join(folder, "topology.json"), JSON.stringify(topology));
  const run = (...args: readonly string[]): Promise<CliRun> => runCli(args, { cwd: folder });
  const walked = await run("trace", "topology.json", "one", "two", "--summary");
  const addresses = await Promise.all(
    Object.keys(topology.servers).map(async (key) =>
      /10\.0\.0\.\d+/.exec((await run("exec", "topology.json", key, "--", "ip addr")).stdout),
    ),
  );
  const inside = await run("exec", "topology.json", "node-1", "--", "ip netns exec qdhcp-m ip addr");
  rmSync(folder, { recursive: true });
  expect(walked).toMatchObject({ code: 0, stderr: "" });
  expect(new Set(addresses.map((found) => found?.[0])).size).toBe(3);
  expect([inside.code, inside.stdout]).toEqual([0, expect.stringContaining("10.1.0.")]);
});
