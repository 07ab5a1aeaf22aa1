import { existsSync, readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { Parser, stringify } from "yaml";
import type { SourceDocument } from "../source/document.js";
import { type Pointer, pointerTo } from "../source/pointer.js";
import { plainYaml } from "./yaml-plain.js";
import { readComposedYaml, readYaml } from "./yaml.js";

/** The value of a document and every place in it, by pointer. */
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

/** Whether a text is plain; plain or not, it reads as the composer reads it, diagnostics and places included. */
function isPlain(text: string): boolean {
  const source = { path: "/topology.yaml", text };
  const [document, diagnostics] = readYaml(source);
  const [composed, expected] = readComposedYaml(source);
  expect(diagnostics, JSON.stringify(text)).toEqual(expected);
  expect(inFull(document), JSON.stringify(text)).toEqual(inFull(composed));
  return document !== undefined && plainYaml(new Parser().parse(text)) !== undefined;
}

const words =
  "a|b-c|x.y|p:q|vm 1|10.0.0.0/24|fa:16:3e:00:00:01|1|-5|010|null|True|no|''|\"a: #b\"|'it'|2026-11-22|-x|+a|.a|a--|1e3|0x1f|1.5|.5|~|--x|é|x#y|\"\\n\"|'it''s'".split(
    "|",
  );
const oddWords =
  ".inf|.nan|<<|...|---|&a|*a|!t|?|@|%|-|:|x # y|\t|\r|a\nb|'a\n\n b'|'''|a:|,|[|}|{}x|- -|: |a : b|- a|::1|>\n  x|\"\\q\"|__proto__".split(
    "|",
  );

/** Some YAML, mostly right: block collections of flow collections of words. */
const { block } = fc.letrec<{ word: string; flow: string; block: readonly string[] }>((tie) => {
  const space = fc.constantFrom("", " ", "  ", "\n      ", " # c\n      ");
  const gap = fc.constantFrom("", "", "", "", "\n", "# note\n", "    # note\n", "  \n\n", "\t\n");
  const tail = fc.constantFrom("", "", "", " # note", "#", " ", "\t");
  const indented = (lines: readonly string[], by: string): string[] => lines.map((line) => by + line);
  return {
    word: fc.oneof({ arbitrary: fc.constantFrom(...words), weight: 60 }, { arbitrary: fc.constantFrom(...oddWords), weight: 1 }),
    flow: fc.oneof(
      { maxDepth: 2 },
      tie("word"),
      fc.tuple(space, fc.array(tie("flow"), { maxLength: 3 }), space).map(([a, items, b]) => `[${a}${items.join(`,${b}`)}${b}]`),
      fc
        .tuple(space, fc.array(fc.tuple(tie("word"), tie("flow")), { maxLength: 3 }), space)
        .map(([a, pairs, b]) => `{${a}${pairs.map(([key, value], index) => `${nth(key, index)}: ${value}`).join(`${b},`)}${a}}`),
    ),
    block: fc.oneof(
      { maxDepth: 3 },
      fc
        .array(fc.tuple(gap, tie("word"), tie("flow"), tail), { minLength: 1, maxLength: 3 })
        .map((pairs) => pairs.map(([before, key, value, after], index) => `${before}${nth(key, index)}: ${value}${after}`)),
      fc
        .array(fc.tuple(gap, fc.constantFrom("", "", "  ", "  ", "    ", " "), tie("block"), tail), { minLength: 1, maxLength: 3 })
        .map((members) =>
          members.flatMap(([before, by, lines, after], index) => [
            `k${index}:${after}${before === "" ? "" : `\n${before.trimEnd()}`}`,
            ...indented(lines, by),
          ]),
        ),
      fc
        .array(fc.tuple(space, tie("flow"), tail), { minLength: 1, maxLength: 3 })
        .map((items) => items.map(([blank, item, after]) => `- ${blank}${item}${after}`)),
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
function nth(key: string, index: number): string {
  return /^\w/.test(key) && !/^\d+$/.test(key) ? `${key}${index}` : key;
}

it("reads nothing otherwise than the composer does: values, places and faults", () => {
  let plain = 0;
  fc.assert(
    fc.property(block, (lines) => {
      if (isPlain(`${lines.join("\n")}\n`)) plain++;
    }),
    { numRuns: 400 },
  );
  expect(plain).toBeGreaterThan(30);
});

it("reads whatever the library prints as it was, and most of it without the composer", () => {
  let plain = 0;
  const printed = fc.record({
    value: fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 5 }),
    options: fc.record({
      collectionStyle: fc.constantFrom("any" as const, "block" as const, "flow" as const),
      defaultStringType: fc.constantFrom("PLAIN" as const, "QUOTE_DOUBLE" as const, "QUOTE_SINGLE" as const, "BLOCK_LITERAL" as const),
      indent: fc.constantFrom(2, 4),
      indentSeq: fc.boolean(),
      lineWidth: fc.constantFrom(0, 30, 80),
      version: fc.constant("1.2" as const),
    }),
  });
  fc.assert(
    fc.property(printed, ({ value, options }) => {
      if (isPlain(stringify(value, options))) plain++;
    }),
    { numRuns: 100 },
  );
  expect(plain).toBeGreaterThan(30);
});

it("reads examples with a character changed as the composer does", () => {
  const paths = readdirSync("examples").map((name) => `examples/${name}/topology.yaml`);
  const texts = paths.filter((path) => existsSync(path)).map((path) => readFileSync(path, "utf8"));
  expect(texts.length).toBeGreaterThan(0);
  for (const text of texts) isPlain(text);
  const changed = fc.record({
    text: fc.constantFrom(...texts),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    by: fc.constantFrom("", " ", "\n", "\t", ":", "-", ",", "{", "]", "'", '"', "#", "&", "*", "!", "|", "%", "?", "\r\n", "\u0000"),
    more: fc.nat(2),
  });
  fc.assert(
    fc.property(changed, ({ text, at, by, more }) => {
      const start = Math.floor(at * text.length);
      isPlain(text.slice(0, start) + by + text.slice(start + more));
    }),
    { numRuns: 40 },
  );
});

it("needs no composer for what topologies are written in", () => {
  for (const text of [
    "name: x\nhosts:\n  a-1: { agent_mode: dvr, bridge_mappings: { p: br-ex }, vni_range: [ 1, 1000 ] }\n",
    "# made\n\nservers:\n  a:\n    networks: [blue]\n  b:\n    networks:\n    - network: red\n      fixed_ip: 10.0.0.1\n    - blue # last\n\n# end\n",
    "a: [b,\n  c,\n]\nd: é\ne:\nf: |\n  text\ng: 'it''s'\nh: \"\\t\"\ni: b\n  c\n",
  ])
    expect(isPlain(text), text).toBe(true);
});

it("leaves to the composer what may be wrong, or is not what it seems", () => {
  for (const text of [
    "",
    "a: &b c\n",
    "a: !!str 1\n",
    "<<: { a: b }\n",
    "---\na: 1\n",
    "a: 1\n---\nb: 2\n",
    "? a\n: b\n",
    "1: a\n",
    "a: 1\na: 2\n",
    "a: .inf\n",
    "a: [b c: d]\n",
    "a: [b,,c]\n",
    "a: {b}\n",
    "a: [b]c\n",
    "a: { b: { c: d }\n  e: f }\n",
    "a: { b: {} c: d }\n",
    "a: [[b]\n  [c]]\n",
    'a: ["b" "c"]\n',
    "a:\t1\n",
    `a: ${"[".repeat(70)}${"]".repeat(70)}\n`,
  ])
    expect(isPlain(text), text).toBe(false);
});
