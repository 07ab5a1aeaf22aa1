import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const cloud = (mode: string, router = ""): string => `
  hosts:
    network-1: { agent_mode: dvr_snat, local_ip: 192.0.2.1 }
    compute-1: { agent_mode: ${mode}, local_ip: 192.0.2.2 }
  networks: { blue: { subnets: { s: { cidr: 10.1.0.0/24 } } } }
  routers: { r1: { interfaces: [s], ${router} } }
  servers: { a: { host: compute-1, networks: [blue] }, b: { host: compute-1, networks: [blue] } }
`;

it("warns once of a legacy host with servers behind a distributed router", () => {
  expectSlugs(checkYaml(cloud("legacy")), "host-without-router");
});

it("does not mind a DVR host, nor a centralised router", () => {
  expectSlugs(checkYaml(cloud("dvr")));
  expectSlugs(checkYaml(cloud("legacy", "distributed: false, host: network-1")));
});
