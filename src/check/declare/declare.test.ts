import { expect, it } from "vitest";
import { releases } from "../../releases/index.js";
import { checkedYaml, checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const [newton] = releases;

const subnet = (more: string): string => `networks: { blue: { subnets: { s: { ${more} } } } }`;
const subnetOf = (more: string, release = releases.at(-1)) => checkedYaml(subnet(more), release).subnets.get("blue/s");

it("gives a subnet its first address for gateway and the rest for a pool", () => {
  expect(subnetOf("cidr: 10.1.0.0/24")).toMatchObject({
    gatewayIp: "10.1.0.1",
    allocationPools: [{ start: "10.1.0.2", end: "10.1.0.254" }],
  });
  expect(subnetOf("cidr: 10.1.0.0/24, gateway_ip: null")?.gatewayIp).toBeUndefined();
});

it("parts the default pool at a gateway in its middle", () => {
  expect(subnetOf("cidr: 10.1.0.0/29, gateway_ip: 10.1.0.4")?.allocationPools).toEqual([
    { start: "10.1.0.1", end: "10.1.0.3" },
    { start: "10.1.0.5", end: "10.1.0.6" },
  ]);
  expect(subnetOf("cidr: 10.1.0.0/29, gateway_ip: 10.1.0.6")?.allocationPools).toEqual([{ start: "10.1.0.1", end: "10.1.0.5" }]);
});

it("puts an IPv6 gateway where the release puts it, and keeps the first address out of the pool", () => {
  const last = "2001:db8::ffff:ffff:ffff:ffff";
  expect(subnetOf('cidr: "2001:db8::/64"')).toMatchObject({
    gatewayIp: "2001:db8::",
    allocationPools: [{ start: "2001:db8::1", end: last }],
  });
  expect(subnetOf('cidr: "2001:db8::/64"', newton)).toMatchObject({
    gatewayIp: "2001:db8::1",
    allocationPools: [{ start: "2001:db8::2", end: last }],
  });
});

it("corrects host bits in a subnet's prefix as the server does, and refuses them in a route", () => {
  expect(subnetOf("cidr: 10.1.0.77/24")?.cidr).toBe("10.1.0.0/24");
  expectSlugs(
    checkYaml(subnet("cidr: 10.1.0.0/24, host_routes: [{ destination: 10.2.0.7/24, nexthop: 10.1.0.9 }]")),
    "prefix-with-host-bits",
  );
});

it("refuses what Neutron's API refuses: a route that is given twice, and the MAC of no device", () => {
  const routes = "{ destination: 10.2.0.0/24, nexthop: 10.1.0.9 }, { destination: 10.2.0.0/24, nexthop: 10.1.0.8 }";
  expectSlugs(checkYaml(subnet(`cidr: 10.1.0.0/24, host_routes: [${routes}]`)));
  expectSlugs(
    checkYaml(subnet(`cidr: 10.1.0.0/24, host_routes: [${routes}, { destination: 10.2.0.0/24, nexthop: "10.1.0.9" }]`)),
    "duplicate-route",
  );
  const macOf = (mac: string): string => `networks: { a: {} }\nservers: { web: { networks: [{ network: a, mac_address: "${mac}" }] } }`;
  expectSlugs(checkYaml(macOf("00:00:00:00:00:00")), "bad-mac");
  expectSlugs(checkYaml(macOf("00:00:00:00:00:01")));
});

it("reads strings into their canonical text", () => {
  const topology = checkedYaml(`
    networks: { blue: { id: 5F2C1D3E-8A7B-4C6D-9E0F-112233445566, subnets: { s: { cidr: "2001:DB8:0::/64" } } } }
    servers: { web: { networks: [{ network: blue, mac_address: "FA:16:3E:0A:0B:0C" }] } }
  `);
  expect(topology.networks.get("blue")?.id).toBe("5f2c1d3e-8a7b-4c6d-9e0f-112233445566");
  expect(topology.subnets.get("blue/s")?.cidr).toBe("2001:db8::/64");
  expect(topology.ports.get("web/0")?.mac).toBe("fa:16:3e:0a:0b:0c");
});

it("says of every string that cannot be read, in one run, and checks the rest", () => {
  const yaml = `
    hosts: { node-1: { agent_mode: dvr_snat, local_ip: 010.0.0.1, dvr_mac_address: "x" }, node-2: { agent_mode: dvr, local_ip: fe80::1%eth0 } }
    networks:
      blue: { id: "1", subnets: { a: { cidr: 10.1.0.0/33 }, b: { cidr: 10.2.0.0/24, gateway_ip: 10.2.0.255 } } }
    servers: { web: { networks: [{ network: blue, fixed_ip: 1.2.3 }] } }
  `;
  const slugs = ["bad-address", "bad-mac", "bad-address", "bad-cidr", "bad-uuid", "bad-address", "gateway-unusable"];
  expect(checkYaml(yaml)[1].map(({ name }) => name)).toEqual(expect.arrayContaining(slugs));
});

it("does not complain of references to what is declared but broken", () => {
  expectSlugs(checkYaml("networks: { blue: { subnets: { s: { cidr: x } } } }\nrouters: { r1: { interfaces: [s] } }"), "bad-cidr");
});

it("finds a subnet by its name, by its network's and its own, and by its name in the port's network", () => {
  const topology = checkedYaml(`
    networks:
      a: { subnets: { s: { cidr: 10.1.0.0/24 }, only: { cidr: 10.3.0.0/24 } } }
      b: { subnets: { s: { cidr: 10.2.0.0/24 } } }
    routers: { r1: { interfaces: [only, b/s, { network: a, subnet: s }] } }
    servers: { web: { networks: [{ network: b, subnet: s }, { network: b, fixed_ip: 10.2.0.9 }] } }
  `);
  expect(topology.routers.get("r1")?.interfaces.map((one) => one.subnet?.key)).toEqual(["a/only", "b/s", "a/s"]);
  expect(topology.ports.get("web/0")?.fixedIps.map((one) => one.subnet?.key)).toEqual(["b/s"]);
  expect(topology.ports.get("web/1")?.fixedIps).toMatchObject([{ subnet: { key: "b/s" }, ipAddress: "10.2.0.9" }]);
});

it("gives a project its default group, to which declared rules are added", () => {
  const topology = checkedYaml(`
    project_id: p1
    networks: { blue: {} }
    servers: { a: { networks: [blue] }, b: { project_id: p2, networks: [blue], security_groups: [default] } }
    security_groups: { default: { rules: [{ protocol: icmp }] }, web: {} }
  `);
  const rules = (group: string) =>
    topology.securityGroups
      .get(group)
      ?.rules.map((rule) => `${rule.direction} ${rule.ethertype} ${rule.remoteGroup?.key ?? rule.protocol ?? "any"}`);
  const own = (key: string) => [`ingress IPv4 ${key}`, "egress IPv4 any", `ingress IPv6 ${key}`, "egress IPv6 any"];
  expect([...topology.securityGroups.keys()]).toEqual(["p2/default", "default", "web"]);
  expect(rules("default")).toEqual([...own("default"), "ingress IPv4 icmp"]);
  expect(rules("p2/default")).toEqual(own("p2/default"));
  expect(rules("web")).toEqual(["egress IPv4 any", "egress IPv6 any"]);
  expect(topology.ports.get("b/0")?.securityGroups?.map(({ key }) => key)).toEqual(["p2/default"]);
  expect(topology.ports.get("a/0")?.securityGroups).toBeUndefined();
});

it("adds to the default group of another project by its full key", () => {
  const topology = checkedYaml(`
    networks: { blue: {} }
    servers: { b: { project_id: p2, networks: [blue] } }
    security_groups: { p2/default: { default_rules: false, rules: [{ protocol: tcp, port: 22 }] }, x/default: {} }
  `);
  expect(topology.securityGroups.get("p2/default")).toMatchObject({
    isDefault: true,
    projectId: "p2",
    name: "default",
    rules: [{ protocol: "tcp" }],
  });
  expect(topology.securityGroups.get("x/default")?.isDefault).toBe(false);
});

it("stores rules as the server does", () => {
  const yaml =
    "security_groups: { g: { default_rules: false, rules: [{ protocol: ICMP, ethertype: IPv6 }, { protocol: 6, port: 22 }, { protocol: tcp, port: '1:65535' }, { protocol: any, remote_ip_prefix: 10.0.0.7 }] } }";
  const rules = checkedYaml(yaml).securityGroups.get("g")?.rules;
  expect(rules).toMatchObject([
    { protocol: "ipv6-icmp" },
    { protocol: "6", portRangeMin: 22, portRangeMax: 22 },
    { protocol: "tcp" },
    { remoteIpPrefix: "10.0.0.7/32" },
  ]);
  expect(rules?.[2]?.portRangeMin).toBeUndefined();
  const early = checkedYaml(yaml, newton).securityGroups.get("g")?.rules;
  expect([early?.[0]?.protocol, early?.[2]?.portRangeMin, early?.[2]?.portRangeMax]).toEqual(["icmp", 1, 65535]);
});

it("makes a declared port a server's when it takes it, with the server's host or the port's", () => {
  const topology = checkedYaml(`
    networks: { blue: {} }
    ports: { p: { network: blue, host: node-1 }, q: { network: blue } }
    servers: { a: { networks: [{ port: p }] }, b: { host: node-1, networks: [{ port: q }] } }
  `);
  expect(topology.servers.get("a")?.host?.key).toBe("node-1");
  expect(topology.ports.get("q")).toMatchObject({ server: "b", deviceOwner: "compute:nova", host: { key: "node-1" } });
});

const floating = (more: string): string => `
  hosts:
    n1: { agent_mode: dvr_snat, local_ip: 192.0.2.1 }
    n2: { agent_mode: dvr_snat, local_ip: 192.0.2.2 }
  networks:
    blue: { subnets: { s: { cidr: 10.1.0.0/24 } } }
    x: { "router:external": true, subnets: { x4: { cidr: 203.0.113.0/24, enable_dhcp: false }, agents: { cidr: 198.18.0.0/24, enable_dhcp: false, service_types: ["network:floatingip_agent_gateway"] } } }
    y: { "router:external": true, subnets: { y4: { cidr: 203.0.112.0/22, enable_dhcp: false } } }
  routers: { r1: { interfaces: [s], external_gateway: x } }
  ${more}
`;

it("finds a floating IP's network by its address and by the router of its port", () => {
  const networkOf = (more: string) => [...checkedYaml(floating(more)).floatingIps.values()].map((one) => one.network?.key);
  expect(networkOf("servers: { web: { networks: [blue], floating_ip: true } }")).toEqual(["x"]);
  expect(networkOf("servers: { web: { networks: [blue], floating_ip: 203.0.113.9 } }")).toEqual(["x"]);
  expect(networkOf("floating_ips: { f: { floating_ip_address: 203.0.112.9 } }")).toEqual(["y"]);
});

it("wants the network of a floating IP where it cannot be told", () => {
  expectSlugs(checkYaml(floating("floating_ips: { f: { floating_ip_address: 203.0.113.9 } }")), "ambiguous-external-network");
  expectSlugs(checkYaml(floating("floating_ips: { f: {} }")), "no-external-network");
  expectSlugs(checkYaml(floating("floating_ips: { f: { floating_ip_address: 192.0.2.9 } }")), "no-external-network");
});

it("names a server's floating IP after its port", () => {
  const topology = checkedYaml(floating("servers: { web: { networks: [blue, { network: blue, floating_ip: true }], floating_ip: true } }"));
  expect([...topology.floatingIps.keys()]).toEqual(["web/0", "web/1"]);
});

it("treats names like any other text: __proto__, constructor, empty-looking, with slashes", () => {
  const topology = checkedYaml(`
    networks:
      __proto__: { subnets: { constructor: { cidr: 10.1.0.0/24 }, "a/b ~1": { cidr: 10.2.0.0/24 } } }
    routers: { toString: { interfaces: [constructor, "a/b ~1"] } }
    servers: { hasOwnProperty: { networks: [__proto__] } }
  `);
  expect([...topology.subnets.keys()]).toEqual(["__proto__/constructor", "__proto__/a/b ~1"]);
  expect(topology.routers.get("toString")?.interfaces.map((one) => one.subnet?.key)).toEqual([...topology.subnets.keys()]);
  expect(topology.ports.get("hasOwnProperty/0")?.network.key).toBe("__proto__");
});

it("refuses two names that dvrc could not tell apart, and no others", () => {
  expectSlugs(
    checkYaml("networks: { a: { subnets: { b/c: { cidr: 10.1.0.0/24 } } }, a/b: { subnets: { c: { cidr: 10.2.0.0/24 } } } }"),
    "colliding-key",
  );
  expectSlugs(checkYaml("networks: { a: {} }\nports: { web/0: { network: a } }\nservers: { web: { networks: [a] } }"), "colliding-key");
  expectSlugs(checkYaml("networks: { a: {} }\nports: { web/1: { network: a } }\nservers: { web: { networks: [a] } }"));
});

it("drops options that the release does not have, with a warning where they are written", () => {
  const yaml = "agent: { prevent_arp_spoofing: false }\nhosts: { n1: { agent_mode: dvr_snat, external_network_bridge: br-ex } }";
  expect(checkedYaml(yaml, newton).hosts.get("n1")).toMatchObject({ externalNetworkBridge: "br-ex", agent: { preventArpSpoofing: false } });
  expectSlugs(checkYaml(yaml), "option-not-in-release", "option-not-in-release");
  const host = checkedYaml(yaml).hosts.get("n1");
  expect(host?.externalNetworkBridge).toBeUndefined();
  expect(host?.agent.preventArpSpoofing).toBe(true);
});
