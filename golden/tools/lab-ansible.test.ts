import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Outcome, run } from "../../src/lab/processes.js";
import { makeProgram } from "./dvrc-program.js";

const example = resolve("examples/distributed/ansible");
let folder: string;
let topology: string;
let environment: readonly string[];

/** `examples/os-dvr` as it was before it had a floating IP, running on hosts that have it. */
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "dvrc-ansible-")));
  topology = join(folder, "topology.yaml");
  cpSync("examples/os-dvr/topology.lock.json", join(folder, "topology.lock.json"));
  writeFileSync(topology, original.replace(/\n *floating_ip: .*/, ""));
  const path = `PATH=${await makeProgram(folder)}:${process.env["PATH"] ?? ""}`;
  environment = [path, `HOME=${folder}`, `DVRC_LAB=${topology}`, "LC_ALL=C.UTF-8", "NO_COLOR=1", "ANSIBLE_NOCOLOR=1"];
  expect(await command("dvrc", "lab", "up", topology)).toMatchObject({ status: 0 });
});
afterAll(async () => {
  await command("dvrc", "lab", "down", topology);
  rmSync(folder, { recursive: true });
});

const original = readFileSync("examples/os-dvr/topology.yaml", "utf8");

const command = (...words: readonly string[]): Promise<Outcome> => run("env", [...environment, ...words]);

/** Runs the playbook on the hosts of the lab. Shape: how many tasks changed something on each host, and what was printed. */
async function playbook(
  ...options: readonly string[]
): Promise<{ readonly changed: Readonly<Record<string, number>>; readonly text: string }> {
  const words = ["ansible-playbook", "-i", join(example, "lab.ini"), join(example, "apply.yml"), "-e", `topology=${topology}`];
  const { status, stdout, stderr } = await command(...words, ...options);
  expect([status, stderr]).toEqual([0, ""]);
  const recap = [...stdout.matchAll(/^(\S+) +: ok=\d+ +changed=(\d+) /gm)];
  return { changed: Object.fromEntries(recap.map(([, host = "", changed]) => [host, Number(changed)])), text: stdout };
}

it("brings older hosts and an empty one to what the topology says, and then changes nothing more", async () => {
  writeFileSync(topology, original);
  const empty = `for name in $(ls /run/netns); do ip netns del "$name"; done; for bridge in br-int br-tun br-ex; do ovs-vsctl del-br "$bridge"; done`;
  expect(await command("dvrc", "lab", "exec", topology, "compute-3", "--", "bash", "-c", empty)).toMatchObject({ status: 0 });

  const dry = await playbook("--check");
  expect(dry.changed).toEqual({ "network-1": 0, "compute-2": 1, "compute-3": 1 });
  expect(dry.text).toContain("--to-destination 10.0.0.12");
  expect(await command("dvrc", "lab", "diff", topology)).toMatchObject({ status: 1 });

  expect((await playbook()).changed).toEqual({ "network-1": 0, "compute-2": 1, "compute-3": 1 });
  const diff = await command("dvrc", "lab", "diff", topology);
  expect([diff.status, diff.stdout]).toEqual([0, expect.stringContaining("no difference")]);

  expect((await playbook()).changed).toEqual({ "network-1": 0, "compute-2": 0, "compute-3": 0 });
});
