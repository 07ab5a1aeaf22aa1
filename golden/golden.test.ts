import { existsSync, readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { compiledHost } from "../src/compile.js";
import { type TreeDifference, unifiedDiff } from "../src/emit/check.js";
import { printArtefactLines } from "../src/emit/layout.js";
import { releases } from "../src/releases/index.js";
import { compileExample, type CompiledExample, examples } from "../src/testing/compile-example.js";
import { goldenDifferences } from "./tree.js";

const cases = examples().flatMap(({ name, path }) => releases.map((release) => ({ name, path, release: release.name })));

it.each(cases)("compiles $name for $release to its golden tree", async ({ name, path, release }) => {
  const example = await compileExample(path, release);
  const differences = goldenDifferences(`golden/${name}/${release}`, example.files);
  expect(differences.length, describeFirst(differences, example)).toBe(0);
});

it.each(cases)("finds every allocation of $name for $release in the lock", async ({ path, release }) => {
  const { compilation } = await compileExample(path, release);
  expect(compilation.nextLockText()).toBe(compilation.loaded.lockText?.text);
});

it("has golden trees of examples and releases that exist, and of no others", () => {
  const names = new Set(examples().map(({ name }) => name));
  const releaseNames = new Set(releases.map(({ name }) => name));
  const trees = readdirSync("golden", { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(`examples/${entry.name}`))
    .flatMap((entry) => readdirSync(`golden/${entry.name}`, { withFileTypes: true }).filter((release) => release.isDirectory()))
    .map((release) => ({ example: release.parentPath.replace("golden/", ""), release: release.name }));
  expect(trees.length).toBeGreaterThan(0);
  for (const { example, release } of trees)
    expect([names.has(example), releaseNames.has(release)], `${example}/${release}`).toEqual([true, true]);
});

/** How many files differ, the first one's unified diff, and why its first differing line is there. */
function describeFirst(differences: readonly TreeDifference[], example: CompiledExample): string {
  const [first] = differences;
  if (first === undefined) return "";
  const list = differences.map(({ kind, path }) => `${kind} ${path}`).join("\n");
  return `${list}\n${unifiedDiff(first)}${originOfFirst(first, example)}\nnpm run golden:diff shows all; npm run golden:accept writes them.`;
}

function originOfFirst({ path, found, wanted }: TreeDifference, { compilation }: CompiledExample): string {
  const host = path.slice(0, path.indexOf("/"));
  if (found === undefined || wanted === undefined || !compilation.hosts.includes(host)) return "";
  const known = found.split("\n");
  const line = wanted.split("\n").findIndex((text, at) => text !== known[at]);
  const origin = printArtefactLines(compiledHost(compilation, host).state, path)?.[line]?.origin;
  return origin === undefined ? "" : `line ${line + 1} is made by ${origin.lowering} because of ${origin.because.join(", ")}`;
}
