import { expect, it } from "vitest";
import { defined } from "../src/base/invariant.js";
import type { TopologyDocument } from "../src/dsl/types.generated.js";
import { importCloud } from "../src/import-cloud.js";
import { compileDocument } from "./tools/compile-document.js";
import { neutronAnswers } from "./tools/neutron-answers.js";

/** A host, a network, and a router to an external network with a subnet of each IP version. */
const dualStackOutside: Omit<TopologyDocument, "name"> = {
  hosts: { n: { agent_mode: "dvr_snat", local_ip: "192.0.2.1", bridge_mappings: { extnet: "br-ex" } } },
  networks: {
    blue: { subnets: { four: { cidr: "10.9.0.0/24" } } },
    out: {
      "router:external": true,
      "provider:network_type": "flat",
      "provider:physical_network": "extnet",
      // As text the IPv6 addresses come first, which is how the server sorts them.
      subnets: { "out-4": { cidr: "203.0.113.0/24", enable_dhcp: false }, "out-6": { cidr: "2001:db8:9::/64", enable_dhcp: false } },
    },
  },
  routers: { r: { interfaces: ["four"], external_gateway: "out" } },
};

it("brings back an interface with an IPv4 and an IPv6 address, which only a port that was there before can be", () => {
  const built = compileDocument({
    name: "both",
    hosts: { n: { agent_mode: "dvr_snat", local_ip: "192.0.2.1" } },
    networks: { blue: { subnets: { four: { cidr: "10.9.0.0/24" }, six: { cidr: "2001:db8:9::/64", gateway_ip: "2001:db8:9::1" } } } },
    ports: {
      both: {
        network: "blue",
        fixed_ips: [
          { subnet: "four", ip_address: "10.9.0.1" },
          { subnet: "six", ip_address: "2001:db8:9::1" },
        ],
      },
    },
    routers: { r: { interfaces: [{ port: "both" }] } },
  });
  const [imported, diagnostics] = importCloud(neutronAnswers(built.resolution.topology), new Map(), {
    name: "both",
    path: "imported.yaml",
    release: built.release.name,
  });
  expect(diagnostics.map(({ name }) => name)).not.toContain("answer-differs");
  const addresses = defined(imported, "import").compilation.resolution.topology.routers[0]?.interfaces.map(({ port }) =>
    port.fixedIps.map(({ ip }) => ip),
  );
  expect(addresses).toEqual([["10.9.0.1", "2001:db8:9::1"]]);
});

it("brings back the IPv6 address that a floating IP's port has where nobody asked for an address", () => {
  const built = compileDocument({
    name: "both",
    ...dualStackOutside,
    servers: {
      vm: { host: "n", networks: ["blue"], floating_ip: true },
      other: { host: "n", networks: ["blue"], floating_ip: "203.0.113.99" },
    },
  });
  const addresses = ({ topology }: typeof built.resolution): (readonly string[])[] =>
    topology.floatingIps.map(({ ip, floatingPort }) => [ip, ...floatingPort.fixedIps.map((fixed) => fixed.ip)]);
  const own = addresses(built.resolution);
  expect(own.map(([ip, ...all]) => [ip, all.length, all.includes(String(ip))])).toEqual([
    [own[0]?.[0], 2, true],
    ["203.0.113.99", 1, true],
  ]);
  expect(own[0]?.[0]).toMatch(/^203\.0\.113\./);

  const options = { name: "both", path: "imported.yaml", release: built.release.name };
  const [imported, diagnostics] = importCloud(neutronAnswers(built.resolution.topology), new Map(), options);
  expect(diagnostics.map(({ name }) => name)).not.toContain("answer-differs");
  const back = addresses(defined(imported, "import").compilation.resolution);
  expect(new Set(back.map((all) => all.join(" ")))).toEqual(new Set(own.map((all) => all.join(" "))));
});

it("brings back agent gateways that were there before the external network's IPv6 subnet", () => {
  const built = compileDocument({
    name: "later",
    ...dualStackOutside,
  });
  const agentGateway = "network:floatingip_agent_gateway";
  const addresses = ({ topology }: typeof built.resolution): (readonly number[])[] =>
    topology.ports.flatMap(({ deviceOwner, fixedIps }) =>
      deviceOwner === agentGateway ? [fixedIps.map(({ subnet }) => subnet.version)] : [],
    );
  expect(addresses(built.resolution)).toEqual([[6, 4]]);

  const answers = neutronAnswers(built.resolution.topology);
  interface Port {
    readonly device_owner: string;
    fixed_ips: readonly { readonly ip_address: string }[];
  }
  const { ports } = JSON.parse(defined(answers.get("ports"), "ports").text) as { readonly ports: readonly Port[] };
  for (const port of ports) {
    if (port.device_owner === agentGateway) port.fixed_ips = port.fixed_ips.filter(({ ip_address: ip }) => !ip.includes(":"));
  }
  const [imported, diagnostics] = importCloud(
    new Map(answers).set("ports", { path: "ports.json", text: JSON.stringify({ ports }) }),
    new Map(),
    { name: "later", path: "imported.yaml", release: built.release.name },
  );
  expect(diagnostics.map(({ name }) => name)).not.toContain("answer-differs");
  const { compilation } = defined(imported, "import");
  expect(addresses(compilation.resolution)).toEqual([[4]]);
  expect(compilation.nextLock().allocations.get("network/out/agent_gateway/n/subnets")).toEqual(["out-4"]);
});
