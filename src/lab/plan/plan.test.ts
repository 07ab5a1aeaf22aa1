import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { compile, compiledHost, loadTopology } from "../../compile.js";
import { defined } from "../../base/invariant.js";
import { addressLines } from "./servers.js";
import { type LabPlan, planLab } from "./plan.js";

const topology = {
  name: "plan",
  hosts: {
    "gateway-1": { agent_mode: "dvr_snat", local_ip: "192.0.2.1", bridge_mappings: { wires: "br-wires" } },
    "rack-1": { agent_mode: "dvr", local_ip: "192.0.2.11", bridge_mappings: { wires: "br-wires" } },
  },
  networks: {
    blue: { subnets: { "blue-4": { cidr: "10.9.0.0/24", host_routes: [{ destination: "172.20.0.0/16", nexthop: "10.9.0.7" }] } } },
    plain: { subnets: { "plain-4": { cidr: "10.9.1.0/24", enable_dhcp: false } } },
    outside: {
      "router:external": true,
      "provider:network_type": "vlan",
      "provider:physical_network": "wires",
      "provider:segmentation_id": 44,
      subnets: { "outside-4": { cidr: "198.51.100.0/24", enable_dhcp: false } },
    },
  },
  neutron: { network_vlan_ranges: { wires: [40, 50] } },
  routers: { way: { interfaces: ["blue-4", "plain-4"], external_gateway: "outside" } },
  servers: {
    asks: { host: "rack-1", networks: ["blue"], floating_ip: true },
    knows: { host: "rack-1", networks: ["plain"] },
  },
};

let folder: string;
let plan: LabPlan;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dvrc-plan-"));
  const path = join(folder, "topology.json");
  writeFileSync(path, JSON.stringify(topology));
  const [loaded] = await loadTopology(path);
  const [compilation] = compile(defined(loaded, "topology"), { release: "zed" });
  const { hosts, resolution } = defined(compilation, "compilation");
  plan = planLab(resolution.topology, new Map(hosts.map((host) => [host, compiledHost(defined(compilation, "compilation"), host)])));
});
afterAll(() => rmSync(folder, { recursive: true }));

it("makes a machine of the fabric, of each host and server, and of the router outside, and says where they are reached", () => {
  expect(plan.machines.map(({ kind, name, addresses }) => [kind, name, addresses.length])).toEqual([
    ["fabric", "fabric", 0],
    ["host", "gateway-1", 1],
    ["host", "rack-1", 1],
    ["server", "asks", 2],
    ["server", "knows", 1],
    ["upstream", "upstream-outside", 1],
  ]);
});

it("lays a cable from each server to its host, and from the hosts and the router outside to the fabric", () => {
  const name = (machine: number): string => defined(plan.machines[machine], "machine").name;
  const ends = plan.cabling.cables.map(({ ends: [one, other] }) => [name(one.machine), one.device, name(other.machine)]);
  expect(ends).toEqual([
    ["gateway-1", "lab0", "fabric"],
    ["gateway-1", expect.anything(), "fabric"],
    ["rack-1", "lab0", "fabric"],
    ["rack-1", expect.anything(), "fabric"],
    ["asks", "eth0", "rack-1"],
    ["knows", "eth0", "rack-1"],
    ["upstream-outside", "eth0", "fabric"],
  ]);
});

it("plugs hosts into physical networks by trunks, and the router outside by its VLAN", () => {
  expect(plan.cabling.fabric.map(({ bridge, tag }) => [bridge, tag])).toEqual([
    ["underlay", undefined],
    ["segment0", undefined],
    ["underlay", undefined],
    ["segment0", undefined],
    ["segment0", 44],
  ]);
});

it("gives a server its address by DHCP only where the subnet has it", () => {
  expect(plan.setups.map(({ machine, dhcp }) => [machine.name, dhcp])).toEqual([
    ["asks", ["eth0"]],
    ["knows", []],
    ["upstream-outside", []],
  ]);
  const [asks, knows] = plan.setups;
  expect(addressLines(defined(asks, "asks").machine, (_, version) => version === 4)).toEqual([]);
  expect(addressLines(defined(knows, "knows").machine, () => false)).toEqual([
    expect.stringMatching(/^addr replace 10\.9\.1\.\d+\/24 dev eth0 brd \+$/),
    "route replace default via 10.9.1.1 dev eth0",
  ]);
});

it("tells DHCP servers every port's address and the subnet's routes, the default one among them", () => {
  const [{ dhcp } = { dhcp: [] }] = plan.hosts;
  expect(dhcp).toHaveLength(1);
  const lines = defined(dhcp[0], "server").configuration.split("\n");
  expect(lines.filter((line) => line.startsWith("dhcp-host="))).toContainEqual(
    expect.stringMatching(/^dhcp-host=[0-9a-f:]{17},host-10-9-0-\d+,10\.9\.0\.\d+$/),
  );
  expect(lines).toContainEqual(
    expect.stringMatching(/option:classless-static-route,172\.20\.0\.0\/16,10\.9\.0\.7,0\.0\.0\.0\/0,10\.9\.0\.1$/),
  );
  expect(lines).toContainEqual(expect.stringMatching(/option:router,10\.9\.0\.1$/));
});

it("has a metadata server wherever requests are redirected to", () => {
  const [{ metadata } = { metadata: [] }] = plan.hosts;
  expect(metadata.map(({ namespace, port }) => [namespace.split("-")[0], port])).toContainEqual(["qrouter", 9697]);
});
