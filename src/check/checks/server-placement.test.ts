import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const cloud = `
hosts:
  network-1: { agent_mode: dvr_snat, local_ip: 192.0.2.1, bridge_mappings: { p: br-p } }
  compute-1: { agent_mode: dvr, local_ip: 192.0.2.2, bridge_mappings: { p: br-p } }
  compute-2: { agent_mode: dvr, local_ip: 192.0.2.3 }
  compute-3: { agent_mode: dvr, local_ip: 192.0.2.4 }
aggregates:
  one: { availability_zone: az-1, hosts: [compute-1, compute-2] }
  two: { availability_zone: az-2, hosts: [compute-2, compute-3] }
  none: { availability_zone: az-3 }
networks:
  tenant: { subnets: { t4: { cidr: 10.1.0.0/24 } } }
  provider: { "provider:network_type": flat, "provider:physical_network": p, subnets: { p4: { cidr: 10.2.0.0/24 } } }
`.replace("hosts: [compute-2, compute-3]", "hosts: [compute-3]");
const server = (more: string): string => `${cloud}servers: { web: { ${more} } }`;

it("finds a host in the zone that can carry the networks", () => {
  expectSlugs(checkYaml(server("availability_zone: az-1, networks: [tenant, provider]")));
  expectSlugs(checkYaml(server("networks: [provider]")));
  expectSlugs(checkYaml(server("availability_zone: nova, networks: [provider]")));
});

it("refuses a zone without hosts, and one whose hosts cannot", () => {
  expectSlugs(checkYaml(server("availability_zone: az-3")), "empty-zone");
  expectSlugs(checkYaml(server("availability_zone: az-2, networks: [provider]")), "missing-bridge-mapping");
  expectSlugs(
    checkYaml(
      server("availability_zone: az-2, networks: [provider]")
        .replace("hosts: [compute-1, compute-2]", "hosts: [compute-1]")
        .replace("hosts: [compute-3]", "hosts: [compute-2, compute-3]"),
    ),
    "no-host-for-server",
  );
});

it("refuses a host of another zone, whichever zone that is", () => {
  expectSlugs(checkYaml(server("host: compute-1, availability_zone: az-1")));
  expectSlugs(checkYaml(server("host: compute-1, availability_zone: az-2")), "host-not-in-zone");
  expectSlugs(checkYaml(server("host: network-1, availability_zone: az-1")), "host-not-in-zone");
});

it("refuses a port that is bound elsewhere", () => {
  const port = "ports: { p: { network: tenant, host: compute-1 } }\n";
  expectSlugs(checkYaml(port + server("networks: [{ port: p }]")));
  expectSlugs(checkYaml(port + server("host: compute-3, networks: [{ port: p }]")), "port-host-differs");
});
