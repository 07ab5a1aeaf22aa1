import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";
import { releases } from "../../releases/index.js";

const [newton] = releases;

const host = (mode: string, agent: string): string =>
  `hosts: { node-1: { agent_mode: ${mode}, local_ip: 192.0.2.1, agent: { ${agent} } } }`;

it("wants distributed routing on for every mode but legacy", () => {
  for (const mode of ["dvr", "dvr_snat", "dvr_no_external"]) {
    expectSlugs(checkYaml(host(mode, "enable_distributed_routing: false")), "no-distributed-routing");
  }
  expectSlugs(checkYaml(host("legacy", "enable_distributed_routing: false, l2_population: false")));
});

it("wants l2population where distributed routing meets tunnels", () => {
  expectSlugs(checkYaml(host("dvr", "l2_population: false")), "no-l2-population");
  expectSlugs(checkYaml(host("dvr", "l2_population: false, tunnel_types: []")));
});

it("knows dvr_no_external only in releases that have it", () => {
  expectSlugs(checkYaml(host("dvr_no_external", ""), newton), "agent-mode-not-in-release");
  expectSlugs(checkYaml(host("dvr_no_external", "")));
});
