import type typescript from "typescript";
import { didYouMean } from "../../base/did-you-mean.js";
import type { Diagnostic, RelatedPlace } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { SourceSpan } from "../../source/span.js";
import { ts } from "./compiler.js";
import type { UserProgram } from "./user-program.js";

/** Errors that are none to dvrc: packages without declarations are used as they are. */
const ignored = new Set([7016]);

/** The compiler's "is not assignable", without and with a suggestion: the errors of misspelt references. */
const notAssignable = new Set([2322, 2820]);

/** The errors of the user's own files: of syntax if there are any, else of types. */
export function typeErrors(user: UserProgram): Diagnostic[] {
  const syntactic = user.files.flatMap((file) => user.program.getSyntacticDiagnostics(file));
  const errors = syntactic.length > 0 ? syntactic : user.files.flatMap((file) => user.program.getSemanticDiagnostics(file));
  return errors
    .filter((error) => error.category === ts.DiagnosticCategory.Error && !ignored.has(error.code))
    .map((error) => diagnose(error, user));
}

function diagnose(error: typescript.Diagnostic, user: UserProgram): Diagnostic {
  const text = lines(error.messageText);
  const at = spanOf(error, user);
  const related = relatedPlaces(error, user);
  const [, written, target = ""] = notAssignable.has(error.code)
    ? (/^Type '(.*?)' is not assignable to type '(.*)'/s.exec(text) ?? [])
    : [];
  if (written !== undefined && /\bComputed\b/.test(target)) {
    if (written.startsWith('"')) return undeclaredName(JSON.parse(written) as string, target, at);
    if (written === "string")
      return report("typescript-error", { message: text, number: error.code }, at, {
        help: "Write a computed name as ref(name).",
        related,
      });
  }
  const [message, suggestion] = splitSuggestion(text);
  const help = suggestion?.replace(/'"(.*)"'/, '"$1"');
  return report("typescript-error", { message, number: error.code }, at, { help, related });
}

/** A misspelt reference: the type that it does not fit lists the names that are declared. */
function undeclaredName(name: string, target: string, at: SourceSpan): Diagnostic {
  const declared = [...target.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([quoted]) => JSON.parse(quoted) as string);
  const meant = didYouMean(name, declared);
  return report("undeclared-name", { name }, at, {
    help: meant === undefined ? "Write a computed name as ref(name)." : `Did you mean "${meant}"?`,
  });
}

/** The first line says what is wrong, the last line what that comes down to. */
function lines(message: string | typescript.DiagnosticMessageChain): string {
  const all = ts.flattenDiagnosticMessageText(message, "\n").split("\n");
  const first = all[0] ?? "";
  const last = all.length > 1 ? (all.at(-1)?.trim() ?? "") : "";
  return last === "" ? first : `${first} ${last}`;
}

function splitSuggestion(text: string): readonly [message: string, suggestion: string | undefined] {
  const at = text.lastIndexOf(" Did you mean ");
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** A value that does not fit is underlined itself, where the compiler underlines its key. */
function spanOf(error: typescript.Diagnostic, user: UserProgram): SourceSpan {
  const { file = user.entry, start = 0, length = 0 } = error;
  const source = user.sourceOf(file);
  const value = notAssignable.has(error.code) ? literalOfKey(file, start, start + length) : undefined;
  return value === undefined ? { source, start, end: start + length } : { source, start: value.getStart(file), end: value.end };
}

/** The string that a key at a place has as its value. */
function literalOfKey(file: typescript.SourceFile, start: number, end: number): typescript.Expression | undefined {
  let found: typescript.Expression | undefined;
  const visit = (node: typescript.Node): void => {
    if (node.end < start || node.pos > end || found !== undefined) return;
    if (
      ts.isPropertyAssignment(node) &&
      node.name.getStart(file) === start &&
      node.name.end === end &&
      ts.isStringLiteralLike(node.initializer)
    ) {
      found = node.initializer;
    } else ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function relatedPlaces(error: typescript.Diagnostic, user: UserProgram): RelatedPlace[] {
  return (error.relatedInformation ?? []).flatMap(({ file, start = 0, length = 0, messageText }) => {
    if (file === undefined || !user.files.includes(file)) return [];
    return [{ at: { source: user.sourceOf(file), start, end: start + length }, message: lines(messageText) }];
  });
}
