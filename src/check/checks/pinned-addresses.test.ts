import { it } from "vitest";
import { checkYaml, cloudYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const blue =
  "networks: { blue: { subnets: { s: { cidr: 10.1.0.0/24 }, v6: { cidr: '2001:db8::/64', ipv6_ra_mode: slaac, ipv6_address_mode: slaac } } } }";

const server = (name: string, more: string): string => `  ${name}: { networks: [{ network: blue, ${more} }] }\n`;
const servers = (...list: readonly string[]): string => `${blue}\nservers:\n${list.join("")}`;

it("accepts the first and last usable address, and one address on two networks", () => {
  expectSlugs(checkYaml(servers(server("a", "fixed_ip: 10.1.0.2"), server("b", "fixed_ip: 10.1.0.254"))));
  const networks = "networks: { a: { subnets: { s: { cidr: 10.1.0.0/24 } } }, b: { subnets: { s: { cidr: 10.1.0.0/24 } } } }";
  expectSlugs(
    checkYaml(`${networks}\nservers: { web: { networks: [{ network: a, fixed_ip: 10.1.0.9 }, { network: b, fixed_ip: 10.1.0.9 }] } }`),
  );
});

it("refuses network and broadcast addresses", () => {
  expectSlugs(checkYaml(servers(server("a", "fixed_ip: 10.1.0.0"))), "address-unusable");
  expectSlugs(checkYaml(servers(server("a", "fixed_ip: 10.1.0.255"))), "address-unusable");
});

it("refuses an address of two ports, of a port and a router, and of two routers", () => {
  expectSlugs(checkYaml(servers(server("a", "fixed_ip: 10.1.0.9"), server("b", "fixed_ip: 10.1.0.9"))), "address-in-use");
  const router = "routers: { r1: { interfaces: [{ subnet: s, ip_address: 10.1.0.9 }] } }\n";
  expectSlugs(checkYaml(`${router}${servers(server("a", "fixed_ip: 10.1.0.9"))}`), "address-in-use");
  expectSlugs(checkYaml(`${blue}\nrouters: { r1: { interfaces: [s] }, r2: { interfaces: [s] } }`), "address-in-use");
});

it("tells the gateway of a router from that of an appliance", () => {
  const gateway = servers(server("a", "fixed_ip: 10.1.0.1"));
  expectSlugs(checkYaml(`routers: { r1: { interfaces: [s] } }\n${gateway}`), "address-is-gateway");
  expectSlugs(checkYaml(gateway), "port-is-gateway");
});

it("refuses the external gateway for routers and floating IPs", () => {
  const gateway = "{ network: public, external_fixed_ips: [{ ip_address: 203.0.113.1 }] }";
  expectSlugs(checkYaml(`${cloudYaml}routers: { r1: { external_gateway_info: ${gateway} } }`), "address-is-gateway");
  expectSlugs(checkYaml(`${cloudYaml}floating_ips: { f: { floating_ip_address: 203.0.113.1 } }`), "address-is-gateway");
});

it("refuses a floating IP of two servers", () => {
  const floating = `${cloudYaml}routers: { r1: { interfaces: [blue-v4], external_gateway: public } }
servers:
  a: { networks: [blue], floating_ip: 203.0.113.9 }
  b: { networks: [blue], floating_ip: 203.0.113.9 }
`;
  expectSlugs(checkYaml(floating), "address-in-use");
});

it("accepts of SLAAC addresses only the one that the MAC makes", () => {
  const mac = 'mac_address: "fa:16:3e:00:00:05"';
  expectSlugs(checkYaml(servers(server("a", `${mac}, fixed_ip: "2001:db8::f816:3eff:fe00:5"`))));
  expectSlugs(checkYaml(servers(server("a", `${mac}, fixed_ip: "2001:db8::5"`))), "slaac-address");
  expectSlugs(checkYaml(`${blue}\nrouters: { r1: { interfaces: [{ subnet: v6, ip_address: "2001:db8::5" }] } }`));
});
