import fc from "fast-check";
import { expect, it } from "vitest";
import type { SourceDocument } from "../source/document.js";
import { type Pointer, pointerTo } from "../source/pointer.js";
import { readAnyYaml, readYaml } from "./yaml.js";
import { scanYaml } from "./yaml-scan.js";

/** Every place of a document, by pointer, and the value. */
function inFull(document: SourceDocument | undefined): unknown {
  if (document === undefined) return undefined;
  const places: Record<Pointer, unknown> = {};
  const visit = (value: unknown, pointer: Pointer): void => {
    for (const part of ["key", "value"] as const) {
      const { span, exact } = document.locate(pointer, part);
      places[`${part} ${pointer}`] = [span.start, span.end, exact];
    }
    if (typeof value !== "object" || value === null) return;
    for (const [key, member] of Object.entries({ ...value, absent: 0 })) visit(member, pointerTo(pointer, key));
  };
  visit(document.value, "");
  return { value: document.value, places };
}

/** Whether a text is simple; then it means what the parser of all YAML makes of it. */
function agrees(text: string): boolean {
  if (scanYaml(text) === undefined) return false;
  const source = { path: "/topology.yaml", text };
  const [document, diagnostics] = readAnyYaml(source);
  expect(diagnostics, JSON.stringify(text)).toEqual([]);
  expect(inFull(readYaml(source)[0]), JSON.stringify(text)).toEqual(inFull(document));
  return true;
}

const simpleWords =
  "a|b-c|x.y|p:q|vm 1|10.0.0.0/24|fa:16:3e:00:00:01|1|-5|010|null|True|no|''|\"a: #b\"|'it'|2026-11-22|-x|+a|.a|a--".split("|");
const otherWords =
  "1e3|0x1f|1.5|.5|.inf|~|<<|--x|...|---|&a|*a|!t|?|@|%|-|:|x#y|é|x # y|\t|\r|a\nb|\"\\n\"|'''|a:|,|[|}|{}x|- -|: |a : b|- a|::1".split(
    "|",
  );

/** Some YAML, mostly right: block collections of flow collections of words. */
const { block } = fc.letrec<{ word: string; flow: string; block: readonly string[] }>((tie) => {
  const space = fc.constantFrom("", " ", "  ");
  const gap = fc.constantFrom("", "", "", "", "\n", "# note\n", "    # note\n", "  \n\n");
  const indented = (lines: readonly string[], by: string): string[] => lines.map((line) => by + line);
  return {
    word: fc.oneof({ arbitrary: fc.constantFrom(...simpleWords), weight: 60 }, { arbitrary: fc.constantFrom(...otherWords), weight: 1 }),
    flow: fc.oneof(
      { maxDepth: 2 },
      tie("word"),
      fc.tuple(space, fc.array(tie("flow"), { maxLength: 3 }), space).map(([a, items, b]) => `[${a}${items.join(`,${b}`)}${b}]`),
      fc
        .tuple(space, fc.array(fc.tuple(tie("word"), tie("flow")), { maxLength: 3 }), space)
        .map(([a, pairs, b]) => `{${a}${pairs.map(([key, value], index) => `${word(key, index)}: ${value}`).join(`${b},`)}${a}}`),
    ),
    block: fc.oneof(
      { maxDepth: 3 },
      fc
        .array(fc.tuple(gap, tie("word"), tie("flow")), { minLength: 1, maxLength: 3 })
        .map((pairs) => pairs.map(([before, key, value], index) => `${before}${word(key, index)}: ${value}`)),
      fc
        .array(fc.tuple(gap, fc.constantFrom("", "", "  ", "  ", "    ", " "), tie("block")), { minLength: 1, maxLength: 3 })
        .map((members) =>
          members.flatMap(([before, by, lines], index) => [
            `k${index}:${before === "" ? "" : `\n${before.trimEnd()}`}`,
            ...indented(lines, by),
          ]),
        ),
      fc
        .array(fc.tuple(space, tie("flow")), { minLength: 1, maxLength: 3 })
        .map((items) => items.map(([blank, item]) => `- ${blank}${item}`)),
      fc
        .array(fc.tuple(tie("block"), fc.constantFrom("- ", "-   ")), { minLength: 1, maxLength: 2 })
        .map((items) =>
          items.flatMap(([lines, dash]) => lines.map((line, index) => (index === 0 ? dash : " ".repeat(dash.length)) + line)),
        ),
      fc.constantFrom(["a:"], ["a:", "b: 1"], ["# note"], [""]),
    ),
  };
});

/** Mostly a key that is there once. */
function word(text: string, index: number): string {
  return /^\w/.test(text) && !/^\d+$/.test(text) ? `${text}${index}` : text;
}

it("reads nothing otherwise than the parser of all YAML, values and places", () => {
  let simple = 0;
  fc.assert(
    fc.property(block, (lines) => {
      if (agrees(`${lines.join("\n")}\n`)) simple++;
    }),
    { numRuns: 1000 },
  );
  expect(simple).toBeGreaterThan(100);
});

it("knows what large topologies are written in, and leaves the rest", () => {
  expect(agrees("name: x\nhosts:\n  a-1: { agent_mode: dvr, bridge_mappings: { p: br-ex }, vni_range: [ 1, 1000 ] }\n")).toBe(true);
  expect(
    agrees(
      "# made\n\nservers:\n  a:\n    networks: [blue]\n  b:\n    networks:\n    - network: red\n      fixed_ip: 10.0.0.1\n    - blue\n",
    ),
  ).toBe(true);
  for (const text of [
    "",
    "- a\n",
    "a: é\n",
    "a: 1.5\n",
    "a: &b c\n",
    "a: b # c\n",
    "a: [b,\n  c]\n",
    "a: b\n  c\n",
    "a: 1\na: 2\n",
    `a: ${"[".repeat(70)}${"]".repeat(70)}\n`,
  ])
    expect(scanYaml(text)).toBeUndefined();
});
