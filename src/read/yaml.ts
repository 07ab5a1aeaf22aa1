import { type CST, Composer, type Document, Lexer, Parser } from "yaml";
import { Collector } from "../diagnostics/collector.js";
import type { Diagnostic, Result } from "../diagnostics/diagnostic.js";
import { report } from "../diagnostics/report.js";
import type { SourceDocument } from "../source/document.js";
import { locateFrom } from "../source/place.js";
import type { SourceSpan, SourceText } from "../source/span.js";
import { nestingLimit } from "./text.js";
import { type PlainYaml, plainYaml } from "./yaml-plain.js";
import { yamlPlace } from "./yaml-place.js";
import { YamlValues } from "./yaml-values.js";

/**
 * Reads a YAML topology: YAML 1.2, core schema, one document, with merge keys (`<<`). Nothing in it is ever run.
 *
 * Errors: malformed YAML, unknown tags, keys that are given twice or are not text, values that JSON has not, aliases that expand beyond measure,
 * more than {@link nestingLimit} levels, a second document; each at its place.
 */
export function readYaml(source: SourceText): Result<SourceDocument> {
  return read(source, (tokens) => {
    const plain = plainYaml(tokens);
    return plain === undefined ? composed(source, tokens) : [plainDocument(source, plain), []];
  });
}

/** As {@link readYaml}, always by way of the library's composer: the slow way, which says what the fast one must say, too. */
export function readComposedYaml(source: SourceText): Result<SourceDocument> {
  return read(source, (tokens) => composed(source, tokens));
}

function read(source: SourceText, by: (tokens: Tokens) => Result<SourceDocument>): Result<SourceDocument> {
  try {
    return by(new Tokens(source.text));
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
    return [undefined, [report("nested-too-deep", { limit: nestingLimit }, { source, start: error.offset, end: error.offset + 1 })]];
  }
}

function plainDocument(source: SourceText, { value, spans }: PlainYaml): SourceDocument {
  const place = spans.place(source);
  return { source, inputs: [source], value, locate: (pointer, part = "value") => locateFrom(place, pointer, part) };
}

/** As {@link readYaml}, of any text. Errors: throws {@link TooDeep}. */
function composed(source: SourceText, tokens: Tokens): Result<SourceDocument> {
  const span = (start: number, end: number): SourceSpan => ({ source, start, end });
  const { document, second } = compose(tokens);
  if (document === undefined) return [undefined, [report("empty-file", { file: source.path }, span(0, 0))]];
  const malformed = syntaxDiagnostics(document, span);
  if (second !== undefined) malformed.push(report("several-documents", {}, span(second, second + 3)));
  if (malformed.length > 0) return [undefined, malformed];
  if (document.contents === null) return [undefined, [report("empty-file", { file: source.path }, span(0, 0))]];
  const collector = new Collector();
  const value = new YamlValues(span, collector).document(document.contents);
  const place = yamlPlace(document.contents, source);
  return collector.result({ source, inputs: [source], value, locate: (pointer, part = "value") => locateFrom(place, pointer, part) });
}

/** A YAML text as its parser has it. */
interface ParsedYaml {
  readonly document: Document | undefined;
  /** Offset of a second document. */
  readonly second: number | undefined;
}

/** Keys are compared by {@link YamlValues}: the parser's own test is quadratic. */
const options = { version: "1.2", schema: "core", strict: true, uniqueKeys: false, prettyErrors: false, resolveKnownTags: false } as const;

/** The way out of the parser where the nesting would exhaust its stack; never leaves this module. */
class TooDeep extends Error {
  constructor(readonly offset: number) {
    super("YAML");
  }
}

/** Errors: throws {@link TooDeep}. */
function compose(tokens: Tokens): ParsedYaml {
  let document: Document | undefined;
  for (const next of new Composer(options).compose(tokens, true, tokens.text.length)) {
    if (document !== undefined) return { document, second: next.range[0] };
    document = next;
  }
  return { document, second: undefined };
}

/** The tokens of a text, parsed as they are asked for, and kept for who comes next. Errors: throws {@link TooDeep}. */
class Tokens implements Iterable<CST.Token> {
  readonly #parsed: CST.Token[] = [];
  readonly #rest: Iterator<CST.Token, void>;

  constructor(readonly text: string) {
    this.#rest = parse(text);
  }

  *[Symbol.iterator](): Iterator<CST.Token> {
    for (let index = 0; ; index++) {
      const known = this.#parsed[index];
      const next = known ?? this.#rest.next().value;
      if (next === undefined) return;
      if (known === undefined) this.#parsed.push(next);
      yield next;
    }
  }
}

/** What `Parser.parse` yields, as long as the nesting is not too deep. */
function* parse(text: string): Generator<CST.Token, void> {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) yield token;
    // The document and a scalar are on the parser's stack too, so that this is a coarse limit; YamlValues has the exact one.
    if (parser.stack.length > nestingLimit + 4) throw new TooDeep(parser.offset - lexeme.length);
  }
  yield* parser.end();
}

/** Faults of syntax that are shown: those after the first are mostly its consequences. */
const shownFaults = 20;

function syntaxDiagnostics(parsed: Document, span: (start: number, end: number) => SourceSpan): Diagnostic[] {
  const seen = new Set<number>();
  const diagnostics: Diagnostic[] = [];
  for (const { message, pos } of [...parsed.errors, ...parsed.warnings]) {
    // The parser often has more than one thing to say about one place; the first is the cause.
    if (seen.has(pos[0])) continue;
    seen.add(pos[0]);
    diagnostics.push(report("yaml-syntax", { reason: reason(message) }, span(pos[0], Math.max(pos[0], pos[1]))));
  }
  return diagnostics.slice(0, shownFaults);
}

function reason(message: string): string {
  const text = message.replace(/\.$/, "");
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
