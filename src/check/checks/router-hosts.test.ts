import { it } from "vitest";
import { checkYaml, cloudYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const hosts = (...modes: readonly string[]): string =>
  `hosts: { ${modes.map((mode, index) => `h${index}: { agent_mode: ${mode}, local_ip: 192.0.2.${index + 1}, dhcp_agent: true }`).join(", ")} }\n`;
const blue = "networks: { blue: { subnets: { s: { cidr: 10.1.0.0/24 } } } }\n";

it("wants a DVR host for a distributed router, and a network host for a centralised one", () => {
  expectSlugs(checkYaml(`${hosts("legacy")}${blue}routers: { r1: { interfaces: [s] } }`), "no-distributed-host");
  expectSlugs(checkYaml(`${hosts("dvr")}${blue}routers: { r1: { interfaces: [s] } }`));
  expectSlugs(checkYaml(`${hosts("dvr")}${blue}routers: { r1: { distributed: false, interfaces: [s] } }`), "no-centralised-host");
  expectSlugs(checkYaml(`${hosts("dvr", "legacy")}${blue}routers: { r1: { distributed: false, interfaces: [s] } }`));
});

it("takes only hosts of the right mode where one is named", () => {
  const router = (host: string, distributed: boolean): string =>
    `${cloudYaml}routers: { r1: { distributed: ${String(distributed)}, host: ${host}, interfaces: [blue-v4] } }`;
  expectSlugs(checkYaml(router("compute-1", true)), "unfit-router-host");
  expectSlugs(checkYaml(router("compute-1", false)), "unfit-router-host");
  expectSlugs(checkYaml(router("network-2", true)));
  expectSlugs(checkYaml(router("network-2", false)));
});

it("wants dvr_snat for a distributed router with a gateway", () => {
  const router = "routers: { r1: { interfaces: [blue-v4], external_gateway: public } }";
  expectSlugs(checkYaml(cloudYaml.replaceAll("agent_mode: dvr_snat", "agent_mode: dvr, dhcp_agent: true") + router), "no-snat-host");
});

it("wants of several network hosts one that reaches the outside", () => {
  const router = "routers: { r1: { interfaces: [blue-v4], external_gateway: public } }";
  const unmapped = (host: string): string => cloudYaml.replace(new RegExp(`(${host}: .*), bridge_mappings: .*`), "$1 }");
  expectSlugs(checkYaml(unmapped("network-1") + router));
  expectSlugs(checkYaml(unmapped("network-1").replace(/(network-2: .*), bridge_mappings: .*/, "$1 }") + router), "no-host-for-router");
});
