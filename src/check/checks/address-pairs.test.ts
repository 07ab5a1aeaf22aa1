import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const pairs = (list: string): string =>
  `networks: { blue: { subnets: { s: { cidr: 10.1.0.0/24 } } } }\nservers: { web: { networks: [{ network: blue, allowed_address_pairs: [${list}] }] } }`;

it("accepts prefixes, all addresses, and one address with two MACs", () => {
  expectSlugs(checkYaml(pairs('{ ip_address: 10.9.0.0/24 }, { ip_address: 0.0.0.0/0 }, { ip_address: "::/0" }')));
  expectSlugs(checkYaml(pairs('{ ip_address: 10.1.0.9 }, { ip_address: 10.1.0.9, mac_address: "00:00:5e:00:01:01" }')));
});

it("refuses repeated pairs, however they are written", () => {
  expectSlugs(checkYaml(pairs("{ ip_address: 10.9.0.5/24 }, { ip_address: 10.9.0.0/24 }")), "duplicate-address-pair");
});
