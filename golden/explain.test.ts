import { expect, it } from "vitest";
import { compiledHost } from "../src/compile.js";
import { artefactPaths, printArtefactLines } from "../src/emit/layout.js";
import { lowerings } from "../src/lower/lowerings.js";
import { releases } from "../src/releases/index.js";
import { compileExample, examples } from "../src/testing/compile-example.js";

const cases = examples().flatMap(({ name, path }) => releases.map((release) => ({ name, path, release: release.name })));

it.each(cases)("knows why every line of $name for $release is there, and where the topology causes it", async ({ path, release }) => {
  const { compilation } = await compileExample(path, release);
  const { document } = compilation.loaded;
  const unexplained: string[] = [];
  for (const name of compilation.hosts) {
    const { state } = compiledHost(compilation, name);
    for (const artefact of artefactPaths(state)) {
      for (const { text, origin } of printArtefactLines(state, artefact) ?? []) {
        const because = origin?.because ?? [];
        const isKnown =
          origin !== undefined &&
          lowerings.has(origin.lowering) &&
          because.every((pointer) => document.locate(pointer).exact || document.locate(pointer, "key").exact);
        if (!isKnown) unexplained.push(`${artefact}: ${text} (${origin?.lowering ?? "no origin"} because of ${because.join(", ")})`);
      }
    }
  }
  expect(unexplained.slice(0, 20)).toEqual([]);
});
