import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { formatDiagnostics } from "../diagnostics/format.js";
import type { SourceDocument } from "../source/document.js";
import { pointerTo } from "../source/pointer.js";
import { yamlTexts } from "../testing/yaml-texts.js";
import { readJson } from "./json.js";
import { checkShape } from "./shape.js";
import { readYaml } from "./yaml.js";

const schema = JSON.parse(readFileSync("schema/topology.schema.json", "utf8")) as {
  readonly examples: readonly unknown[];
  readonly properties: object;
};
const example = JSON.stringify(schema.examples[0]);
const words = [...Object.keys(schema.properties), "subnets", "interfaces", "port", "network", "__proto__", "constructor", "", "a/b~c"];

/** Values that are nearly topologies. */
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 70000, "", "x", "vxlan"),
    tie("object"),
    fc.array(tie("value"), { maxLength: 3 }),
  ),
  object: fc.dictionary(fc.constantFrom(...words), tie("value"), { maxKeys: 5 }),
})).object;

/** Whatever a document holds can be located, within its text. */
function locateAll(document: SourceDocument): void {
  const visit = (value: unknown, pointer: string): void => {
    for (const part of ["key", "value"] as const) {
      const { span } = document.locate(pointer, part);
      expect(span.start).toBeGreaterThanOrEqual(0);
      expect(span.end).toBeGreaterThanOrEqual(span.start);
      expect(span.end).toBeLessThanOrEqual(span.source.text.length);
    }
    if (typeof value === "object" && value !== null)
      for (const [key, member] of Object.entries(value)) visit(member, pointerTo(pointer, key));
  };
  visit(document.value, "");
}

it("reads or refuses any text, and can show what it says", () => {
  const check = (read: typeof readYaml) => (text: string) => {
    const [document, diagnostics] = read({ path: "/topology", text });
    expect(document === undefined).toBe(diagnostics.length > 0);
    formatDiagnostics(diagnostics, { cwd: "/" });
    if (document !== undefined) locateAll(document);
  };
  fc.assert(fc.property(fc.oneof(yamlTexts, fc.string()), check(readYaml)), { numRuns: 1500 });
  fc.assert(fc.property(fc.oneof(fc.json(), fc.string()), check(readJson)), { numRuns: 300 });
});

it("says where and why any value is no topology", () => {
  fc.assert(
    fc.property(values, (value) => {
      const [document] = readJson({ path: "/topology.json", text: JSON.stringify(value) });
      if (document === undefined) return;
      const [topology, diagnostics] = checkShape(document);
      expect(topology === undefined).toBe(diagnostics.length > 0);
      expect(formatDiagnostics(diagnostics, { cwd: "/" })).not.toMatch(/undefined|\[object|NaN/);
    }),
    { numRuns: 1000 },
  );
});

it("reads JSON as YAML to the same value, at the same places", () => {
  const [json] = readJson({ path: "/x", text: example });
  const [yaml] = readYaml({ path: "/x", text: example });
  expect(yaml?.value).toEqual(json?.value);
  for (const pointer of ["/name", "/hosts/compute-1", "/routers/r1/interfaces/0", "/networks/public/router:external"]) {
    const [a, b] = [json?.locate(pointer).span, yaml?.locate(pointer).span];
    expect([a?.start, a?.end]).toEqual([b?.start, b?.end]);
  }
});
