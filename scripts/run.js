// Runs a TypeScript script: `node scripts/run.js scripts/build.ts [argument]...`. Node 20 cannot by itself.
import { mkdirSync, unlinkSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

process.chdir(join(import.meta.dirname, ".."));
const cache = "node_modules/.cache/dvrc";
mkdirSync(cache, { recursive: true });

/** Bundles a script (packages stay outside) and loads it. */
async function load(file, plugins) {
  const outfile = join(cache, `${basename(file, ".ts")}-${process.pid}.mjs`);
  await build({
    entryPoints: [file],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    logLevel: "warning",
    plugins,
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    unlinkSync(outfile);
  }
}

const [script, ...rest] = process.argv.slice(2);
const { handlebarsPlugin } = await load("scripts/handlebars.ts", []);
process.argv = [process.execPath, script, ...rest];
await load(script, [handlebarsPlugin]);
