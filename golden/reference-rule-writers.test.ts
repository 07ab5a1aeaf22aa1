import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { compileExample } from "../src/testing/compile-example.js";

const folder = "golden/reference/rule-writers";

const cases = readdirSync(folder).flatMap((name) =>
  readdirSync(`${folder}/${name}`)
    .filter((file) => file.endsWith(".flows"))
    .map((file) => ({ name, release: file.slice(0, -".flows".length) })),
);

it("has flows of several releases for every topology", () => {
  expect(cases.length).toBeGreaterThanOrEqual(3 * readdirSync(folder).length);
});

it.each(cases)("makes the flows of $name as the rule writers of $release do", async ({ name, release }) => {
  const { files } = await compileExample(`${folder}/${name}/topology.json`, release);
  const flows = [...files]
    .filter(([path]) => path.endsWith(".flows"))
    .map(([path, text]) => `# ${path.slice(0, -".flows".length)}\n${text.replaceAll(/ ?cookie=0x[0-9a-f]+, ?/g, "")}`);
  expect(flows.join("")).toBe(readFileSync(`${folder}/${name}/${release}.flows`, "utf8"));
});
