import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { build, type BuildOptions } from "esbuild";
import { builtinsPlugin, lazyFilesPlugin } from "./bundle-plugins.js";
import { handlebarsPlugin } from "./handlebars.js";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly version: string };

/** Built here first, so that a build that fails leaves the last one. */
const staging = `node_modules/.cache/dvrc/dist-${process.pid}`;

const shared = {
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20.19",
  external: ["typescript", "tinypool"],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "eof",
  define: { DVRC_VERSION: JSON.stringify(version) },
  // CommonJS packages inside a bundle ask for Node's own modules only.
  banner: { js: "const require = process.getBuiltinModule;" },
  logLevel: "warning",
} satisfies BuildOptions;

/**
 * The command line: `main.js`, and one file for each command with all that it needs, since opening thirty small files takes longer than
 * reading the same code in one. The TypeScript reader is a file of its own, because it loads the compiler.
 */
async function bundleCommandLine(): Promise<void> {
  const commands = readdirSync("src/cli/commands").filter((name) => /^[\w-]+\.ts$/.test(name));
  await Promise.all([
    build({ ...shared, entryPoints: ["commander"], outdir: `${staging}/cli`, plugins: [builtinsPlugin({ without: "child_process" })] }),
    build({
      ...shared,
      entryPoints: { main: "src/cli/main.ts", "read-typescript": "src/read/typescript.ts", "build-worker": "src/cli/build/worker.ts" },
      outdir: `${staging}/cli`,
      plugins: [builtinsPlugin(), lazyFilesPlugin("./"), handlebarsPlugin],
    }),
    build({
      ...shared,
      entryPoints: Object.fromEntries(commands.map((name) => [basename(name, ".ts"), `src/cli/commands/${name}`])),
      outdir: `${staging}/cli/commands`,
      plugins: [builtinsPlugin(), lazyFilesPlugin("../"), handlebarsPlugin],
    }),
  ]);
}

/** The public API: tiny until it is asked to compile. */
async function bundleApi(): Promise<void> {
  await build({
    ...shared,
    entryPoints: ["src/index.ts"],
    outdir: staging,
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    plugins: [builtinsPlugin(), handlebarsPlugin],
  });
}

/** Declarations of the public API. */
async function emitTypes(): Promise<void> {
  const args = ["node_modules/typescript/bin/tsc", "-p", "tsconfig.types.json", "--outDir", `${staging}/types`];
  await promisify(execFile)(process.execPath, args).catch((error: unknown) => {
    throw error instanceof Error && "stdout" in error ? new Error(`tsc: ${String(error.stdout)}`) : error;
  });
}

/** Puts the new build in the place of the last one. */
function publish(): void {
  const old = `${staging}-old`;
  if (existsSync("dist")) renameSync("dist", old);
  renameSync(staging, "dist");
  rmSync(old, { recursive: true, force: true });
}

const startedAt = Date.now();
try {
  await Promise.all([bundleCommandLine(), bundleApi(), emitTypes()]);
  writeFileSync(`${staging}/built`, `${version}\n`);
  publish();
  process.stderr.write(`dist built in ${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`);
} catch (error) {
  rmSync(staging, { recursive: true, force: true });
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
