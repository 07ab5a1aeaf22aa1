import { Collector } from "../diagnostics/collector.js";
import type { Result } from "../diagnostics/diagnostic.js";
import { report } from "../diagnostics/report.js";
import type { SourceDocument } from "../source/document.js";
import { type Place, locateFrom } from "../source/place.js";
import type { SourceSpan, SourceText } from "../source/span.js";
import { jsonPlace } from "./json-place.js";
import { type JsonNode, scanJson } from "./json-scan.js";
import { soundValue } from "./json-value.js";
import { nestingLimit } from "./text.js";

/**
 * Reads a JSON topology.
 *
 * Errors: malformed JSON, keys given twice, more than {@link nestingLimit} levels; each at its place.
 */
export function readJson(source: SourceText): Result<SourceDocument> {
  const value = soundValue(source.text, nestingLimit);
  return value === undefined ? readScannedJson(source) : [documentOf(source, value, jsonPlace(source)), []];
}

/** As {@link readJson}, always by scanning: the slow way, which says what the fast one must say, too. */
export function readScannedJson(source: SourceText): Result<SourceDocument> {
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
  return [documentOf(source, JSON.parse(source.text), placeOf(root, source)), collector.diagnostics];
}

function documentOf(source: SourceText, value: unknown, place: Place): SourceDocument {
  return { source, inputs: [source], value, locate: (pointer, part = "value") => locateFrom(place, pointer, part) };
}

function placeOf(node: JsonNode, source: SourceText): Place {
  return {
    span: { source, start: node.start, end: node.end },
    exact: true,
    member(key) {
      const member = node.members?.get(key);
      if (member !== undefined)
        return { key: { source, start: member.key.start, end: member.key.end }, value: placeOf(member.value, source) };
      const item = /^\d+$/.test(key) ? node.items?.[Number(key)] : undefined;
      return item === undefined ? undefined : { key: undefined, value: placeOf(item, source) };
    },
  };
}
