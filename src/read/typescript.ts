import { resolve } from "node:path";
import { Collector } from "../diagnostics/collector.js";
import type { Result } from "../diagnostics/diagnostic.js";
import { report } from "../diagnostics/report.js";
import type { SourceDocument } from "../source/document.js";
import { locateFrom } from "../source/place.js";
import type { SourceText } from "../source/span.js";
import { nestingLimit } from "./text.js";
import { evaluate } from "./typescript/evaluate.js";
import { type PlainCopy, plainCopy } from "./typescript/plain-data.js";
import { thrownDiagnostic } from "./typescript/thrown.js";
import { typeErrors } from "./typescript/type-errors.js";
import { type UserProgram, userProgram } from "./typescript/user-program.js";
import { writtenPlace } from "./typescript/written-place.js";

/**
 * Reads a TypeScript topology: type-checks the file and what it imports, then runs them and takes the default export.
 *
 * The user's code is trusted: it can do whatever a program can. A tsconfig.json is not looked at, so that a file means the same wherever it lies.
 * Errors: the compiler's, what the code throws, a default export that is missing or no plain data; each at its place in the source.
 */
export async function readTypeScript(source: SourceText): Promise<Result<SourceDocument>> {
  const [user, errors] = typeChecked(source, resolve(source.path));
  if (user === undefined) return [undefined, errors];
  let exported: PlainCopy | undefined;
  // What throws may be far from the user's files: in a package that they use.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 100;
  try {
    const exports = await evaluate(user, user.entry.fileName);
    // Getters run while the value is copied.
    if ("default" in exports) exported = plainCopy(exports["default"], nestingLimit);
  } catch (error) {
    return [undefined, [thrownDiagnostic(error, user)]];
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  if (exported === undefined) return [undefined, [report("no-default-export", { file: source.path }, { source, start: 0, end: 0 })]];
  return documentOf(exported, source, user);
}

function typeChecked(source: SourceText, path: string): Result<UserProgram> {
  try {
    const quick = userProgram(source, path, "quick");
    if (typeErrors(quick).length === 0) return [quick, []];
    // The quick library lacks what topologies rarely use, so that the whole one has the last word.
    const whole = userProgram(source, path, "whole");
    const errors = typeErrors(whole);
    return errors.length > 0 ? [undefined, errors] : [whole, []];
  } catch (error) {
    // The compiler goes down into what it reads, until its stack is used up.
    if (!(error instanceof RangeError)) throw error;
    const start = deepPlace(source.text);
    return [undefined, [report("nested-too-deep", { limit: nestingLimit }, { source, start, end: start + 1 })]];
  }
}

/** Where brackets are nested too deep; the beginning of a text whose brackets are not. */
function deepPlace(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    if (depth > nestingLimit) return at;
  }
  return 0;
}

function documentOf({ value, misfits, tooDeep }: PlainCopy, source: SourceText, user: UserProgram): Result<SourceDocument> {
  const place = writtenPlace(user);
  const collector = new Collector();
  for (const { pointer, what } of misfits) collector.add(report("not-data", { what }, locateFrom(place, pointer, "value").span));
  if (tooDeep !== undefined) collector.add(report("nested-too-deep", { limit: nestingLimit }, locateFrom(place, tooDeep, "value").span));
  return collector.result<SourceDocument>({
    source,
    inputs: user.files.map((file) => user.sourceOf(file)),
    value,
    locate: (pointer, part = "value") => locateFrom(place, pointer, part),
  });
}
