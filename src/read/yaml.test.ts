import { expect, it } from "vitest";
import { expectDiagnostics, expectSlugs } from "../testing/expect-diagnostics.js";
import { nestingLimit } from "./text.js";
import { readYaml } from "./yaml.js";

const read = (text: string) => readYaml({ path: "/topology.yaml", text });

/** The value of a text without errors. */
function valueOf(text: string): unknown {
  const [document, diagnostics] = read(text);
  expect(diagnostics).toEqual([]);
  return document?.value;
}

/** The text that a pointer leads to. */
function located(text: string, pointer: string, part?: "key" | "value"): string {
  const [document, diagnostics] = read(text);
  expect(diagnostics).toEqual([]);
  const { span, exact } = document?.locate(pointer, part) ?? expect.fail("no document");
  return `${exact ? "" : "in "}${text.slice(span.start, span.end)}`;
}

it("reads YAML 1.2's core schema: only its own words are booleans, null and numbers", () => {
  expect(valueOf("a: yes\nb: true\nc: 1e3\nd: 0x10\ne: 2026-11-22\nf: 12:30\ng: ~\nh: 'true'\ni: 010\nj: |\n  text\n")).toEqual({
    a: "yes",
    b: true,
    c: 1000,
    d: 16,
    e: "2026-11-22",
    f: "12:30",
    g: null,
    h: "true",
    i: 10,
    j: "text\n",
  });
});

it("keeps the core schema where a directive asks for YAML 1.1", () => {
  expect(valueOf("%YAML 1.1\n---\na: yes\n")).toEqual({ a: "yes" });
});

it("knows where each value and key is, in block and in flow style", () => {
  const text = "hosts:\n  one: { mode: dvr, list: [1, 'two'] }\n  a/b:\n    x: 1\n\n# end\n";
  expect(located(text, "/hosts/one/mode")).toBe("dvr");
  expect(located(text, "/hosts/one/list/1")).toBe("'two'");
  expect(located(text, "/hosts/a~1b", "key")).toBe("a/b");
  expect(located(text, "/hosts/a~1b")).toBe("x: 1");
  expect(located(text, "/hosts/one/absent")).toBe("in { mode: dvr, list: [1, 'two'] }");
  expect(located("hosts:\n", "/hosts")).toBe("hosts");
});

it("places what an alias stands for at the alias, and merged members at the merge", () => {
  const text = "base: &base { mode: dvr, list: [1] }\none: *base\ntwo: { <<: *base, mode: legacy }\n";
  expect(valueOf(text)).toEqual({ base: { mode: "dvr", list: [1] }, one: { mode: "dvr", list: [1] }, two: { mode: "legacy", list: [1] } });
  expect(located(text, "/one")).toBe("*base");
  expect(located(text, "/one/list/0")).toBe("in *base");
  expect(located(text, "/two/list/0")).toBe("in *base");
  expect(located(text, "/two/mode")).toBe("legacy");
});

it("lets the mapping's own members win over merged ones, and the first of several merged mappings", () => {
  expect(valueOf("a: &a { x: 1, y: 1 }\nb: &b { x: 2, z: 2 }\nc: { <<: [*a, *b], y: 3 }\n")).toMatchObject({ c: { x: 1, z: 2, y: 3 } });
  expect(valueOf('"<<": 1\n')).toEqual({ "<<": 1 });
  expectSlugs(read("a: { <<: 1 }\n"), "yaml-syntax");
});

it("reports keys that are given twice, with the first place", () => {
  expectDiagnostics(
    read("hosts:\n  a: 1\n  b: 2\n  a: 3\n"),
    `
    topology.yaml:4:3 - error DVRC1003 duplicate-key: Key "a" is given twice.
      4 |   a: 3
        |   ^
      topology.yaml:2:3 - "a" is given here first.
    `,
  );
});

it("finds a duplicate among 20,000 keys in linear time", () => {
  const keys = Array.from({ length: 20_000 }, (_, index) => `k${index}: {}\n`).join("");
  expectSlugs(read(`${keys}k7: {}\n`), "duplicate-key");
});

it("reports keys that are not text", () => {
  expectDiagnostics(
    read("1: x\n"),
    `
    topology.yaml:1:1 - error DVRC1016 key-not-text: The key is a number, not text.
      1 | 1: x
        | ^
      help: Write it in quotes: "1".
    `,
  );
  expectSlugs(read("true: x\n? [a]\n: y\nnull: z\n"), "key-not-text", "key-not-text", "key-not-text");
});

it("keeps a key named __proto__ as a key", () => {
  const value = valueOf("__proto__: { polluted: true }\nhosts: { <<: { __proto__: { polluted: true } } }\n") as Record<string, object>;
  expect(Object.keys(value)).toEqual(["__proto__", "hosts"]);
  expect(Object.getPrototypeOf(value["hosts"])).toBe(Object.prototype);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

it("refuses what JSON has not: numbers beyond its own, binary data, dates, sets and unknown tags", () => {
  expectSlugs(read("a: .nan\nb: [-.inf]\n"), "not-data", "not-data");
  expectSlugs(read("a: !!binary aGk=\nb: !!timestamp 2026-11-22\nc: !!set { x }\nd: !mine x\n"), ...Array<string>(4).fill("yaml-syntax"));
});

it("refuses aliases that expand beyond measure, but not many aliases of plain data", () => {
  const bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let level = 1; level < 9; level++)
    bomb.push(
      `a${level}: &a${level} [${Array(10)
        .fill(`*a${level - 1}`)
        .join(", ")}]`,
    );
  expectSlugs(read(bomb.join("\n")), "alias-bomb");
  const servers = Array.from({ length: 2000 }, (_, index) => `vm${index}: *common\n`).join("");
  expectSlugs(read(`common: &common { networks: [n] }\n${servers}`));
});

it("refuses aliases of nothing and of what they are in", () => {
  expectSlugs(read("a: *nowhere\n"), "yaml-syntax");
  expectSlugs(read("a: &a [*a]\n"), "yaml-syntax");
});

it("refuses nesting beyond the limit, also by aliases, without exhausting the stack", () => {
  expectSlugs(read("[".repeat(20_000) + "]".repeat(20_000)), "nested-too-deep");
  expectSlugs(read("- ".repeat(2000) + "x"), "nested-too-deep");
  expectSlugs(read("[".repeat(nestingLimit + 1) + "]".repeat(nestingLimit + 1)), "nested-too-deep");
  expectSlugs(read("[".repeat(nestingLimit) + "]".repeat(nestingLimit)));
  const chain = ["a0: &a0 [x]"];
  for (let level = 1; level < 100; level++) chain.push(`a${level}: &a${level} [*a${level - 1}]`);
  expectSlugs(read(chain.join("\n")), "nested-too-deep");
});

it("refuses a second document and an empty one", () => {
  expectDiagnostics(
    read("name: a\n---\nname: b\n"),
    `
    topology.yaml:2:1 - error DVRC1010 several-documents: The file has a second YAML document.
      2 | ---
        | ^^^
      help: Put each topology in a file of its own.
    `,
  );
  expectSlugs(read("# nothing\n"), "empty-file");
  expectSlugs(read(""), "empty-file");
});

it("reports malformed YAML at its place", () => {
  expectDiagnostics(
    read("hosts:\n  a: [1, 2\nname: x\n"),
    `
    topology.yaml:3:1 - error DVRC1007 yaml-syntax: The YAML is malformed: flow sequence in block collection must be sufficiently indented and end with a ].
      3 | name: x
        | ^
    `,
  );
  expectSlugs(read("a:\n\tb: 1\n"), "yaml-syntax");
});
