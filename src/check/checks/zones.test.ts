import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

it("lets a host be in several aggregates of one zone", () => {
  expectSlugs(checkYaml("aggregates: { a: { availability_zone: z, hosts: [node-1] }, b: { availability_zone: z, hosts: [node-1] } }"));
});

it("refuses a host in two zones", () => {
  const aggregates = "aggregates: { a: { availability_zone: y, hosts: [node-1] }, b: { availability_zone: z, hosts: [node-1] } }";
  expectSlugs(checkYaml(aggregates), "host-in-two-zones");
});
