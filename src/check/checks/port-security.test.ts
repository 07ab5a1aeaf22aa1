import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const port = (network: string, more: string): string => `networks: { blue: { ${network} } }\nports: { p: { network: blue, ${more} } }`;

it("refuses groups and address pairs on a port without port security, its own or its network's", () => {
  const pairs = "allowed_address_pairs: [{ ip_address: 10.1.0.9 }]";
  expectSlugs(
    checkYaml(port("", `port_security_enabled: false, security_groups: [default], ${pairs}`)),
    "needs-port-security",
    "needs-port-security",
  );
  expectSlugs(checkYaml(port("port_security_enabled: false", pairs)), "needs-port-security");
  expectSlugs(checkYaml(port("port_security_enabled: false", `port_security_enabled: true, ${pairs}`)));
});

it("does not hold a server's groups against its port, nor an empty list", () => {
  expectSlugs(checkYaml(port("", "port_security_enabled: false, security_groups: []")));
  expectSlugs(
    checkYaml(
      "networks: { blue: {} }\nservers: { web: { security_groups: [default], networks: [{ network: blue, port_security_enabled: false }] } }",
    ),
  );
});
