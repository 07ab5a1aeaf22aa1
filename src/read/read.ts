import { extname } from "node:path";
import type { Result } from "../diagnostics/diagnostic.js";
import { report } from "../diagnostics/report.js";
import type { SourceDocument } from "../source/document.js";
import type { SourceText } from "../source/span.js";
import { readText, type TextReader } from "./text.js";

/** A front end: the text of a file to a document. */
type Reader = (source: SourceText) => Result<SourceDocument> | Promise<Result<SourceDocument>>;

/** Front ends by extension. Each is loaded when it is first needed: parsers are large, and the TypeScript compiler is larger. */
const readers = new Map<string, () => Promise<Reader>>([
  [".yaml", async () => (await import("./yaml.js")).readYaml],
  [".yml", async () => (await import("./yaml.js")).readYaml],
  [".json", async () => (await import("./json.js")).readJson],
  [".ts", async () => (await import("./typescript.js")).readTypeScript],
]);

/**
 * Reads a topology in the language that its extension tells.
 *
 * `.yaml`, `.yml` and `.json` are data. A `.ts` topology is type-checked and then run: it is trusted code.
 * Errors: the file cannot be read, its extension is none of these, or its language's own.
 */
export async function readTopology(path: string, texts?: TextReader): Promise<Result<SourceDocument>> {
  const reader = readers.get(extname(path).toLowerCase());
  if (reader === undefined) return [undefined, [report("unknown-file-type", { file: path }, undefined)]];
  const [source, diagnostics] = texts?.read(path) ?? readText(path);
  return source === undefined ? [undefined, diagnostics] : (await reader())(source);
}
