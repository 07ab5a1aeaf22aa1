import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const router = (a: string, b: string, interfaces: string): string => `
  networks: { a: { subnets: { a4: { cidr: "${a}" } } }, b: { subnets: { b4: { cidr: "${b}" } } } }
  routers: { r1: { interfaces: [${interfaces}] } }
`;

it("accepts neighbours, and one prefix of two routers", () => {
  expectSlugs(checkYaml(router("10.1.0.0/25", "10.1.0.128/25", "a4, b4")));
  expectSlugs(
    checkYaml(
      `${router("10.1.0.0/24", "10.1.0.0/24", "a4")}    r2: { interfaces: [b4] }\n`.replace(
        "routers: { r1: { interfaces: [a4] } }",
        "routers:\n    r1: { interfaces: [a4] }",
      ),
    ),
  );
});

it("refuses prefixes that overlap, and a subnet twice", () => {
  expectSlugs(checkYaml(router("10.1.0.0/16", "10.1.9.0/24", "a4, b4")), "overlapping-router-subnets");
  expectSlugs(checkYaml(router("10.1.0.0/24", "10.2.0.0/24", "a4, { subnet: a4, ip_address: 10.1.0.9 }")), "subnet-joined-twice");
});

it("counts every subnet of the external network", () => {
  const external = `
    hosts:
      n1: { agent_mode: dvr_snat, local_ip: 192.0.2.1 }
      n2: { agent_mode: dvr_snat, local_ip: 192.0.2.2 }
    networks:
      a: { subnets: { a4: { cidr: 10.1.0.0/24 } } }
      x: { "router:external": true, subnets: { x4: { cidr: 10.0.0.0/8, enable_dhcp: false } } }
    routers: { r1: { interfaces: [a4], external_gateway: x } }
  `;
  expectSlugs(checkYaml(external), "overlapping-router-subnets");
});
