import { expect, it } from "vitest";
import { defined } from "../src/base/invariant.js";
import { importCloud } from "../src/import-cloud.js";
import { compileDocument } from "./tools/compile-document.js";
import { neutronAnswers } from "./tools/neutron-answers.js";

it("brings back an interface with an IPv4 and an IPv6 address, which only a port that was there before can be", () => {
  const built = compileDocument({
    name: "both",
    hosts: { n: { agent_mode: "dvr_snat", local_ip: "192.0.2.1" } },
    networks: { blue: { subnets: { four: { cidr: "10.9.0.0/24" }, six: { cidr: "2001:db8:9::/64", gateway_ip: "2001:db8:9::1" } } } },
    ports: {
      both: {
        network: "blue",
        fixed_ips: [
          { subnet: "four", ip_address: "10.9.0.1" },
          { subnet: "six", ip_address: "2001:db8:9::1" },
        ],
      },
    },
    routers: { r: { interfaces: [{ port: "both" }] } },
  });
  const [imported, diagnostics] = importCloud(neutronAnswers(built.resolution.topology), new Map(), {
    name: "both",
    path: "imported.yaml",
    release: built.release.name,
  });
  expect(diagnostics.map(({ name }) => name)).not.toContain("answer-differs");
  const addresses = defined(imported, "import").compilation.resolution.topology.routers[0]?.interfaces.map(({ port }) =>
    port.fixedIps.map(({ ip }) => ip),
  );
  expect(addresses).toEqual([["10.9.0.1", "2001:db8:9::1"]]);
});
