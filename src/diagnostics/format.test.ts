import { expect, it } from "vitest";
import type { SourceText } from "../source/span.js";
import type { Diagnostic } from "./diagnostic.js";
import { formatDiagnostics } from "./format.js";
import { diagnosticsToJson } from "./json.js";
import { report } from "./report.js";

const cwd = "/home/me";

function source(text: string, path = "/home/me/pets/topology.yaml"): SourceText {
  return { path, text };
}

/** The diagnostic of a key, at the first occurrence of a text. */
function at(document: SourceText, marked: string, key = marked): Diagnostic {
  const start = document.text.indexOf(marked);
  return report("duplicate-key", { key }, { source: document, start, end: start + marked.length });
}

it("shows place, code, name, message, the line with carets, help and related places", () => {
  const document = source("name: a\nhosts: {}\n  name: b\n");
  const place = { source: document, start: 20, end: 24 };
  const related = [{ at: { source: document, start: 0, end: 4 }, message: '"name" is given here first.' }];
  const diagnostic = report("duplicate-key", { key: "name" }, place, { related, help: "Remove one." });
  expect(formatDiagnostics([diagnostic], { cwd })).toBe(
    [
      'pets/topology.yaml:3:3 - error DVRC1003 duplicate-key: Key "name" is given twice.',
      "  3 |   name: b",
      "    |   ^^^^",
      "  help: Remove one.",
      '  pets/topology.yaml:1:1 - "name" is given here first.',
      "",
    ].join("\n"),
  );
});

it("shows a diagnostic without a document on one line", () => {
  const diagnostic = report("file-not-found", { file: "x.yaml", reason: "it is a folder" }, undefined);
  expect(formatDiagnostics([diagnostic], { cwd })).toBe('error DVRC1001 file-not-found: File "x.yaml" cannot be read: it is a folder.\n');
});

it("shows paths in messages relative to the working folder, as places are", () => {
  const told = (file: string, folder: string): string =>
    formatDiagnostics([report("file-not-found", { file, reason: "no such file" }, undefined)], { cwd: folder });
  expect(told(`${cwd}/a/x.yaml`, cwd)).toContain('File "a/x.yaml" cannot');
  expect(told("/elsewhere/x.yaml", cwd)).toContain('File "/elsewhere/x.yaml" cannot');
  expect(told("/x.yaml", "/")).toContain('File "/x.yaml" cannot');
});

it("sorts by file, offset and code", () => {
  const first = source("abc", "/home/me/a.yaml");
  const second = source("abc", "/home/me/b.yaml");
  const lines = formatDiagnostics([at(second, "a"), at(first, "c"), at(first, "b")], { cwd }).split("\n");
  expect(lines.filter((line) => line.includes("DVRC")).map((line) => line.slice(0, line.indexOf(" ")))).toEqual([
    "a.yaml:1:2",
    "a.yaml:1:3",
    "b.yaml:1:1",
  ]);
});

/** The two lines of the frame of the first occurrence of a text. */
function frame(text: string, marked: string): string[] {
  return formatDiagnostics([at(source(text), marked, "k")], { cwd })
    .split("\n")
    .slice(1, 3);
}

it("puts carets below the right characters after tabs, wide and combining characters", () => {
  expect(frame("\tx: bad", "bad")).toEqual(["  1 |     x: bad", "    |        ^^^"]);
  expect(frame("名: bad", "bad")).toEqual(["  1 | 名: bad", "    |     ^^^"]);
  expect(frame("🐱: bad", "bad")).toEqual(["  1 | 🐱: bad", "    |     ^^^"]);
  expect(frame("e\u0301: bad", "bad")).toEqual(["  1 | e\u0301: bad", "    |    ^^^"]);
});

it("shows control and bidirectional characters as escapes, in frames, messages and paths", () => {
  expect(frame("a\u001b[31m: bad", "bad")).toEqual(["  1 | a\\u001b[31m: bad", "    |              ^^^"]);
  const text = formatDiagnostics([at(source("bad", "/home/me/\u001b]0;.yaml"), "bad", "k\n\u202e")], { cwd });
  expect(text.split("\n")[0]).toBe('\\u001b]0;.yaml:1:1 - error DVRC1003 duplicate-key: Key "k\\n\\u202e" is given twice.');
});

it("leaves out the carriage return of a line and marks only the first line of a span", () => {
  expect(frame("one: 1\r\ntwo: 2\r\n", "one: 1\r\ntwo")).toEqual(["  1 | one: 1", "    | ^^^^^^"]);
});

it("marks an empty span, and the end of the file, with one caret", () => {
  expect(frame("abc", "")).toEqual(["  1 | abc", "    | ^"]);
  const document = source("a:\n");
  const diagnostic = report("duplicate-key", { key: "k" }, { source: document, start: 3, end: 3 });
  expect(formatDiagnostics([diagnostic], { cwd }).split("\n").slice(0, 3)).toEqual([
    'pets/topology.yaml:2:1 - error DVRC1003 duplicate-key: Key "k" is given twice.',
    "  2 |",
    "    | ^",
  ]);
});

it("cuts a long line around the span, and a long message", () => {
  const [text = "", marks = ""] = frame(`${"x".repeat(5000)}bad${"y".repeat(5000)}`, "bad");
  expect(text).toBe(`  1 | …${"x".repeat(40)}bad${"y".repeat(76)}…`);
  expect(marks).toBe(`    | ${" ".repeat(41)}^^^`);
  const first = formatDiagnostics([at(source("bad"), "bad", "n".repeat(10_000))], { cwd }).split("\n")[0] ?? "";
  expect(first.length).toBeLessThan(1100);
  expect(first.endsWith("…")).toBe(true);
});

it("shows a file outside the working folder relative to it", () => {
  expect(formatDiagnostics([at(source("bad", "/srv/x.yaml"), "bad")], { cwd })).toMatch(/^\.\.\/\.\.\/srv\/x\.yaml:1:1 - /);
});

it("gives machines the same facts, with the end of the span", () => {
  expect(diagnosticsToJson([at(source("name: a\n  bad: b"), "bad")], cwd)).toEqual([
    {
      code: "DVRC1003",
      name: "duplicate-key",
      severity: "error",
      message: 'Key "bad" is given twice.',
      file: "pets/topology.yaml",
      line: 2,
      column: 3,
      endLine: 2,
      endColumn: 6,
      related: [],
    },
  ]);
});

it("colours severity and carets by the functions that it is given", () => {
  const tag = (name: string) => (text: string) => `<${name}>${text}</${name}>`;
  const colours = { bold: tag("b"), dim: tag("d"), red: tag("r"), yellow: tag("y"), cyan: tag("c") };
  const text = formatDiagnostics([at(source("  bad"), "bad")], { cwd, colours });
  expect(text).toBe(
    '<b>pets/topology.yaml:1:3</b> - <r>error</r> <d>DVRC1003</d> duplicate-key: Key "bad" is given twice.\n  <d>1 |</d>   bad\n  <d>  |</d>   <r>^^^</r>\n',
  );
});
