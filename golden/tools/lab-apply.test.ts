import process from "node:process";
import { afterAll, beforeAll, expect, it } from "vitest";
import { audit } from "../../src/audit/audit.js";
import { withoutExceptions } from "../../src/lab/exceptions.js";
import { planned, type PlannedLab, startLab, stopLab, type TestLab } from "./labs.js";
import { osDvr, type Variant } from "./os-dvr.js";

const name = { topology: "/os-dvr", name: `${process.pid} apply` };

/** What a build some days later may have: no floating IP, and one network less on the router. */
const smaller: Variant = ({ servers, routers }) => {
  delete servers.VM1["floating_ip"];
  routers.R1["interfaces"] = ["SUB-RED"];
};

/** The floating IP alone is gone. */
const withoutFloatingIp: Variant = ({ servers }) => {
  delete servers.VM1["floating_ip"];
};

let whole: PlannedLab;
let less: PlannedLab;
let lab: TestLab;

beforeAll(async () => {
  whole = planned(name, await osDvr("zed"));
  less = planned(name, await osDvr("zed", smaller));
  lab = await startLab(whole);
});
afterAll(() => stopLab(whole));

/** What differs between the hosts and what they were programmed with. */
async function drift(of: TestLab): Promise<readonly string[]> {
  const { hosts } = withoutExceptions(audit(of.expected, await of.dumps(), of.planned.compilation.release));
  return hosts.flatMap(({ findings }) =>
    findings.map(
      ({ host, artefact, kind, about, expected, live }) =>
        `${host} ${artefact} ${kind} ${about}: ${expected?.text ?? ""} | ${live?.text ?? ""}`,
    ),
  );
}

const hosts = ["network-1", "compute-2", "compute-3"] as const;
const script = (host: string): string => `/run/dvrc/tree/${host}/apply.sh`;
const applied = (of: TestLab): readonly string[] => [...of.outcome.applied.values()];

it("turns one build into another and back, and ends in the same state as a new host", async () => {
  const shrunk = await startLab(less);
  expect(applied(shrunk)).toEqual(hosts.map((): unknown => expect.stringMatching(/^\d+ changes? made$/)));
  expect(await drift(shrunk)).toEqual([]);
  const grown = await startLab(whole);
  expect(await drift(grown)).toEqual([]);
  expect(applied(await startLab(whole))).toEqual(hosts.map(() => "nothing to change"));
});

it("turns one release into another", async () => {
  const old = await startLab(planned(name, await osDvr("newton")));
  expect(await drift(old)).toEqual([]);
  expect(await drift(await startLab(whole))).toEqual([]);
});

it("touches the host that differs, and no other traffic", async () => {
  const changed = planned(name, await osDvr("zed", withoutFloatingIp));
  const pings = lab.run("VM2", "busybox", "sh", "-c", "for i in $(seq 60); do ping -c 1 -W 1 169.254.0.1; sleep 0.1; done | grep -c ttl=");
  const outcome = await startLab(changed);
  expect(applied(outcome)).toEqual(["nothing to change", expect.stringMatching(/^\d+ changes? made$/), "nothing to change"]);
  expect((await pings).stdout.trim()).toBe("60");
  await startLab(whole);
});

it("ends in the same state when it is killed at any moment and run again", async () => {
  for (const [round, build] of [less, whole, less, whole].entries()) {
    const next = await startLabHalf(build, 0.2 + 0.45 * round);
    expect(await drift(next)).toEqual([]);
  }
});

/** Programs hosts for a build, of which `apply.sh` is killed after some seconds, and then again to the end. */
async function startLabHalf(build: PlannedLab, seconds: number): Promise<TestLab> {
  const { writeLabFiles } = await import("../../src/lab/files.js");
  const { labFolder, labId } = await import("../../src/lab/identity.js");
  writeLabFiles(labFolder(labId(name)), build.plan);
  const kill = ["timeout", "-s", "KILL", String(seconds)] as const;
  await Promise.all(hosts.map((host) => lab.run(host, ...kill, "bash", script(host), "--datapath-type", "netdev")));
  return startLab(build);
}

it("says what it would do, and does nothing", async () => {
  const dry = ["bash", script("compute-2"), "--datapath-type", "netdev", "--dry-run"] as const;
  expect(await lab.text("compute-2", ...dry)).toBe("nothing to change\n");
  await lab.text("compute-2", "ovs-ofctl", "-O", "OpenFlow13", "del-flows", "br-tun", "table=4");
  const { status, stdout } = await lab.run("compute-2", ...dry);
  expect([status, stdout]).toEqual([1, expect.stringContaining("would: br-tun: 3 flows to add or change, 0 to delete\n")]);
  expect(stdout.trimEnd().split("\n").at(-1)).toBe("3 changes to make");
  expect((await lab.run("compute-2", ...dry)).stdout).toBe(stdout);
  await startLab(whole);
  expect(await drift(lab)).toEqual([]);
});

it("finds out with few processes that there is nothing to change", async () => {
  // A process costs ten milliseconds on some machines. Source: proc_loadavg(5), whose last number is that of the last process of the lab.
  const last = async (): Promise<number> => Number((await lab.text("network-1", "cat", "/proc/loadavg")).split(" ").at(-1));
  const namespaces = (await lab.text("network-1", "ip", "netns", "list")).trim().split("\n").length;
  const before = await last();
  expect(await lab.text("network-1", "bash", script("network-1"), "--datapath-type", "netdev")).toBe("nothing to change\n");
  expect((await last()) - before).toBeLessThan(50 + 25 * namespaces);
});

it("changes nothing where Open vSwitch does not answer", async () => {
  await lab.text("compute-2", "iptables", "-F", "neutron-openvswi-FORWARD");
  const alone = await lab.run("compute-2", "env", "OVS_RUNDIR=/run/nowhere", "bash", script("compute-2"), "--datapath-type", "netdev");
  expect([alone.status, alone.stdout, alone.stderr]).toEqual([2, "", expect.stringContaining("nothing was changed")]);
  await startLab(whole);
  expect(await drift(lab)).toEqual([]);
});

it("leaves learned flows and what is not Neutron's alone", async () => {
  const internal = ["--", "set", "interface"];
  const foreign = [
    ["ip", "netns", "add", "mine"],
    ["ovs-vsctl", "add-br", "br-mine", "--", "set", "bridge", "br-mine", "datapath_type=netdev"],
    [
      "ovs-vsctl",
      "add-bond",
      "br-ex",
      "mine-bond",
      "mine-a",
      "mine-b",
      ...["a", "b"].flatMap((end) => [...internal, `mine-${end}`, "type=internal"]),
    ],
    ["iptables", "-I", "INPUT", "-p", "tcp", "--dport", "8080", "-j", "ACCEPT"],
    [
      "ovs-ofctl",
      "-O",
      "OpenFlow13",
      "add-flow",
      "br-tun",
      "table=20,hard_timeout=300,priority=1,dl_vlan=1,dl_dst=fa:16:3e:99:99:99,actions=drop",
    ],
  ] as const;
  for (const [program, ...args] of foreign) await lab.text("compute-2", program, ...args);
  await startLab(less);
  await startLab(whole);
  const again = await startLab(whole);
  expect(new Set(again.outcome.applied.values())).toEqual(new Set(["nothing to change"]));
  expect(await lab.text("compute-2", "ip", "netns", "list")).toContain("mine");
  expect(await lab.text("compute-2", "ovs-vsctl", "list-br")).toContain("br-mine");
  expect(await lab.text("compute-2", "ovs-vsctl", "list-ifaces", "br-ex")).toContain("mine-a\nmine-b");
  expect(await lab.text("compute-2", "iptables", "-S", "INPUT")).toContain("--dport 8080 -j ACCEPT");
  expect(await lab.text("compute-2", "ovs-ofctl", "-O", "OpenFlow13", "dump-flows", "br-tun", "table=20")).toContain("fa:16:3e:99:99:99");
  await lab.text("compute-2", "iptables", "-D", "INPUT", "-p", "tcp", "--dport", "8080", "-j", "ACCEPT");
  await lab.text("compute-2", "ovs-vsctl", "del-br", "br-mine", "--", "del-port", "br-ex", "mine-bond");
  await lab.text("compute-2", "ip", "netns", "del", "mine");
});

it("refuses to work against a Neutron agent, unless it is forced", async () => {
  const agent = "exec -a neutron-openvswitch-agent sleep 8";
  const running = lab.run("compute-2", "bash", "-c", agent);
  const refused = await lab.run("compute-2", "bash", "-c", `sleep 0.5; bash ${script("compute-2")} --datapath-type netdev`);
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining("a Neutron agent runs on this host")]);
  const dry = await lab.run("compute-2", "bash", script("compute-2"), "--datapath-type", "netdev", "--dry-run");
  expect([dry.status, dry.stdout, dry.stderr]).toEqual([0, "nothing to change\n", expect.stringContaining("it would be refused")]);
  const forced = await lab.text("compute-2", "bash", script("compute-2"), "--datapath-type", "netdev", "--force");
  expect(forced).toBe("nothing to change\n");
  await running;
});

it("takes nobody for an agent who only looks at one", async () => {
  const reader = lab.run("compute-2", "bash", "-c", "touch /run/neutron-l3-agent; timeout 4 tail -f /run/neutron-l3-agent");
  const apply = `sleep 0.5; pgrep -f neutron-l3-agent >&2; bash ${script("compute-2")} --datapath-type netdev`;
  expect(await lab.run("compute-2", "bash", "-c", apply)).toMatchObject({
    stdout: "nothing to change\n",
    stderr: expect.stringMatching(/\d/) as string,
  });
  await reader;
});
