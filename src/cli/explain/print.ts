import { lineColumn, type SourceSpan } from "../../source/span.js";
import { codeFrame } from "../../diagnostics/frame.js";
import { shownPath } from "../../diagnostics/format.js";
import { visible } from "../../diagnostics/visible.js";
import type { SourceDocument } from "../../source/document.js";
import type { Pointer } from "../../source/pointer.js";
import { coloursOf } from "../colours.js";
import type { Context } from "../context.js";
import render from "../templates/explanation.txt.hbs";
import type { FoundLine } from "./find-line.js";
import type { Reason } from "./reason.js";

/** An answer of `dvrc explain`. */
export interface Explanation {
  readonly found: FoundLine;
  readonly reason: Reason;
  readonly document: SourceDocument;
  /** What to know where the tree is not what the topology compiles to now. */
  readonly stale: string | undefined;
}

/** Why a line is there, for people. */
export function printExplanation({ found, reason, document, stale }: Explanation, context: Context): string {
  const colours = coloursOf(context.stdout, context.env);
  const causes = reason.because.map((pointer) => {
    const at = placeOf(pointer, document);
    const { line, text, marks } = codeFrame(at);
    const gutter = String(line);
    const what = pointer === "" ? "the topology" : visible(pointer.slice(1));
    return [
      `  ${colours.bold(shownPlace(at, context))} ${colours.dim(what)}`,
      `    ${colours.dim(`${gutter} |`)} ${text}`,
      `    ${colours.dim(`${" ".repeat(gutter.length)} |`)} ${colours.cyan(marks)}`,
    ].join("\n");
  });
  return render({
    place: colours.bold(`${visible(found.file)}:${found.line}`),
    line: `  ${visible(found.text.trim())}`,
    stale: stale === undefined ? "" : colours.yellow(stale),
    rule: colours.cyan(reason.rule),
    sentence: reason.sentence,
    heading: "Because of",
    causes,
  });
}

/** Why a line is there, for machines. */
export function explanationJson({ found, reason, document, stale }: Explanation, context: Context): string {
  const because = reason.because.map((pointer) => {
    const at = placeOf(pointer, document);
    return { pointer, file: shownPath(at.source, context.cwd), ...lineColumn(at.source, at.start) };
  });
  const { rule, sentence } = reason;
  const facts = { artefact: found.artefact, line: found.line, text: found.text, stale: stale !== undefined, rule, sentence, because };
  return `${JSON.stringify(facts, undefined, 2)}\n`;
}

function shownPlace(at: SourceSpan, context: Context): string {
  const { line, column } = lineColumn(at.source, at.start);
  return `${visible(shownPath(at.source, context.cwd))}:${line}:${column}`;
}

/** The key of a member, where it has one of its own; else its value. */
export function placeOf(pointer: Pointer, document: SourceDocument): SourceSpan {
  const key = document.locate(pointer, "key");
  return key.exact ? key.span : document.locate(pointer).span;
}
