import { relative, resolve, sep } from "node:path";
import { type SourceSpan, type SourceText, lineColumn } from "../source/span.js";
import type { Diagnostic } from "./diagnostic.js";
import { codeFrame } from "./frame.js";
import { sortedByPlace } from "./order.js";
import { clipped, visible } from "./visible.js";

/** Functions that wrap text in terminal colours. */
export interface DiagnosticColours {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

/** How diagnostics are shown. */
export interface FormatOptions {
  /** Working folder, absolute: paths are shown relative to it. */
  readonly cwd: string;
  /** Undefined: no colours. */
  readonly colours?: DiagnosticColours | undefined;
}

/** Characters of a message that are shown: names may have thousands. */
const messageLimit = 1000;

const plain = (text: string): string => text;
const noColours: DiagnosticColours = { bold: plain, dim: plain, red: plain, yellow: plain, cyan: plain };

/**
 * Diagnostics as text for people: place, severity, code, name and message, the line with carets, help, related places.
 *
 * Shape: lines with a final newline; empty where there is none.
 * Order: file, offset, code.
 */
export function formatDiagnostics(diagnostics: readonly Diagnostic[], options: FormatOptions): string {
  const colours = options.colours ?? noColours;
  return sortedByPlace(diagnostics)
    .map((diagnostic) => formatDiagnostic(diagnostic, options.cwd, colours))
    .join("");
}

/** The path of a source as it is shown: relative to the working folder, with slashes. */
export function shownPath(source: SourceText, cwd: string): string {
  const path = relative(cwd, resolve(cwd, source.path));
  return sep === "/" ? path : path.replaceAll(sep, "/");
}

/** A message whose quoted paths below the working folder are shown relative to it, as places are. */
export function shownMessage(message: string, cwd: string): string {
  return cwd === sep ? message : message.replaceAll(`"${cwd}${sep}`, '"');
}

function formatDiagnostic(diagnostic: Diagnostic, cwd: string, colours: DiagnosticColours): string {
  const { at, severity, code, name, message, help, related } = diagnostic;
  const paint = severity === "error" ? colours.red : colours.yellow;
  const head = `${paint(severity)} ${colours.dim(code)} ${name}: ${oneLine(shownMessage(message, cwd))}\n`;
  let text = at === undefined ? head : `${colours.bold(place(at, cwd))} - ${head}${framed(at, colours, paint)}`;
  if (help !== undefined) text += `  ${colours.cyan("help:")} ${oneLine(help)}\n`;
  for (const other of related) text += `  ${colours.bold(place(other.at, cwd))} - ${oneLine(other.message)}\n`;
  return text;
}

function framed(at: SourceSpan, colours: DiagnosticColours, paint: (text: string) => string): string {
  const { line, text, marks } = codeFrame(at);
  const gutter = String(line);
  const indent = marks.length - marks.trimStart().length;
  return (
    `  ${colours.dim(`${gutter} |`)}${text === "" ? "" : ` ${text}`}\n` +
    `  ${colours.dim(`${" ".repeat(gutter.length)} |`)} ${marks.slice(0, indent)}${paint(marks.slice(indent))}\n`
  );
}

function place(at: SourceSpan, cwd: string): string {
  const { line, column } = lineColumn(at.source, at.start);
  return `${visible(shownPath(at.source, cwd))}:${line}:${column}`;
}

function oneLine(text: string): string {
  return visible(clipped(text, messageLimit));
}
