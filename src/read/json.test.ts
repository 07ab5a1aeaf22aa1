import fc from "fast-check";
import { expect, it } from "vitest";
import { expectDiagnostics, expectSlugs } from "../testing/expect-diagnostics.js";
import { readJson, readScannedJson } from "./json.js";
import { scanJson } from "./json-scan.js";
import { nestingLimit } from "./text.js";

const read = (text: string) => readJson({ path: "/topology.json", text });

/** The text that a pointer leads to. */
function located(text: string, pointer: string, part?: "key" | "value"): string {
  const [document, diagnostics] = read(text);
  expect(diagnostics).toEqual([]);
  const { span, exact } = document?.locate(pointer, part) ?? expect.fail("no document");
  return `${exact ? "" : "in "}${text.slice(span.start, span.end)}`;
}

it("reads JSON and knows where each value and key is", () => {
  const text = '{ "name": "x", "hosts": { "a/b": [1, {"~": null}] }, "esc\\u0061pe": -1.5e3 }';
  expect(read(text)[0]?.value).toEqual({ name: "x", hosts: { "a/b": [1, { "~": null }] }, escape: -1500 });
  expect(located(text, "/name")).toBe('"x"');
  expect(located(text, "/name", "key")).toBe('"name"');
  expect(located(text, "/hosts/a~1b/1/~0")).toBe("null");
  expect(located(text, "/hosts/a~1b/0", "key")).toBe("1");
  expect(located(text, "/escape", "key")).toBe('"esc\\u0061pe"');
  expect(located(text, "")).toBe(text);
});

it("climbs to the nearest enclosing value where a pointer leads nowhere, and says so", () => {
  expect(located('{"a": [1]}', "/a/5/b")).toBe("in [1]");
  expect(located('{"a": 1}', "/a/constructor")).toBe("in 1");
});

it("keeps a key named __proto__ as a key", () => {
  const value = read('{"__proto__": {"polluted": true}}')[0]?.value;
  expect(Object.keys(value as object)).toEqual(["__proto__"]);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

it("reports keys that are given twice, with the first place", () => {
  expectDiagnostics(
    read('{"name": "a",\n "name": "b"}'),
    `
    topology.json:2:2 - error DVRC1003 duplicate-key: Key "name" is given twice.
      2 |  "name": "b"}
        |  ^^^^^^
      topology.json:1:2 - "name" is given here first.
    `,
  );
});

it("reports the first fault of malformed JSON at its place", () => {
  const reasons = [
    ['{"a": 1,}', "1:9", '"," is followed by "}"'],
    ["{a: 1}", "1:2", "a key in double quotes is expected"],
    ['{"a" 1}', "1:6", '":" is expected after a key'],
    ["[1 2]", "1:4", '"," or "]" is expected after an item'],
    ["[1, 2", "1:6", "the text ends too early"],
    ['["\\x"]', "1:3", "an escape in text is none that JSON knows"],
    ['["a\tb"]', "1:4", "a line break, tab or other control character in text is not escaped"],
    ['["a', "1:2", "text in double quotes is not closed"],
    ["[01]", "1:2", '"01" is no value'],
    ["[nul]", "1:2", '"nul" is no value'],
    ["{} // done", "1:4", "the value is followed by more text"],
  ];
  for (const [text = "", place = "", reason = ""] of reasons) {
    const [, [diagnostic]] = read(text);
    expect(diagnostic?.message, text).toBe(`The JSON is malformed: ${reason}.`);
    expectDiagnostics(
      diagnostic === undefined ? [] : [{ ...diagnostic, at: undefined }],
      `error DVRC1008 json-syntax: The JSON is malformed: ${reason.replaceAll("\t", "\\t")}.`,
    );
    expect(`1:${(diagnostic?.at?.start ?? 0) + 1}`).toBe(place);
  }
});

it("refuses an empty file, and nesting beyond the limit without exhausting the stack", () => {
  expectSlugs(read(" \n"), "empty-file");
  expectSlugs(read("[".repeat(1_000_000)), "nested-too-deep");
  expectSlugs(read("[".repeat(nestingLimit + 1) + "]".repeat(nestingLimit + 1)), "nested-too-deep");
  expectSlugs(read("[".repeat(nestingLimit) + "]".repeat(nestingLimit)));
});

it("reads nothing otherwise than a scan does: values, places and faults", () => {
  const keys = fc.constantFrom("a", "b", '":', "\\", ":", '"', "__proto__", "a: ", "");
  const { value: texts } = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom("1", "null", "true", '""', '":"', '"\\":"', '"a:b"', "1e999", "[", "}"),
      fc.array(tie("value"), { maxLength: 3 }).map((items) => `[${items.join(" ,")}]`),
      fc
        .array(fc.tuple(keys, fc.constantFrom("", " ", "\n\t", "\u00a0"), tie("value")), { maxLength: 3 })
        .map((members) => `{${members.map(([key, blank, member]) => `${JSON.stringify(key)}${blank}:${member}`).join(",")}}`),
    ),
  }));
  fc.assert(
    fc.property(texts, (text) => {
      const source = { path: "/topology.json", text };
      const [document, diagnostics] = readJson(source);
      const [scanned, expected] = readScannedJson(source);
      expect(diagnostics).toEqual(expected);
      expect(document?.value).toEqual(scanned?.value);
      for (const pointer of ["", "/a", "/a/b", "/b/1", "/0", "/0/a/0", "/1", "/__proto__/a", "/:", '/":', "/a: ", "/\\/0"])
        for (const part of ["key", "value"] as const) expect(document?.locate(pointer, part)).toEqual(scanned?.locate(pointer, part));
    }),
    { numRuns: 2000 },
  );
});

it("accepts exactly what JSON.parse accepts", () => {
  const pieces = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"',
    '"a"',
    "1",
    "-",
    ".5",
    "e3",
    "true",
    "nul",
    "\\",
    "\\u12",
    " ",
    "\n",
    "\u0007",
    "\ud800",
  );
  const texts = fc.oneof(
    fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join("")),
    fc.tuple(fc.json({ maxDepth: 3 }), fc.nat(), pieces).map(([json, at, piece]) => {
      const cut = at % (json.length + 1);
      return json.slice(0, cut) + piece + json.slice(cut + (at % 2));
    }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const accepted = parses(text);
      expect(scanJson(text, 100).failure === undefined).toBe(accepted);
    }),
    { numRuns: 3000 },
  );
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
