import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

it("accepts any name that is one component of a path", () => {
  expectSlugs(
    checkYaml('hosts: { "a b": { agent_mode: dvr }, "-rf": { agent_mode: dvr }, "\\n": { agent_mode: dvr }, "...": { agent_mode: dvr } }'),
  );
});

it("refuses names that would leave the output folder or meet its files", () => {
  for (const name of [".", "..", "a/b", "\\0", "manifest.json", "Allocations.txt", "x".repeat(256), "\u{1F680}".repeat(64)]) {
    expectSlugs(checkYaml(`hosts: { "${name}": { agent_mode: dvr } }`), "bad-host-name");
  }
});

it("counts bytes, not characters, and takes 255 of them", () => {
  expectSlugs(checkYaml(`hosts: { "${"\u{1F680}".repeat(63)}abc": { agent_mode: dvr } }`));
});

it("warns of names that some file systems take for one", () => {
  expectSlugs(checkYaml('hosts: { "caf\u00e9": { agent_mode: dvr }, "CAFE\u0301": { agent_mode: dvr } }'), "colliding-host-names");
});
