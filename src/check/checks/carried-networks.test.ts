import { it } from "vitest";
import { checkYaml, cloudYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";
import { releases } from "../../releases/index.js";

const [newton] = releases;

const router = "routers: { r1: { interfaces: [blue-v4], external_gateway: public } }\n";

it("wants on each DVR host the external network of its routers, where the release has fip namespaces everywhere", () => {
  const server = (host: string): string => `${cloudYaml}${router}servers: { web: { host: ${host}, networks: [blue] } }`;
  expectSlugs(checkYaml(server("compute-1")));
  expectSlugs(checkYaml(server("compute-2")), "missing-bridge-mapping");
  expectSlugs(checkYaml(server("compute-2"), newton));
  expectSlugs(checkYaml(server("compute-2").replace("compute-2: { agent_mode: dvr,", "compute-2: { agent_mode: dvr_no_external,")));
});

it("says of a host and network once what is missing", () => {
  const servers = "servers: { a: { host: compute-2, networks: [public] }, b: { host: compute-2, networks: [public] } }";
  expectSlugs(checkYaml(`${cloudYaml}${servers}`), "missing-bridge-mapping");
});

it("wants a tunnel endpoint, and the encapsulation, where a tunnelled network is carried", () => {
  const server = `${cloudYaml}servers: { web: { host: compute-2, networks: [blue] } }`;
  expectSlugs(
    checkYaml(server.replace("compute-2: { agent_mode: dvr, local_ip: 192.0.2.4 }", "compute-2: { agent_mode: dvr }")),
    "missing-local-ip",
  );
  expectSlugs(
    checkYaml(server.replace("local_ip: 192.0.2.4", "local_ip: 192.0.2.4, agent: { tunnel_types: [gre] }")),
    "missing-tunnel-type",
  );
});

it("wants the networks of a router on its only network host, and an external bridge will do outside", () => {
  const only = (more: string): string => `
hosts: { network-1: { agent_mode: dvr_snat, local_ip: 192.0.2.1, ${more} }, compute-1: { agent_mode: dvr, local_ip: 192.0.2.2, bridge_mappings: { ext: br-ex } } }
${cloudYaml.slice(cloudYaml.indexOf("networks:"))}${router}`;
  expectSlugs(checkYaml(only("")), "missing-bridge-mapping", "single-snat-host");
  expectSlugs(checkYaml(only("external_network_bridge: br-ex"), newton), "single-snat-host");
});
