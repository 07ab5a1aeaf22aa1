import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { compile, loadTopology } from "../src/compile.js";
import { catalog, type Slug } from "../src/diagnostics/catalog.js";
import type { Diagnostic } from "../src/diagnostics/diagnostic.js";
import { formatDiagnostics } from "../src/diagnostics/format.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, "golden/errors");
const accept = process.env["DVRC_ACCEPT"] === "1";
const files = readdirSync(folder);

/** Diagnostics of an input: those of reading, shape, check, resolve and lower. The command line's and the import's have tests of their own. */
const slugs = (Object.keys(catalog) as Slug[]).filter((slug) => /^DVRC[1-5]/.test(catalog[slug].code));

/** Everything that the pipeline says about an input. */
async function diagnosticsOf(path: string): Promise<readonly Diagnostic[]> {
  const [loaded, read] = await loadTopology(path);
  if (loaded === undefined) return read;
  const [compilation, checked] = compile(loaded);
  const lowered = compilation?.hosts.flatMap((host) => compilation.host(host)[1]) ?? [];
  return [...read, ...checked, ...lowered];
}

/** An input that is too large to be kept: a file with a hole. */
const large = { slug: "file-too-large", folder: mkdtempSync(join(tmpdir(), "dvrc-large-")) + sep };
const largePath = join(large.folder, `${large.slug}.topology.yaml`);
writeFileSync(largePath, "name: file-too-large\n");
truncateSync(largePath, 64 * 1024 * 1024 + 1);
afterAll(() => rmSync(large.folder, { recursive: true }));

/** The input of a case, in whichever language; a case about a missing file has none. */
function inputOf(slug: Slug): string {
  if (slug === large.slug) return largePath;
  const own = files.find((file) => file.startsWith(`${slug}.topology.`) && !file.endsWith(".lock.json"));
  return join(folder, own ?? `${slug}.topology.yaml`);
}

it.each(slugs)("says %s of its bad input, and says it so", async (slug) => {
  const diagnostics = await diagnosticsOf(inputOf(slug));
  expect(diagnostics.map(({ name }) => name)).toContain(slug);
  const text = formatDiagnostics(diagnostics, { cwd: root }).replaceAll(root, "").replaceAll(large.folder, "");
  const expected = join(folder, `${slug}.txt`);
  if (accept) writeFileSync(expected, text);
  expect(text).toBe(existsSync(expected) ? readFileSync(expected, "utf8") : `(golden/errors/${slug}.txt is missing)`);
});

it("keeps no file that belongs to no diagnostic", () => {
  const known = new Set<string>(slugs);
  const leftover = files.filter((file) => file !== "README.md" && !known.has(file.split(".")[0] ?? ""));
  if (accept) for (const file of leftover.filter((name) => name.endsWith(".txt"))) rmSync(join(folder, file));
  expect(leftover).toEqual([]);
});
