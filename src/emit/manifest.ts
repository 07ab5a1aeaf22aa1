import { byText, sorted } from "../base/order.js";
import type { Result } from "../diagnostics/diagnostic.js";
import { report } from "../diagnostics/report.js";
import { isSafeName, isSafePath } from "../base/safe-name.js";
import type { SourceSpan, SourceText } from "../source/span.js";

/** Version of the layout of the tree and its manifests. */
export const treeFormat = 1;

/** Name of the manifests, of the tree and of each host. */
export const manifestName = "manifest.json";

/** What `manifest.json` of the tree says. */
export interface TreeManifest {
  /** Version of the dvrc that wrote it. */
  readonly dvrc: string;
  readonly release: string;
  /** Entry file, relative to the tree, `/` between parts. */
  readonly topology: string;
  /** Options of the build that change what is built. */
  readonly options: Readonly<Record<string, string>>;
  /** SHA-256 of the topology's files and its lock. */
  readonly inputs: string;
  /** Every host that has a folder or will have one when all shards are built, sorted. */
  readonly hosts: readonly string[];
}

/** What `<host>/manifest.json` says: SHA-256 of each of the host's files by path relative to its folder. */
export type HostManifest = ReadonlyMap<string, string>;

/** The text of the tree's manifest. */
export function printTreeManifest(manifest: TreeManifest): string {
  const { dvrc, release, topology, options, inputs, hosts } = manifest;
  const sortedOptions = Object.fromEntries(sorted(Object.entries(options), ([a], [b]) => byText(a, b)));
  return json({ format: treeFormat, dvrc, release, topology, options: sortedOptions, inputs, hosts: sorted(hosts, byText) });
}

/** The text of a host's manifest. */
export function printHostManifest(files: HostManifest): string {
  // As JSON.stringify would print an object, which is slow to make of a thousand paths.
  // Without a comparator, paths are sorted by code unit, as `byText` does.
  const lines = [...files.keys()].sort().map((path) => `    ${JSON.stringify(path)}: "${files.get(path)}"`);
  return `{\n  "format": ${treeFormat},\n  "files": {${lines.length === 0 ? "" : `\n${lines.join(",\n")}\n  `}}\n}\n`;
}

/**
 * Reads the tree's manifest; the path is for messages.
 *
 * Errors: `damaged-manifest`, `manifest-of-another-format`.
 */
export function parseTreeManifest(text: string, path: string): Result<TreeManifest> {
  const source = { path, text };
  const [value, diagnostics] = parseJson(source);
  if (value === undefined) return [undefined, diagnostics];
  const { dvrc, release, topology, inputs, options, hosts } = value;
  if (!isText(dvrc) || !isText(release) || !isText(topology) || !isText(inputs)) return damaged(source, "a property is missing");
  if (!isTextRecord(options)) return damaged(source, "its options are no object of strings", "options");
  if (!Array.isArray(hosts) || !hosts.every((host): host is string => isText(host) && isSafeName(host))) {
    return damaged(source, "its hosts are no list of names", "hosts");
  }
  return [{ dvrc, release, topology, options, inputs, hosts }, []];
}

/**
 * Reads a host's manifest; the path is for messages.
 *
 * Errors: `damaged-manifest`, `manifest-of-another-format`; a path that leaves the host's folder is damage.
 */
export function parseHostManifest(text: string, path: string): Result<HostManifest> {
  const source = { path, text };
  const [value, diagnostics] = parseJson(source);
  if (value === undefined) return [undefined, diagnostics];
  if (!isTextRecord(value.files)) return damaged(source, "its files are no object of hashes", "files");
  const files = new Map(Object.entries(value.files));
  for (const file of files.keys())
    if (!isSafePath(file) || file === manifestName) return damaged(source, "a file of it is outside of the host's folder", file);
  return [files, []];
}

function parseJson(source: SourceText): Result<Readonly<Record<string, unknown>>> {
  let value: unknown;
  try {
    value = JSON.parse(source.text);
  } catch {
    return damaged(source, "it is not JSON");
  }
  if (!isRecord(value)) return damaged(source, "it is no object");
  const { format } = value;
  if (typeof format !== "number") return damaged(source, "it has no format", "format");
  if (format !== treeFormat) {
    const holes = { path: source.path, format, known: treeFormat };
    return [undefined, [report("manifest-of-another-format", holes, spanOf(source, "format"))]];
  }
  return [value, []];
}

function damaged<T>(source: SourceText, reason: string, key?: string): Result<T> {
  return [undefined, [report("damaged-manifest", { path: source.path, reason }, spanOf(source, key))]];
}

/** Where a manifest has a key; its top where it has none. */
function spanOf(source: SourceText, key: string | undefined): SourceSpan {
  const word = JSON.stringify(key ?? "");
  const start = source.text.indexOf(`${word}:`);
  return start < 0 ? { source, start: 0, end: Math.min(1, source.text.length) } : { source, start, end: start + word.length };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTextRecord(value: unknown): value is Readonly<Record<string, string>> {
  return isRecord(value) && Object.values(value).every(isText);
}
