import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const router = (subnet: string, item: string): string => `
  networks: { a: { subnets: { s: { cidr: 10.1.0.0/24, ${subnet} } } } }
  ports: { p: { network: a }, q: { network: a, fixed_ips: [{ ip_address: 10.1.0.7 }] } }
  routers: { r1: { interfaces: [${item}] } }
`;

it("takes the gateway's address, its own, or its port's", () => {
  expectSlugs(checkYaml(router("", "s")));
  expectSlugs(checkYaml(router("gateway_ip: null", "{ subnet: s, ip_address: 10.1.0.9 }")));
  expectSlugs(checkYaml(router("gateway_ip: null", "{ port: q }")));
});

it("refuses an interface that has none, or one of another prefix", () => {
  expectSlugs(checkYaml(router("gateway_ip: null", "s")), "missing-gateway-ip");
  expectSlugs(checkYaml(router("gateway_ip: 10.2.0.1", "s")), "gateway-outside-subnet", "address-outside-subnet");
  expectSlugs(checkYaml(router("", "{ subnet: s, ip_address: 10.2.0.9 }")), "address-outside-subnet");
  expectSlugs(checkYaml(router("", "{ port: p }")), "port-without-subnet");
});
