import { expect, it } from "vitest";
import type { AnswerFile } from "../src/adopt/answers.js";
import { loadHostDump } from "../src/audit/load-dumps.js";
import { compiledSide, dumpedSide } from "../src/audit/audited-host.js";
import { compareHost } from "../src/audit/compare/host.js";
import { defined } from "../src/base/invariant.js";
import { type Compilation, compiledHost } from "../src/compile.js";
import type { TopologyDocument } from "../src/dsl/types.generated.js";
import { printArtefacts } from "../src/emit/layout.js";
import { importCloud, type Imported } from "../src/import-cloud.js";
import type { LockValue } from "../src/resolve/lock.js";
import type { SourceText } from "../src/source/span.js";
import { compileDocument } from "./tools/compile-document.js";
import { neutronAnswers } from "./tools/neutron-answers.js";

/** A cloud that events have changed in ways that no topology says. */
const cloud: TopologyDocument = {
  name: "odd",
  hosts: {
    "net-1": { agent_mode: "dvr_snat", local_ip: "192.0.2.1", bridge_mappings: { extnet: "br-ex" } },
    "cmp-1": { agent_mode: "dvr", local_ip: "192.0.2.2", bridge_mappings: { extnet: "br-ex" } },
  },
  networks: {
    EXT: {
      "router:external": true,
      "provider:network_type": "flat",
      "provider:physical_network": "extnet",
      subnets: { "EXT-SUB": { cidr: "198.51.100.0/24", enable_dhcp: false } },
    },
    BLUE: { subnets: { "SUB-1": { cidr: "10.0.0.0/24" }, "SUB-2": { cidr: "10.0.1.0/24" } } },
    SLAAC: { subnets: { "SUB-6": { cidr: "2001:db8::/64", ipv6_ra_mode: "slaac", ipv6_address_mode: "slaac" } } },
  },
  routers: { R: { interfaces: ["SUB-1", "SUB-2", "SUB-6"], external_gateway: "EXT" } },
  servers: { VM: { host: "cmp-1", networks: ["BLUE", "SLAAC"] } },
  floating_ips: { one: { network: "EXT", server: "VM" } },
};

type Fields = Record<string, unknown>;

/** A record of the answers that events have changed. */
type Change = (one: Fields, resource: AnswerFile) => void;

function changed(answers: ReadonlyMap<AnswerFile, SourceText>, change: Change): Map<AnswerFile, SourceText> {
  return new Map(
    [...answers].map(([resource, { path, text }]) => {
      const body = JSON.parse(text) as Record<string, Fields[]>;
      for (const one of Object.values(body).flat()) change(one, resource);
      return [resource, { path, text: JSON.stringify(body) }] as const;
    }),
  );
}

const compiled = compileDocument(cloud, { release: "zed" });
for (const host of compiled.hosts) compiled.host(host);
const answers = neutronAnswers(compiled.resolution.topology);
const blue = String(compiled.resolution.topology.networks.find(({ name }) => name === "BLUE")?.id);

function imported(change: Change): { readonly imported: Imported; readonly told: readonly string[] } {
  const [result, diagnostics] = importCloud(changed(answers, change), new Map(), { name: "odd", path: "odd.yaml", release: "zed" });
  const told = diagnostics.filter(({ code }) => code.startsWith("DVRC70")).map(({ name, message }) => `${name}: ${message}`);
  return { imported: defined(result, told.join("\n")), told };
}

const of =
  (owner: string, edit: (port: Fields) => void): Change =>
  (one, resource) => {
    if (resource === "ports" && one["device_owner"] === owner) edit(one);
  };

it("says nothing of a cloud that is as its server would make it", () => {
  expect(imported(() => undefined).told).toEqual([]);
});

it.each<readonly [what: string, told: RegExp, change: Change]>([
  [
    "an address that is not the MAC's on a subnet of such",
    /answer-differs: .* other addresses .*2001:db8::7/,
    (one, resource) => {
      const fixedIps = one["fixed_ips"] as Fields[] | undefined;
      const own = fixedIps?.find(({ ip_address: ip }) => String(ip).startsWith("2001:db8:"));
      if (resource === "ports" && one["device_owner"] === "compute:nova" && own !== undefined) own["ip_address"] = "2001:db8::7";
    },
  ],
  [
    "a port that lacks the address of its MAC",
    /answer-differs: .* other addresses .* not none/,
    (one, resource) => {
      const fixedIps = one["fixed_ips"] as Fields[] | undefined;
      const isOn = fixedIps?.some(({ ip_address: ip }) => String(ip).startsWith("2001:db8:")) === true;
      if (resource === "ports" && one["device_owner"] === "compute:nova" && isOn) one["fixed_ips"] = [];
    },
  ],
  [
    "an HA router",
    /left-out: The router .* HA routers/,
    (one, resource) => {
      if (resource === "routers") one["ha"] = true;
    },
  ],
  [
    "a router that is switched off",
    /left-out: The router .* switched off/,
    (one, resource) => {
      if (resource === "routers") one["admin_state_up"] = false;
    },
  ],
  [
    "a network that is switched off",
    /left-out: The state of network/,
    (one, resource) => {
      if (resource === "networks" && one["name"] === "BLUE") one["admin_state_up"] = false;
    },
  ],
  [
    "a network of several segments",
    /left-out: The network .* several segments/,
    (one, resource) => {
      if (resource !== "networks" || one["name"] !== "SLAAC") return;
      for (const field of ["network_type", "physical_network", "segmentation_id"]) Reflect.deleteProperty(one, `provider:${field}`);
      one["segments"] = [{ "provider:network_type": "vxlan", "provider:segmentation_id": 7 }];
    },
  ],
  [
    "a rule whose address group the answers do not have",
    /left-out: The security group rule .* address group 6a1c9ad0-1e0a-4d3b-8f63-3c1a3a0f5b11 is not among the answers/,
    (one, resource) => {
      if (resource === "security-group-rules" && one["direction"] === "egress")
        one["remote_address_group_id"] = "6a1c9ad0-1e0a-4d3b-8f63-3c1a3a0f5b11";
    },
  ],
  [
    "a QoS policy",
    /left-out: The QoS policy of port/,
    of("compute:nova", (port) => (port["qos_policy_id"] = "6a1c9ad0-1e0a-4d3b-8f63-3c1a3a0f5b11")),
  ],
  [
    "port forwarding",
    /left-out: The port forwarding of floating IP/,
    (one, resource) => {
      if (resource === "floatingips") one["port_forwardings"] = [{ protocol: "tcp", external_port: 80, internal_port: 8080 }];
    },
  ],
  [
    "a router's interface that is switched off",
    /answer-differs: .* other admin_state_up .* true, not false/,
    of("network:router_interface_distributed", (port) => (port["admin_state_up"] = false)),
  ],
  [
    "a second gateway",
    /left-out: The further gateways of router/,
    (one, resource) => {
      if (resource === "routers") one["external_gateways"] = [{ network_id: "a" }, { network_id: "b" }];
    },
  ],
  [
    "a port of another mechanism driver",
    /left-out: The binding of port .* hw_veb/,
    of("compute:nova", (port) => (port["binding:vif_type"] = "hw_veb")),
  ],
  [
    "a port whose binding failed, for which the host had a gateway",
    /^left-out: The port .* network:floatingip_agent_gateway/,
    of("compute:nova", (port) => (port["binding:vif_type"] = "binding_failed")),
  ],
  [
    "a DHCP port that its agent has given up",
    /left-out: The port .* nothing in the topology makes a port of network:dhcp/,
    of("network:dhcp", (port) => {
      if (port["network_id"] === blue) port["device_id"] = "reserved_dhcp_port";
    }),
  ],
  [
    "an agent gateway on a host that needs none",
    /left-out: The port .* a port of network:floatingip_agent_gateway/,
    (one, resource) => {
      if (resource === "routers") one["external_gateway_info"] = null;
      if (resource === "floatingips") for (const field of ["port_id", "fixed_ip_address", "router_id"]) one[field] = null;
    },
  ],
  [
    "a load balancer's own port",
    /left-out: The port .* network:local_ip/,
    of("compute:nova", (port) => (port["device_owner"] = "network:local_ip")),
  ],
  [
    "a host without an Open vSwitch agent",
    /left-out: .* has no Open vSwitch agent/,
    (one, resource) => {
      if (resource === "agents" && one["host"] === "cmp-1" && one["agent_type"] === "Open vSwitch agent")
        one["agent_type"] = "OVN Controller agent";
    },
  ],
])("says that %s is not in the topology, and makes one of the rest", (_, expected, change) => {
  const { told } = imported(change);
  expect(told.join("\n")).toMatch(expected);
});

it.each([
  ["10.1.0.0/24", "10.1.0.5/24"],
  [null, "0.0.0.0/0"],
])("takes rules of the prefixes %s and %s, which are one to the agents, for one", (one, two) => {
  const rules = [11, 12].map((octet) => ({ protocol: "tcp", port: 22, remote_ip_prefix: `192.0.${octet}.0/24` }));
  const server = { host: "cmp-1", networks: ["BLUE"], security_groups: ["web"] };
  const built = compileDocument(
    { ...cloud, servers: { VM: server }, floating_ips: {}, security_groups: { web: { rules } } },
    { release: "zed" },
  );
  const files = changed(neutronAnswers(built.resolution.topology), (rule) => {
    for (const [index, prefix] of [one, two].entries()) {
      if (rule["remote_ip_prefix"] === rules[index]?.remote_ip_prefix) rule["remote_ip_prefix"] = prefix;
    }
  });
  const [result, diagnostics] = importCloud(files, new Map(), { name: "odd", path: "odd.yaml", release: "zed" });
  const told = diagnostics.filter(({ name }) => name === "left-out").map(({ message }) => message);
  expect(told).toEqual([expect.stringMatching(/^The security group rule .* is left out: rule .* is the same to the agents\.$/)]);
  const groups = defined(result, "import").compilation.resolution.topology.securityGroups;
  expect(groups.find(({ name }) => name === "web")?.rules.filter(({ protocol }) => protocol === "tcp")).toHaveLength(1);
});

it("takes over a machine that has the gateway's address of a subnet without a router", () => {
  const server = { host: "cmp-1", networks: [{ network: "BLUE", fixed_ips: [{ subnet: "SUB-1", ip_address: "10.0.0.77" }] }] };
  const networks = { BLUE: { subnets: { "SUB-1": { cidr: "10.0.0.0/24" } } } };
  const built = compileDocument({ ...cloud, networks, routers: {}, servers: { VM: server }, floating_ips: {} }, { release: "zed" });
  const files = changed(neutronAnswers(built.resolution.topology), (port) => {
    for (const fixedIp of (port["fixed_ips"] as Fields[] | undefined) ?? [])
      if (fixedIp["ip_address"] === "10.0.0.77") fixedIp["ip_address"] = "10.0.0.1";
  });
  const [result, diagnostics] = importCloud(files, new Map(), { name: "odd", path: "odd.yaml", release: "zed" });
  expect(diagnostics.map(({ name }) => name)).not.toContain("answer-differs");
  const [machine] = defined(result, "import").compilation.resolution.topology.servers;
  expect(machine?.ports.flatMap(({ fixedIps }) => fixedIps.map(({ ip }) => ip))).toEqual(["10.0.0.1"]);
});

it("takes over a DHCP port that has an address on one subnet of two, and a network that no agent serves", () => {
  const onOne = imported(
    of("network:dhcp", (port) => {
      const fixedIps = port["fixed_ips"] as unknown[];
      if (fixedIps.length > 1) fixedIps.pop();
    }),
  );
  expect(onOne.told).toEqual([]);
  const [dhcp] = onOne.imported.compilation.resolution.topology.ports.filter(
    ({ deviceOwner, network }) => deviceOwner === "network:dhcp" && network.name === "BLUE",
  );
  expect(dhcp?.fixedIps.map(({ ip }) => ip)).toEqual(["10.0.0.2"]);

  const text = defined(answers.get("ports"), "ports").text;
  const body = JSON.parse(text) as { ports: Fields[] };
  const ports = body.ports.filter((port) => port["device_owner"] !== "network:dhcp" || port["network_id"] !== blue);
  const files = new Map(answers).set("ports", { path: "ports.json", text: JSON.stringify({ ports }) });
  const [unserved, diagnostics] = importCloud(files, new Map(), { name: "odd", path: "odd.yaml", release: "zed" });
  expect(diagnostics.filter(({ code }) => code.startsWith("DVRC70"))).toEqual([]);
  expect(unserved?.topologyText).toContain("dhcp_agents: []");
});

/** Imports the answers of a cloud and the dumps of its hosts, and finds nothing that differs from them. */
function broughtBack(odd: Compilation): Compilation {
  const dumps = new Map(
    odd.hosts.map((host) => {
      const files = printArtefacts(compiledHost(odd, host).state).map(({ path, text }) => [path.slice(host.length + 1), text] as const);
      return [host, loadHostDump(host, new Map(files))] as const;
    }),
  );
  const states = new Map([...dumps].map(([host, { state }]) => [host, state] as const));
  const [back] = importCloud(neutronAnswers(odd.resolution.topology), states, { name: "odd", path: "odd.yaml" });
  const { compilation } = defined(back, "import");
  for (const [host, dump] of dumps) {
    const { findings } = compareHost(compiledSide(compiledHost(compilation, host).state), dumpedSide(dump, true), compilation.release);
    expect({ host, findings }).toEqual({ host, findings: [] });
  }
  return compilation;
}

it("compares a cloud whose DHCP port lacks a subnet with its hosts and finds nothing", () => {
  const key = "network/BLUE/dhcp/net-1/subnets";
  const odd = compileDocument(cloud, { release: "zed", lock: new Map([...compiled.nextLock().allocations, [key, ["SUB-1"]]]) });
  expect(broughtBack(odd).nextLock().allocations.get(key)).toEqual(["SUB-1"]);
});

it.each(["openvswitch", "iptables_hybrid"] as const)("knows what agents made of ports that are switched off, with %s", (driver) => {
  const states = { "off-idle": undefined, "off-dead": "dead", "off-forgotten": "forgotten", "off-alone": "dead", "off-gone": "forgotten" };
  const isOff = { admin_state_up: false };
  const ports = {
    ...Object.fromEntries(["off-idle", "off-dead", "off-forgotten", "off-unplugged"].map((name) => [name, { network: "BLUE", ...isOff }])),
    "off-alone": { network: "ALONE", ...isOff },
    "off-gone": { network: "GONE", ...isOff },
  };
  const servers = Object.fromEntries(Object.keys(ports).map((port) => [`vm-${port}`, { host: "cmp-1", networks: [{ port }] }]));
  const lone = Object.fromEntries(["ALONE", "GONE"].map((name) => [name, { subnets: { [`SUB-${name}`]: { cidr: "10.9.0.0/24" } } }]));
  const networks = { ...cloud.networks, ...lone };
  const document = { ...cloud, agent: { firewall_driver: driver }, networks, ports, servers: { ...cloud.servers, ...servers } };
  const lock = new Map<string, LockValue>([["zed/cmp-1/unplugged/port/off-unplugged", true]]);
  for (const [name, state] of Object.entries(states)) if (state !== undefined) lock.set(`zed/cmp-1/port_state/port/${name}`, state);
  const odd = compileDocument(document, { release: "zed", lock });
  const view = compiledHost(odd, "cmp-1").view;
  const off = view.ports.filter(({ port }) => port.name.startsWith("off-"));
  expect(Object.fromEntries(off.map(({ port, state }) => [port.name, state]))).toEqual({ ...states, "off-idle": "idle" });
  // Of a network that has no more than a forgotten port the agent knows nothing.
  const networksThere = view.networks.map(({ network }) => network.name);
  expect(networksThere).not.toContain("GONE");
  expect(networksThere).toContain("ALONE");
  const told = [...broughtBack(odd).nextLock().allocations].filter(([key]) => /\/(?:port_state|unplugged)\//.test(key));
  expect(told.map(([key, value]) => [/off-\w+/.exec(key)?.[0], value]).sort()).toEqual([
    ["off-alone", "dead"],
    ["off-dead", "dead"],
    ["off-forgotten", "forgotten"],
    ["off-gone", "forgotten"],
    ["off-unplugged", true],
  ]);
});

it("wires no network for a router's interface that is switched off", () => {
  const networks = { ...cloud.networks, RED: { subnets: { "SUB-RED": { cidr: "10.7.0.0/24" } } } };
  const compiledWith = (up: boolean) => {
    const ports = { gateway: { network: "RED", admin_state_up: up, fixed_ips: [{ ip_address: "10.7.0.1" }] } };
    const routers = { R: { interfaces: ["SUB-1", { port: "gateway" }] } };
    return compileDocument({ ...cloud, networks, ports, routers, floating_ips: {} }, { release: "zed" });
  };
  const red = (up: boolean, host: string) =>
    compiledHost(compiledWith(up), host).view.networks.find(({ network }) => network.name === "RED");
  expect(red(true, "cmp-1")?.interfaces.map(({ port }) => port.name)).toEqual(["gateway"]);
  expect(red(false, "cmp-1")).toBeUndefined();
  // Its DHCP server is there.
  expect(red(true, "net-1")?.interfaces).toHaveLength(1);
  expect(red(false, "net-1")?.interfaces).toEqual([]);
});

it("refuses an id that is none, at its place", () => {
  const damaged = changed(answers, (one, resource) => {
    if (resource === "routers") one["id"] = "router-1";
  });
  const [result, diagnostics] = importCloud(damaged, new Map(), { name: "odd", path: "odd.yaml", release: "zed" });
  expect(result).toBeUndefined();
  const told = diagnostics.find(({ name }) => name === "answer-field");
  expect(told?.message).toBe("The router's id is not a UUID.");
  expect(damaged.get("routers")?.text.slice(told?.at?.start, told?.at?.end)).toBe('"router-1"');
});
