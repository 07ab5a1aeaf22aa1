import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defined } from "../../src/base/invariant.js";
import { labFolder, labId } from "../../src/lab/identity.js";
import { kill, type Outcome, run } from "../../src/lab/processes.js";
import { readRecord } from "../../src/lab/record.js";
import { runCli } from "../../src/testing/run-cli.js";
import { makeProgram } from "./dvrc-program.js";
import { tracesOf } from "./labs.js";

let folder: string;
let program: string;
/** Node where every user can run it: it may be in root's home. */
let node: string;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "dvrc-lab-cli-")));
  chmodSync(folder, 0o755);
  node = join(folder, "node");
  copyFileSync(process.execPath, node);
  program = join(await makeProgram(folder), "dvrc.mjs");
});
afterAll(() => rmSync(folder, { recursive: true }));

function topologyFile(name: string, content: object): string {
  const path = join(folder, name, "topology.json");
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(path, JSON.stringify(content));
  return path;
}

/** `dvrc lab`, in this process. */
const lab = (...args: readonly string[]): ReturnType<typeof runCli> => runCli(["lab", ...args], { cwd: folder });

/** `dvrc lab exec`, which hands its command the streams that it has itself. */
const inLab = (path: string, machine: string, ...command: readonly string[]): Promise<Outcome> =>
  run(process.execPath, [program, "lab", "exec", path, machine, "--", ...command]);

const pings = async (path: string, from: string, address: string): Promise<boolean> =>
  (await inLab(path, from, "busybox", "ping", "-c", "2", "-W", "2", address)).status === 0;

async function addressOf(path: string, server: string): Promise<string> {
  const { machines } = JSON.parse((await lab("status", path, "--json")).stdout) as { machines: { name: string; addresses: string[] }[] };
  return defined(machines.find(({ name }) => name === server)?.addresses[0], server);
}

/** A topology whose names are as bad as names can be. */
const hostile = String.raw`$(touch /tmp/dvrc-hostile) "q" 'a' \ ; & | <b>` + "\n-n\tü";
const hostileTopology = {
  name: hostile,
  release: "zed",
  hosts: {
    "net-1": { agent_mode: "dvr_snat", local_ip: "192.0.2.1", bridge_mappings: { [hostile]: "br-ex" } },
    "comp-1": { agent_mode: "dvr", local_ip: "203.0.113.2", bridge_mappings: { [hostile]: "br-ex" } },
  },
  networks: {
    [hostile]: { subnets: { [hostile]: { cidr: "10.5.0.0/24" } } },
    [`${hostile} out`]: {
      "router:external": true,
      "provider:network_type": "vlan",
      "provider:physical_network": hostile,
      "provider:segmentation_id": 77,
      subnets: { outside: { cidr: "198.51.100.0/24", enable_dhcp: false } },
    },
  },
  neutron: { network_vlan_ranges: { [hostile]: [70, 80] } },
  routers: { [hostile]: { interfaces: [hostile], external_gateway: `${hostile} out` } },
  servers: {
    [hostile]: { host: "comp-1", networks: [hostile], security_groups: [hostile] },
    "--help": { host: "net-1", networks: [hostile], security_groups: [hostile] },
  },
  security_groups: { [hostile]: { rules: [{ protocol: "icmp" }] } },
};

it("runs a topology of hostile names, on hosts whose tunnel addresses share no subnet", async () => {
  const path = topologyFile("hostile", hostileTopology);
  try {
    const up = await lab("up", path);
    expect([up.code, up.stdout]).toEqual([0, expect.stringContaining("is up for zed: 2 hosts, 2 servers")]);
    const diff = await lab("diff", path);
    expect([diff.code, diff.stdout]).toEqual([0, expect.stringContaining("no difference")]);
    expect(await pings(path, hostile, await addressOf(path, "--help"))).toBe(true);
    expect(await pings(path, hostile, "10.5.0.1")).toBe(true);
    expect(await pings(path, hostile, "198.51.100.1")).toBe(true);
    expect(await pings(path, hostile, "10.5.0.99")).toBe(false);
    const status = await lab("status", path);
    expect([status.code, status.stdout.split("\n").length]).toEqual([0, 8]);
  } finally {
    expect((await lab("down", path)).code).toBe(0);
  }
  expect(tracesOf({ topology: path, name: undefined })).toEqual([]);
  expect(existsSync("/tmp/dvrc-hostile")).toBe(false);
});

/** A host with two servers, the second with the address that is given. */
const small = (address: string): object => ({
  name: "small",
  hosts: { "host-1": { agent_mode: "dvr_snat", local_ip: "192.0.2.1" }, "host-2": { agent_mode: "dvr", local_ip: "192.0.2.2" } },
  networks: { net: { subnets: { sub: { cidr: "10.6.0.0/24" } } } },
  routers: { router: { interfaces: ["sub"] } },
  servers: {
    one: { host: "host-1", networks: ["net"] },
    two: { host: "host-2", networks: [{ network: "net", fixed_ip: address }] },
  },
});

describe("two labs of a topology, side by side", () => {
  let path: string;
  const other = ["--name", "the other one"] as const;

  beforeAll(async () => {
    path = topologyFile("pair", small("10.6.0.20"));
    for (const name of [[], other]) expect(await lab("up", path, ...name)).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    for (const name of [[], other]) await lab("down", path, ...name);
  });

  it("has the exit status, the input and the output of what runs in it", async () => {
    expect(await inLab(path, "one", "sh", "-c", "hostname; exit 7")).toEqual({ status: 7, stdout: "one\n", stderr: "" });
    expect(await run(process.execPath, [program, "lab", "exec", path, "two"], { input: "hostname\n" })).toMatchObject({ stdout: "two\n" });
    expect(await lab("exec", path, "three", "--", "ls")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no machine "three"') as string,
    });
    expect(await lab("exec", "missing.yaml", "one", "--", "ls")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('No lab of "missing.yaml" is up') as string,
    });
    expect(await lab("exec", path, "one", "ls", "-l")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Try: dvrc lab exec --help") as string,
    });
  });

  it("gives servers the addresses, and hosts the services, that the topology has by now", async () => {
    expect(await pings(path, "one", "10.6.0.20")).toBe(true);
    topologyFile("pair", small("10.6.0.30"));
    expect(await lab("up", path)).toMatchObject({ code: 0, stdout: expect.stringContaining("its hosts are programmed") as string });
    expect(await pings(path, "one", "10.6.0.30")).toBe(true);
    expect(await pings(path, "one", "10.6.0.20")).toBe(false);
    expect((await inLab(path, "two", "busybox", "wget", "-qO", "-", "http://169.254.169.254/")).stdout).toBe("1.0\nlatest\n");
    expect((await lab("diff", path)).code).toBe(0);
  });

  it("says that a server came or went, which a running lab cannot follow", async () => {
    topologyFile("pair", { ...small("10.6.0.30"), servers: { one: { host: "host-1", networks: ["net"] } } });
    expect(await lab("up", path)).toMatchObject({ code: 2, stderr: expect.stringContaining("lab-has-other-machines") as string });
    topologyFile("pair", small("10.6.0.30"));
  });

  it("tells users who are not root that root's lab is closed to them", async () => {
    for (const words of [["status"], ["diff"], ["down"]] as const) {
      const user = await run("setpriv", ["--reuid", "65534", "--clear-groups", node, program, "lab", ...words, path]);
      expect(user).toMatchObject({ status: 2, stderr: expect.stringContaining("lab-needs-root") as string });
    }
  });

  it("goes on while the other one ends", async () => {
    expect((await lab("status", path)).stdout).toContain(`There is another: dvrc lab status pair/topology.json --name 'the other one'\n`);
    expect(await lab("down", path)).toMatchObject({ code: 0, stdout: expect.stringContaining("nothing of it is left") as string });
    expect(tracesOf({ topology: path, name: undefined })).toEqual([]);
    const address = defined(
      readRecord({ topology: path, name: other[1] })?.machines.find(({ name }) => name === "two")?.addresses[0],
      "two",
    );
    const ping = [program, "lab", "exec", ...other, path, "one", "--", "busybox", "ping", "-c", "2", "-W", "2", address];
    expect((await run(process.execPath, ping)).status).toBe(0);
  });
});

/** How far `dvrc lab up` is when something happens to it. */
const moments: readonly { readonly when: string; readonly reached: (lab: string) => boolean; readonly wait: number }[] = [
  { when: "as soon as it has a folder", reached: existsSync, wait: 0 },
  { when: "as soon as it has a process", reached: (lab) => existsSync(join(lab, "lab.json")), wait: 0 },
  { when: "while it makes machines", reached: (lab) => existsSync(join(lab, "machines/1")), wait: 0 },
  { when: "while Open vSwitch starts", reached: (lab) => existsSync(join(lab, "machines/4")), wait: 200 },
  { when: "while it programs hosts", reached: (lab) => existsSync(join(lab, "machines/4")), wait: 700 },
];

/** What a lab could leave on the machine itself. */
function machineState(): object {
  const names = (path: string): readonly string[] => (existsSync(path) ? readdirSync(path) : []);
  return { devices: names("/sys/class/net"), namespaces: names("/run/netns"), mounts: readFileSync("/proc/self/mounts", "utf8") };
}

/** Starts `dvrc lab up`, and sends it a signal at some moment. */
async function interrupted(path: string, { reached, wait }: (typeof moments)[number], signal: NodeJS.Signals): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, "lab", "up", path], { stdio: "ignore" });
  const ended = once(child, "exit");
  const where = labFolder(labId({ topology: path, name: undefined }));
  while (!reached(where) && child.exitCode === null) await setTimeout(2);
  await setTimeout(wait);
  child.kill(signal);
  await ended;
  return child;
}

it.each(moments)("leaves nothing when the user gives up, $when", async (moment) => {
  const [path, before] = [topologyFile("given-up", small("10.6.0.20")), machineState()];
  expect((await interrupted(path, moment, "SIGINT")).signalCode).toBe("SIGINT");
  // The lab's first process ends by itself where it was not written down yet.
  await expect.poll(() => tracesOf({ topology: path, name: undefined })).toEqual([]);
  expect(machineState()).toEqual(before);
});

it.each(moments)("is taken down whole after a crash, $when", async (moment) => {
  const [path, before] = [topologyFile("crashed", small("10.6.0.20")), machineState()];
  expect((await interrupted(path, moment, "SIGKILL")).signalCode).toBe("SIGKILL");
  expect(await lab("status", path)).toMatchObject({ code: 1, stdout: expect.stringContaining("is broken") as string });
  expect(await lab("up", path)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("dvrc lab down crashed/topology.json") as string,
  });
  expect(await lab("down", path)).toMatchObject({ code: 0 });
  expect(tracesOf({ topology: path, name: undefined })).toEqual([]);
  expect(machineState()).toEqual(before);
});

it("tells that somebody ended a lab's processes, and comes up again once it is taken down", async () => {
  const path = topologyFile("ended", small("10.6.0.20"));
  expect((await lab("up", path)).code).toBe(0);
  kill(defined(readRecord({ topology: path, name: undefined }), "record").init);
  await expect.poll(async () => (await lab("status", path)).stdout).toContain("is broken");
  expect(await lab("exec", path, "one", "--", "ls")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("did not come up whole") as string,
  });
  await lab("down", path);
  expect((await lab("up", path)).code).toBe(0);
  expect((await lab("down", path)).code).toBe(0);
  expect(tracesOf({ topology: path, name: undefined })).toEqual([]);
});

it("says before all else which rights and programs it lacks, and how to get them", async () => {
  const path = topologyFile("lacking", small("10.6.0.20"));
  const up = [node, program, "lab", "up", path];
  const hide = `for one in dnsmasq ovs-vsctl ipset; do mount --bind /dev/null "$(command -v "$one")"; done; exec "$@"`;
  const without = await run("unshare", ["--mount", "bash", "-c", hide, "lab", "setpriv", "--reuid", "65534", "--clear-groups", ...up]);
  expect(without).toEqual({
    status: 2,
    stdout: "",
    stderr: [
      "error DVRC6102 lab-needs-root: The lab needs root, to make namespaces and to enter them.",
      "  help: Run it with sudo; in a container, give that one CAP_SYS_ADMIN and CAP_NET_ADMIN, or --privileged.",
      "error DVRC6103 lab-needs-programs: The lab needs programs that are not installed: ovs-vsctl, ipset, dnsmasq.",
      "  help: apt-get install -y --no-install-recommends openvswitch-switch ipset dnsmasq-base",
      "2 errors; nothing was started",
      "",
    ].join("\n"),
  });
  const bounded = await run("setpriv", ["--bounding-set", "-sys_admin", "--inh-caps", "-sys_admin", ...up]);
  expect(bounded).toMatchObject({ status: 2, stderr: expect.stringContaining("lab-needs-root") as string });
});
