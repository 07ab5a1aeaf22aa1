import { expect, it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

it("accepts what is safe as the name of a folder", () => {
  expectSlugs(
    checkYaml('hosts: { "node-1.example.org": { agent_mode: dvr }, _x: { agent_mode: dvr }, "10:a@b+c=d": { agent_mode: dvr } }'),
  );
  expectSlugs(checkYaml(`hosts: { "${"x".repeat(255)}": { agent_mode: dvr } }`));
});

it("refuses names that would leave the output folder, meet its files, or are not safe on every file system", () => {
  const names = [
    ".",
    "..",
    "...",
    "a/b",
    "a b",
    "-rf",
    "\\n",
    "\\0",
    "manifest.json",
    "Allocations.txt",
    "x".repeat(256),
    "caf\u00e9",
    "'",
  ];
  for (const name of names) expectSlugs(checkYaml(`hosts: { "${name}": { agent_mode: dvr } }`), "bad-host-name");
});

it("says which character is at fault", () => {
  const [, [first]] = checkYaml('hosts: { "-rf": { agent_mode: dvr } }');
  expect(first?.message).toBe('Host name "-rf" cannot be the name of a folder: it begins with "-".');
});

it("warns of names that some file systems take for one", () => {
  expectSlugs(checkYaml("hosts: { Node-1: { agent_mode: dvr }, node-1: { agent_mode: dvr } }"), "colliding-host-names");
});
