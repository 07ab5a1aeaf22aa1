import { execFile } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { build } from "esbuild";
import { handlebarsPlugin } from "./handlebars.js";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly version: string };

/** CommonJS packages inside the bundle ask for Node's own modules through `require`. */
const requireForBundledPackages = `import { createRequire as dvrcCreateRequire } from "node:module";\nconst require = dvrcCreateRequire(import.meta.url);`;

const startedAt = Date.now();
rmSync("dist", { recursive: true, force: true });
await Promise.all([
  build({
    entryPoints: { "cli/main": "src/cli/main.ts", index: "src/index.ts" },
    outdir: "dist",
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
  }),
  promisify(execFile)(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.types.json"]).catch((error: unknown) => {
    throw error instanceof Error && "stdout" in error ? new Error(`tsc: ${String(error.stdout)}`) : error;
  }),
]);
writeFileSync("dist/built", `${version}\n`);
process.stderr.write(`dist built in ${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`);
