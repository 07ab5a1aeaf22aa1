import { Collector } from "../diagnostics/collector.js";
import type { Result } from "../diagnostics/diagnostic.js";
import { report } from "../diagnostics/report.js";
import type { SourceDocument } from "../source/document.js";
import { locateFrom } from "../source/place.js";
import type { SourceSpan, SourceText } from "../source/span.js";
import { jsonPlace } from "./json-place.js";
import { scanJson } from "./json-scan.js";
import { nestingLimit } from "./text.js";

/**
 * Reads a JSON topology.
 *
 * Errors: malformed JSON, keys given twice, more than {@link nestingLimit} levels; each at its place.
 */
export function readJson(source: SourceText): Result<SourceDocument> {
  const collector = new Collector();
  const span = (start: number, end: number): SourceSpan => ({ source, start, end });
  if (source.text.trim() === "") return [undefined, [report("empty-file", { file: source.path }, span(0, 0))]];
  const { root, failure, repeated } = scanJson(source.text, nestingLimit);
  for (const { key, first, again } of repeated) {
    const related = [{ at: span(first.start, first.end), message: `"${key}" is given here first.` }];
    collector.add(report("duplicate-key", { key }, span(again.start, again.end), { related }));
  }
  if (failure !== undefined) {
    const at = span(failure.start, failure.end);
    collector.add(
      failure.reason === undefined
        ? report("nested-too-deep", { limit: nestingLimit }, at)
        : report("json-syntax", { reason: failure.reason }, at),
    );
  }
  if (root === undefined || collector.hasErrors) return [undefined, collector.diagnostics];
  const place = jsonPlace(root, source);
  const document: SourceDocument = {
    source,
    inputs: [source],
    value: JSON.parse(source.text) as unknown,
    locate: (pointer, part = "value") => locateFrom(place, pointer, part),
  };
  return [document, collector.diagnostics];
}
