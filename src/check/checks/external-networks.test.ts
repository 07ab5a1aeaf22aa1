import { it } from "vitest";
import { checkYaml, cloudYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

it("wants external networks for gateways and floating IPs", () => {
  expectSlugs(checkYaml(`${cloudYaml}routers: { r1: { external_gateway: public } }\nfloating_ips: { f: { network: public } }`));
  expectSlugs(checkYaml(`${cloudYaml}routers: { r1: { external_gateway: blue } }`), "not-external-network");
  expectSlugs(checkYaml(`${cloudYaml}floating_ips: { f: { network: blue } }`), "not-external-network");
});

it("wants a floating IP's address in its network", () => {
  expectSlugs(checkYaml(`${cloudYaml}floating_ips: { f: { network: public, floating_ip_address: 192.0.2.9 } }`), "address-outside-subnet");
});
