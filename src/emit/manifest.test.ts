import fc from "fast-check";
import { expect, it } from "vitest";
import { parseHostManifest, parseTreeManifest, printHostManifest, printTreeManifest, type TreeManifest } from "./manifest.js";

const name = fc.stringMatching(/^[a-z_][a-z0-9._-]{0,12}$/);
const text = fc.string({ unit: "grapheme" });

it("reads back every manifest of a tree, hosts and options sorted", () => {
  const manifest = fc.record({
    dvrc: text,
    release: text,
    topology: text,
    options: fc.dictionary(text, text),
    inputs: text,
    hosts: fc.uniqueArray(name).map((hosts) => hosts.sort()),
  });
  fc.assert(
    fc.property(manifest, (one) => {
      const [parsed, diagnostics] = parseTreeManifest(printTreeManifest(one), "manifest.json");
      expect(diagnostics).toEqual([]);
      expect(parsed).toEqual({ ...one, options: { ...one.options } });
    }),
  );
});

it("reads back every manifest of a host", () => {
  fc.assert(
    fc.property(fc.uniqueArray(name), (names) => {
      const files = new Map(names.filter((file) => file !== "manifest.json").map((file) => [`ns/${file}`, "hash"]));
      const text = printHostManifest(files);
      expect(parseHostManifest(text, "manifest.json")).toEqual([files, []]);
      expect(text).toBe(`${JSON.stringify(JSON.parse(text), undefined, 2)}\n`);
    }),
  );
});

const good: TreeManifest = { dvrc: "1", release: "r", topology: "t", options: {}, inputs: "i", hosts: ["h"] };

it.each([
  ["", "it is not JSON"],
  ["[]", "it is no object"],
  ["{}", "it has no format"],
  [JSON.stringify({ format: 1 }), "a property is missing"],
  [JSON.stringify({ format: 1, ...good, hosts: ["../h"] }), "its hosts are no list of names"],
  [JSON.stringify({ format: 1, ...good, options: { a: 1 } }), "its options are no object of strings"],
])("says what is wrong with the manifest %s", (json, reason) => {
  expect(parseTreeManifest(json, "out/manifest.json")[1]).toMatchObject([
    { name: "damaged-manifest", message: `Manifest "out/manifest.json" is damaged: ${reason}.` },
  ]);
});

it("does not read what a later dvrc wrote", () => {
  expect(parseTreeManifest('{"format":2}', "manifest.json")[1]).toMatchObject([{ name: "manifest-of-another-format" }]);
});

it.each(["../x", "/etc/passwd", "a//b", "a/./b", "manifest.json", ".hidden", "a\\b\u0000"])("refuses the file %j of a host", (file) => {
  expect(parseHostManifest(JSON.stringify({ format: 1, files: { [file]: "" } }), "m")[1]).toMatchObject([{ name: "damaged-manifest" }]);
});
