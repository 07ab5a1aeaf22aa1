import { it } from "vitest";
import { checkYaml, cloudYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";
import { releases } from "../../releases/index.js";

const [newton] = releases;

const plain = cloudYaml.replace(/ {6}agents-v4: .*\n/, "");
const router = "routers: { r1: { interfaces: [blue-v4], external_gateway: public } }\n";
const server = (more: string): string => `servers: { web: { host: compute-1, networks: [blue], ${more} } }`;

it("warns where fip namespaces take public addresses: on every DVR host, or with floating IPs only", () => {
  expectSlugs(checkYaml(plain + router + server("")), "fip-namespaces-take-addresses");
  expectSlugs(checkYaml(plain + router + server(""), newton));
  expectSlugs(checkYaml(plain + router + server("floating_ip: true"), newton), "fip-namespaces-take-addresses");
});

it("is silent with a subnet for them, and without fip namespaces", () => {
  expectSlugs(checkYaml(cloudYaml + router + server("floating_ip: true")));
  expectSlugs(checkYaml(plain + router.replace("r1: {", "r1: { distributed: false,") + server("floating_ip: true")));
});
