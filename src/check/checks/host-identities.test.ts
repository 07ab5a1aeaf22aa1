import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

it("accepts tunnel endpoints that are network addresses or inside a tenant's subnet", () => {
  expectSlugs(
    checkYaml(`
      hosts:
        node-1: { agent_mode: dvr_snat, local_ip: 10.0.0.0 }
        node-2: { agent_mode: dvr, local_ip: 10.0.0.2 }
      networks: { blue: { subnets: { blue-v4: { cidr: 10.0.0.0/24 } } } }
    `),
  );
});

it("refuses a third host with the endpoint of the first, however it is written", () => {
  const hosts = `
    hosts:
      a: { agent_mode: dvr_snat, local_ip: "2001:db8::1" }
      b: { agent_mode: dvr, local_ip: "2001:db8::2" }
      c: { agent_mode: dvr, local_ip: "2001:DB8:0::1" }
  `;
  expectSlugs(checkYaml(hosts), "duplicate-local-ip");
});

it("refuses a DVR MAC of two hosts, and a base that ports have", () => {
  const pinned = '{ agent_mode: dvr, dvr_mac_address: "fa:16:3f:00:00:01" }';
  expectSlugs(checkYaml(`hosts: { a: ${pinned}, b: ${pinned} }`), "duplicate-dvr-mac");
  expectSlugs(checkYaml('neutron: { base_mac: "FA:16:3F:00:00:00" }'), "equal-base-macs");
});
