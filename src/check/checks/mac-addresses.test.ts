import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const mac = 'mac_address: "fa:16:3e:00:00:05"';
const networks = "networks: { a: { subnets: { s: { cidr: 10.1.0.0/24 } } }, b: {} }";

it("lets one MAC be on two networks", () => {
  expectSlugs(checkYaml(`${networks}\nports: { p: { network: a, ${mac} }, q: { network: b, ${mac} } }`));
});

it("refuses it twice on one, a router's interface counted", () => {
  expectSlugs(
    checkYaml(
      `${networks}\nports: { p: { network: b, ${mac} }, q: { network: b, ${mac.toUpperCase().replace("MAC_ADDRESS", "mac_address")} } }`,
    ),
    "duplicate-mac",
  );
  expectSlugs(
    checkYaml(`${networks}\nports: { p: { network: a, ${mac} } }\nrouters: { r: { interfaces: [{ subnet: s, ${mac} }] } }`),
    "duplicate-mac",
  );
});
