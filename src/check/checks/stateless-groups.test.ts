import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const port = (groups: string): string => `
agent: { firewall_driver: iptables_hybrid }
networks: { blue: { subnets: { blue-v4: { cidr: 10.0.0.0/24 } } } }
ports: { door: { network: blue, security_groups: [${groups}] } }
security_groups: { fast: { stateful: false }, faster: { stateful: false }, web: {} }
`;

it("accepts groups that agree", () => {
  expectSlugs(checkYaml(port("fast, faster")));
  expectSlugs(checkYaml(port("web, default")));
});

it("refuses a port with a stateful and a stateless group", () => {
  expectSlugs(checkYaml(port("fast, web")), "stateful-and-stateless");
  expectSlugs(checkYaml(port("default, fast")), "stateful-and-stateless");
});
