import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const ports = "networks: { a: { subnets: { s: { cidr: 10.1.0.0/24 } } } }\nports: { p: { network: a, fixed_ips: [{ subnet: s }] } }";

it("lets a port be taken once", () => {
  expectSlugs(checkYaml(`${ports}\nservers: { web: { networks: [{ port: p }, a] } }`));
});

it("refuses it twice: by one server, by two, by a server and a router", () => {
  expectSlugs(checkYaml(`${ports}\nservers: { web: { networks: [{ port: p }, { port: p }] } }`), "port-taken-twice");
  expectSlugs(checkYaml(`${ports}\nservers: { web: { networks: [{ port: p }] }, db: { networks: [{ port: p }] } }`), "port-taken-twice");
  expectSlugs(
    checkYaml(`${ports}\nservers: { web: { networks: [{ port: p }] } }\nrouters: { r: { interfaces: [{ port: p }] } }`),
    "port-taken-twice",
  );
});
