import { it } from "vitest";
import { checkYaml, cloudYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";
import { releases } from "../../releases/index.js";

const [newton] = releases;

const server = (host: string): string => `${cloudYaml}routers: { r1: { interfaces: [blue-v4], external_gateway: public } }
servers: { web: { host: ${host}, networks: [blue], floating_ip: 203.0.113.9 } }`;

it("wants external access on the host that carries a floating IP, and says so once", () => {
  expectSlugs(checkYaml(server("compute-1")));
  expectSlugs(checkYaml(server("compute-2")), "floating-ip-host-without-external");
  expectSlugs(checkYaml(server("compute-2"), newton), "floating-ip-host-without-external");
});

it("leaves the floating IPs of dvr_no_external hosts, and of centralised routers, to the network host", () => {
  expectSlugs(checkYaml(server("compute-2").replace("compute-2: { agent_mode: dvr,", "compute-2: { agent_mode: dvr_no_external,")));
  expectSlugs(checkYaml(server("compute-2").replace("r1: {", "r1: { distributed: false,")));
});
