import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const id = "id: 5f2c1d3e-8a7b-4c6d-9e0f-112233445566";

it("refuses an id of two things, of one kind or two", () => {
  expectSlugs(checkYaml(`networks: { a: { ${id} }, b: { ${id} } }`), "duplicate-id");
  expectSlugs(checkYaml(`networks: { a: { ${id} } }\nrouters: { r: { ${id} } }`), "duplicate-id");
  expectSlugs(checkYaml(`networks: { a: { ${id} } }\nsecurity_groups: { g: { rules: [{ ${id} }] } }`), "duplicate-id");
});

it("refuses it for an interface's port too", () => {
  const router = `routers: { r: { interfaces: [{ subnet: s, port_${id} }] } }`;
  expectSlugs(checkYaml(`networks: { a: { ${id}, subnets: { s: { cidr: 10.1.0.0/24 } } } }\n${router}`), "duplicate-id");
});
