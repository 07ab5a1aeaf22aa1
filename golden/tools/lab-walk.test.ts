import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defined } from "../../src/base/invariant.js";
import { type CommandLine } from "../../src/lab/inside.js";
import { entriesOf } from "../../src/resolve/index.js";
import { planned, startLab, stopLab, type TestLab } from "./labs.js";
import { osDvr, type Variant } from "./os-dvr.js";

/** The post's cloud with its own firewall, and with the one in Open vSwitch that today's clouds have. */
const variants: readonly { readonly release: string; readonly firewall: string }[] = [
  { release: "newton", firewall: "iptables_hybrid" },
  { release: "zed", firewall: "openvswitch" },
];

describe.each(variants)("examples/os-dvr for $release with $firewall", ({ release, firewall }) => {
  let lab: TestLab;
  const withFirewall: Variant = ({ agent }) => {
    agent["firewall_driver"] = firewall;
  };

  beforeAll(async () => {
    lab = await startLab(planned({ topology: "/os-dvr", name: `${process.pid} ${release}` }, await osDvr(release, withFirewall)));
  });
  afterAll(() => stopLab(lab.planned));

  const ping = (from: string, address: string): Promise<string> => lab.text(from, "busybox", "ping", "-c", "2", "-W", "2", address);
  const addressOf = (server: string): string =>
    defined(lab.planned.compilation.resolution.topology.servers.find(({ name }) => name === server)?.ports[0]?.fixedIps[0], server).ip;
  const allocated = (key: RegExp): string => {
    const found = [...entriesOf(lab.planned.compilation.allocationGroups())].find((allocation) => key.test(allocation.key));
    return String(defined(found, String(key)).value);
  };

  it("gives servers their addresses by DHCP", async () => {
    for (const server of ["VM1", "VM2"]) expect(await lab.text(server, "cat", "/run/lease-eth0")).toMatch(`${addressOf(server)}/24 from `);
  });

  it("lets the servers reach each other through the router on their own hosts", async () => {
    expect(await ping("VM1", addressOf("VM2"))).toContain("ttl=63");
    expect(await ping("VM2", addressOf("VM1"))).toContain("ttl=63");
  });

  it("shows outside who is behind SNAT and who has a floating IP", async () => {
    expect(await sourcesSeen(() => ping("VM2", "169.254.0.1"))).toEqual([allocated(/^router\/R1\/gateway\/fixed_ip\//)]);
    expect(await sourcesSeen(() => ping("VM1", "169.254.0.1"))).toEqual(["169.254.0.55"]);
  });

  it("lets ICMP and ssh in to the floating IP, and nothing else", async () => {
    expect(await ping("upstream-EXT-NET", "169.254.0.55")).toContain("ttl=62");
    expect(await connect("upstream-EXT-NET", "169.254.0.55", 22)).toBe("refused");
    expect(await connect("upstream-EXT-NET", "169.254.0.55", 80)).toBe("no answer");
  });

  it("sends requests for metadata to the proxy in the router's namespace", async () => {
    for (const server of ["VM1", "VM2"]) {
      expect(await lab.text(server, "busybox", "wget", "-qO", "-", "http://169.254.169.254/")).toBe("1.0\nlatest\n");
    }
  });

  it("hides the router's MACs behind those of hosts, and leaves the network host out of it", async () => {
    const [toCompute2, toNetwork] = await Promise.all([
      captured("u2", "udp port 4789", () => ping("VM1", addressOf("VM2"))),
      captured("u1", "udp port 4789", () => ping("VM1", addressOf("VM2"))),
    ]);
    const inner = toCompute2.split("\n").filter((line) => line.includes("ICMP echo"));
    const macs = new Set(inner.map((line) => /^([0-9a-f:]{17}) > /.exec(line)?.[1]));
    expect(macs).toEqual(new Set(["compute-2", "compute-3"].map((host) => dvrMac(host))));
    expect(toNetwork).not.toContain("ICMP echo");
  });

  const dvrMac = (host: string): string =>
    defined(lab.planned.compilation.resolution.topology.hosts.find(({ name }) => name === host)?.dvrMac, host);

  /** Source addresses of the pings that come to the provider's router meanwhile. */
  async function sourcesSeen(meanwhile: () => Promise<unknown>): Promise<readonly string[]> {
    const text = await captureOn("upstream-EXT-NET", "eth0", "icmp[icmptype] == icmp-echo", meanwhile);
    return [...new Set(text.split("\n").flatMap((line) => /: (\S+) > \S+: ICMP/.exec(line)?.[1] ?? []))];
  }

  const captured = (port: string, filter: string, meanwhile: () => Promise<unknown>): Promise<string> =>
    captureOn("fabric", port, filter, meanwhile);

  async function captureOn(machine: string, device: string, filter: string, meanwhile: () => Promise<unknown>): Promise<string> {
    const command: CommandLine = ["timeout", "4", "tcpdump", "-lnei", device, filter];
    const capture = lab.run(machine, ...command);
    await new Promise((resolve) => setTimeout(resolve, 700));
    await meanwhile();
    return (await capture).stdout;
  }

  async function connect(from: string, address: string, port: number): Promise<string> {
    const { status, stderr } = await lab.run(from, "timeout", "4", "bash", "-c", `exec 3<>/dev/tcp/${address}/${port}`);
    if (stderr.includes("refused")) return "refused";
    return status === 0 ? "connected" : "no answer";
  }
});
