import { it } from "vitest";
import { checkYaml, cloudYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const router = "routers: { r1: { interfaces: [blue-v4], external_gateway: public } }\n";
const server = "servers: { web: { networks: [{ network: blue, fixed_ips: [{ ip_address: 10.1.0.5 }, { ip_address: 10.1.0.6 }] }] } }\n";
const floating = (more: string): string => `${cloudYaml}${router}${server}floating_ips: { f: { network: public, server: web, ${more} } }`;

it("wants to be told which of several addresses is meant, and that the port has it", () => {
  expectSlugs(checkYaml(floating("fixed_ip_address: 10.1.0.6")));
  expectSlugs(checkYaml(floating("")), "floating-ip-ambiguous-address");
  expectSlugs(checkYaml(floating("fixed_ip_address: 10.1.0.7")), "floating-ip-wrong-address");
});

it("wants a router from the port's subnet to the floating IP's network", () => {
  const wish = "servers: { web: { networks: [blue], floating_ip: 203.0.113.9 } }";
  expectSlugs(checkYaml(`${cloudYaml}${router}${wish}`));
  expectSlugs(checkYaml(`${cloudYaml}${wish}`), "floating-ip-unreachable");
  expectSlugs(checkYaml(`${cloudYaml}routers: { r1: { interfaces: [blue-v4] } }\n${wish}`), "floating-ip-unreachable");
});

it("says nothing of missing routers while routers have errors of their own", () => {
  const wish = "servers: { web: { networks: [blue], floating_ip: 203.0.113.9 } }";
  expectSlugs(checkYaml(`${cloudYaml}routers: { r1: { interfaces: [blue-v5], external_gateway: public } }\n${wish}`), "unknown-subnet");
});

it("allows one floating IP for each address and network", () => {
  const second =
    "floating_ips: { f: { network: public, server: web, fixed_ip_address: 10.1.0.5 }, g: { network: public, server: web, fixed_ip_address: ";
  expectSlugs(checkYaml(`${cloudYaml}${router}${server}${second}10.1.0.6 } }`));
  expectSlugs(checkYaml(`${cloudYaml}${router}${server}${second}10.1.0.5 } }`), "address-already-floating");
});
