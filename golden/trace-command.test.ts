import { resolve } from "node:path";
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

it("says who is there where an end is unknown", async () => {
  const { code, stderr } = await trace("VM1", "VM3");
  expect([code, stderr]).toEqual([2, expect.stringContaining('servers are "VM1", "VM2" and "upstream-EXT-NET"')]);
});
