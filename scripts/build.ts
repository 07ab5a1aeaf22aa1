import { execFile } from "node:child_process";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import process from "node:process";
import { promisify } from "node:util";
import { build } from "esbuild";
import { handlebarsPlugin } from "./handlebars.js";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly version: string };

/** Built here first, so that a build that fails leaves the last one; two builds at once do not share it. */
const staging = `node_modules/.cache/dvrc/dist-${process.pid}`;

/** CommonJS packages inside the bundle ask for Node's own modules through `require`. */
const requireForBundledPackages = `import { createRequire as dvrcCreateRequire } from "node:module";\nconst require = dvrcCreateRequire(import.meta.url);`;

/** One lazy chunk for each command and for what only some inputs need. */
async function bundle(): Promise<void> {
  await build({
    entryPoints: { "cli/main": "src/cli/main.ts", index: "src/index.ts" },
    outdir: staging,
    bundle: true,
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    platform: "node",
    format: "esm",
    target: "node20.19",
    external: ["typescript"],
    minifySyntax: true,
    legalComments: "eof",
    define: { DVRC_VERSION: JSON.stringify(version) },
    banner: { js: requireForBundledPackages },
    logLevel: "warning",
    plugins: [handlebarsPlugin],
  });
}

/** Declarations of the public API. */
async function emitTypes(): Promise<void> {
  const args = ["node_modules/typescript/bin/tsc", "-p", "tsconfig.types.json", "--outDir", `${staging}/types`];
  await promisify(execFile)(process.execPath, args).catch((error: unknown) => {
    throw error instanceof Error && "stdout" in error ? new Error(`tsc: ${String(error.stdout)}`) : error;
  });
}

const startedAt = Date.now();
rmSync(staging, { recursive: true, force: true });
try {
  await Promise.all([bundle(), emitTypes()]);
  writeFileSync(`${staging}/built`, `${version}\n`);
  rmSync("dist", { recursive: true, force: true });
  renameSync(staging, "dist");
  process.stderr.write(`dist built in ${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  rmSync(staging, { recursive: true, force: true });
  process.exitCode = 1;
}
