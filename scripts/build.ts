import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { build, type BuildOptions } from "esbuild";
import { builtinsPlugin, lazyFilesPlugin, lazyFunctionsPlugin, leanYamlPlugin, processPlugin } from "./bundle-plugins.js";
import { handlebarsPlugin } from "./handlebars.js";
import { keepCode } from "./keep-code.js";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly version: string };

/** SHA-256 of all that the bundles are made of. */
function hashOfSources(): string {
  const folders = ["src", "schema", "scripts"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((one) => (one.isFile() ? [join(one.parentPath, one.name)] : [])),
  );
  const whole = createHash("sha256");
  for (const path of [...folders.sort(), "package.json", "package-lock.json"]) whole.update(`${path}\n`).update(readFileSync(path));
  return whole.digest("hex");
}

/** Built here first, so that a build that fails leaves the last one. */
const staging = `node_modules/.cache/dvrc/dist-${process.pid}`;

const shared = {
  bundle: true,
  platform: "node",
  target: "node20.19",
  external: ["typescript", "tinypool", "@viz-js/viz"],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "eof",
  define: { DVRC_VERSION: JSON.stringify(version), DVRC_SOURCES: JSON.stringify(hashOfSources()) },
  logLevel: "warning",
} satisfies BuildOptions;

/** An ES module: CommonJS packages inside ask for Node's own modules only. */
const esModule = { ...shared, format: "esm", banner: { js: "const require = process.getBuiltinModule;" } } satisfies BuildOptions;

/** A CommonJS module: Node starts one in half the time that its loader of ES modules takes. */
const commonJs = {
  ...shared,
  format: "cjs",
  define: {
    ...shared.define,
    "import.meta.dirname": "__dirname",
    "import.meta.filename": "__filename",
    DVRC_COMPILER: '"./typescript.js"',
    DVRC_REQUIRE: "require",
    DVRC_IMPORT: "dvrcImport",
  },
} satisfies BuildOptions;

/**
 * The command line: `main.js`, and one file for each command with all that it needs, since opening thirty small files takes longer than
 * reading the same code in one. The TypeScript reader is a file of its own, because it loads the compiler.
 */
async function bundleCommandLine(): Promise<void> {
  const commands = readdirSync("src/cli/commands").filter((name) => /^[\w-]+\.ts$/.test(name));
  await Promise.all([
    build({ ...commonJs, entryPoints: ["commander"], outdir: `${staging}/cli`, plugins: [builtinsPlugin({ without: "child_process" })] }),
    build({
      ...commonJs,
      entryPoints: { chokidar: "chokidar", failure: "src/cli/failure.ts" },
      outdir: `${staging}/cli`,
      plugins: [processPlugin],
    }),
    build({ ...commonJs, external: [], minify: true, entryPoints: ["typescript"], outdir: `${staging}/cli` }),
    build({
      ...commonJs,
      entryPoints: { main: "src/cli/main.ts", "read-typescript": "src/read/typescript.ts" },
      outdir: `${staging}/cli`,
      plugins: [
        processPlugin,
        lazyFunctionsPlugin("src/cli/failure.ts", "./failure.js"),
        lazyFilesPlugin("./"),
        leanYamlPlugin,
        handlebarsPlugin,
      ],
    }),
    build({
      ...commonJs,
      entryPoints: Object.fromEntries(commands.map((name) => [basename(name, ".ts"), `src/cli/commands/${name}`])),
      outdir: `${staging}/cli/commands`,
      plugins: [processPlugin, lazyFilesPlugin("../"), leanYamlPlugin, handlebarsPlugin],
    }),
    build({
      ...esModule,
      entryPoints: { "build-worker": "src/cli/build/worker.ts" },
      outdir: `${staging}/cli`,
      outExtension: { ".js": ".mjs" },
      plugins: [builtinsPlugin(), leanYamlPlugin, handlebarsPlugin],
    }),
  ]);
  writeFileSync(`${staging}/cli/package.json`, `${JSON.stringify({ type: "commonjs" })}\n`);
}

/** The public API: tiny until it is asked to compile. */
async function bundleApi(): Promise<void> {
  await build({
    ...esModule,
    entryPoints: ["src/index.ts"],
    outdir: staging,
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    plugins: [builtinsPlugin(), leanYamlPlugin, handlebarsPlugin],
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
  await keepCode();
  process.stderr.write(`dist built in ${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`);
} catch (error) {
  rmSync(staging, { recursive: true, force: true });
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
