import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const network = (...types: readonly string[]): string =>
  `networks: { blue: { subnets: { ${types.map((type, index) => `s${index}: { cidr: 10.${index}.0.0/24, service_types: [${type}] }`).join(", ")} } } }`;
const server = "servers: { web: { networks: [blue] } }";

it("gives a port an address of a subnet that is for all or for its kind", () => {
  expectSlugs(checkYaml(`${network('"network:router_gateway"', "")}\n${server}`));
  expectSlugs(checkYaml(`${network('"compute:nova"')}\n${server}`));
  expectSlugs(checkYaml(`networks: { blue: {} }\n${server}`));
});

it("refuses a port for which none is left, unless it names its subnet", () => {
  expectSlugs(checkYaml(`${network('"network:router_gateway"')}\n${server}`), "no-subnet-for-port");
  expectSlugs(checkYaml(`${network('"network:router_gateway"')}\nservers: { web: { networks: [{ network: blue, subnet: s0 }] } }`));
});
