import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const routes = (nexthop: string): string => `
  networks: { a: { subnets: { a4: { cidr: 10.1.0.0/24 }, a6: { cidr: "2001:db8::/64" } } } }
  routers: { r1: { interfaces: [a4, a6], routes: [{ destination: "${nexthop.includes(":") ? "2001:db8:9::/48" : "10.9.0.0/24"}", nexthop: "${nexthop}" }] } }
`;

it("reaches next hops on the router's subnets only", () => {
  expectSlugs(checkYaml(routes("10.1.0.9")));
  expectSlugs(checkYaml(routes("2001:db8::9")));
  expectSlugs(checkYaml(routes("10.1.1.9")), "next-hop-unreachable");
});

it("does not lead back to the router", () => {
  expectSlugs(checkYaml(routes("10.1.0.1")), "next-hop-is-router");
});
