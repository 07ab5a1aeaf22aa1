import fc from "fast-check";
import { expect, it } from "vitest";
import { defined } from "../base/invariant.js";
import type { TopologyDocument } from "../dsl/types.generated.js";
import { checkShape } from "../read/shape.js";
import { readJson } from "../read/json.js";
import { releases } from "../releases/index.js";
import { checkYaml } from "../testing/check-yaml.js";
import { checkDocument } from "./check.js";

/** One of everything. */
const cloud: TopologyDocument = {
  name: "cloud",
  neutron: { network_vlan_ranges: { p: [100, 199] } },
  hosts: {
    n1: { agent_mode: "dvr_snat", local_ip: "192.0.2.1", bridge_mappings: { ext: "br-ex", p: "br-p" }, uplinks: { "br-ex": "eth1" } },
    n2: { agent_mode: "dvr_snat", local_ip: "192.0.2.2", bridge_mappings: { ext: "br-ex", p: "br-p" } },
    c1: { agent_mode: "dvr", local_ip: "192.0.2.3", bridge_mappings: { ext: "br-ex", p: "br-p" }, dvr_mac_address: "fa:16:3f:00:00:01" },
  },
  aggregates: { a: { availability_zone: "z", hosts: ["c1"] } },
  address_scopes: { s: { ip_version: 4 } },
  networks: {
    blue: { ipv4_address_scope: "s", subnets: { b4: { cidr: "10.1.0.0/24" }, b6: { cidr: "2001:db8::/64", ipv6_ra_mode: "slaac" } } },
    red: { "provider:network_type": "vlan", "provider:physical_network": "p", subnets: { r4: { cidr: "10.2.0.0/24" } } },
    public: {
      "router:external": true,
      "provider:network_type": "flat",
      "provider:physical_network": "ext",
      subnets: { x4: { cidr: "203.0.113.0/24", enable_dhcp: false, allocation_pools: [{ start: "203.0.113.9", end: "203.0.113.99" }] } },
    },
  },
  routers: {
    r1: {
      interfaces: ["b4", { subnet: "r4", ip_address: "10.2.0.9" }, { port: "up" }],
      external_gateway: "public",
      routes: [{ destination: "10.9.0.0/24", nexthop: "10.1.0.9" }],
    },
  },
  ports: {
    up: { network: "blue", fixed_ips: [{ subnet: "b6", ip_address: "2001:db8::9" }] },
    vip: { network: "red", security_groups: ["g"] },
  },
  servers: {
    web: { availability_zone: "z", networks: ["blue", { port: "vip" }], floating_ip: "203.0.113.50" },
    db: { host: "c1", networks: [{ network: "red", fixed_ip: "10.2.0.5", allowed_address_pairs: [{ ip_address: "10.2.0.6" }] }] },
  },
  floating_ips: { f: { network: "public", server: "db", fixed_ip_address: "10.2.0.5" } },
  security_groups: { g: { rules: [{ protocol: "tcp", port: "80:90", remote_group: "default" }] } },
};

it("accepts one of everything, in every release", () => {
  for (const release of releases) {
    const [topology, diagnostics] = checkJson(JSON.stringify(cloud), release);
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(topology).toBeDefined();
  }
});

it("says of unrelated faults all at once", () => {
  const [topology, diagnostics] = checkYaml(`
    networks:
      a: { subnets: { s: { cidr: 10.1.0.0/24, gateway_ip: 10.1.0.0 } } }
      b: { "provider:segmentation_id": 0 }
    routers: { r: { interfaces: [t], ha: true } }
    servers: { web: { host: nobody, networks: [{ network: a, fixed_ip: 10.1.0.255 }] } }
    security_groups: { g: { rules: [{ port: 80 }] } }
  `);
  const slugs = [
    "ha-not-modelled",
    "unknown-subnet",
    "unknown-host",
    "gateway-unusable",
    "segmentation-id-out-of-range",
    "address-unusable",
    "ports-without-protocol",
  ];
  expect(topology).toBeUndefined();
  expect(new Set(diagnostics.map(({ name }) => name))).toEqual(new Set(slugs));
});

it("checks what a program computed, which has no place of its own", () => {
  const value: TopologyDocument = {
    name: "computed",
    agent: { prevent_arp_spoofing: true },
    hosts: { n1: { agent_mode: "dvr_snat", local_ip: "192.0.2.1" } },
    networks: { blue: { subnets: { s: { cidr: "10.1.0.0/24", allocation_pools: [{ start: "10.1.0.1", end: "10.1.1.9" }] } } } },
    ports: { p: { network: "blue", port_security_enabled: false, security_groups: ["default"] } },
  };
  const source = { path: "/computed.ts", text: "export default make();" };
  const document = { source, inputs: [source], value, locate: () => ({ span: { source, start: 15, end: 21 }, exact: false }) };
  const [, diagnostics] = checkDocument(document, value, defined(releases.at(-1), "release"));
  const slugs = ["option-not-in-release", "pool-outside-subnet", "pool-contains-gateway", "needs-port-security"];
  expect(diagnostics.map(({ name }) => name)).toEqual(slugs);
});

const hostile = fc.constantFrom<unknown>(
  "",
  "x",
  "b4",
  "__proto__",
  "\0",
  "a/b",
  "0.0.0.0",
  "::",
  "255.255.255.255/0",
  "fa:16:3e:00:00:01",
  "default",
  "any",
  0,
  1,
  -1,
  65535,
  2 ** 40,
  true,
  false,
  null,
  [],
  {},
);

it("says something sensible about any fault: never throws, always has a place, and refuses exactly where there is an error", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(), hostile), { minLength: 1, maxLength: 4 }), fc.constantFrom(...releases), (changes, release) => {
      const value = structuredClone(cloud);
      for (const [at, replacement] of changes) replaceSomewhere(value, at, replacement);
      const result = checkJson(JSON.stringify(value), release);
      const [topology, diagnostics] = result;
      for (const diagnostic of diagnostics) expect(diagnostic.at).toBeDefined();
      expect(topology === undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
    }),
    { numRuns: 400 },
  );
});

function checkJson(text: string, release: (typeof releases)[number]): ReturnType<typeof checkDocument> {
  const [document, read] = readJson({ path: "/cloud.json", text });
  if (document === undefined) return [undefined, read];
  const [value, shape] = checkShape(document);
  return value === undefined ? [undefined, shape] : checkDocument(document, value, release);
}

/** Replaces the value of one of all members, counted through. */
function replaceSomewhere(value: unknown, at: number, replacement: unknown): void {
  const members: { readonly owner: Record<string, unknown>; readonly key: string }[] = [];
  const walk = (owner: unknown): void => {
    if (typeof owner !== "object" || owner === null) return;
    for (const key of Object.keys(owner)) {
      members.push({ owner: owner as Record<string, unknown>, key });
      walk((owner as Record<string, unknown>)[key]);
    }
  };
  walk(value);
  const { owner, key } = defined(members[at % members.length], "member");
  owner[key] = replacement;
}
