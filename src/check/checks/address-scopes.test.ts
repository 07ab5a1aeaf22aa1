import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

it("wants scopes of the version that the network names them for", () => {
  const network = (version: number): string => `
    address_scopes: { s4: {}, s6: { ip_version: 6 } }
    networks: { blue: { ipv4_address_scope: s${version}, ipv6_address_scope: s6 } }
  `;
  expectSlugs(checkYaml(network(4)));
  expectSlugs(checkYaml(network(6)), "wrong-scope-version");
});
