import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { build } from "esbuild";
import { handlebarsPlugin } from "../../scripts/handlebars.js";

/**
 * Makes dvrc, as its sources are now, a command of its own: for tests that kill it, or have other programs run it.
 *
 * Shape: the folder to put on a search path; the command is `dvrc`, its JavaScript `dvrc.mjs` beside it.
 */
export async function makeProgram(folder: string): Promise<string> {
  const bin = join(folder, "bin");
  const outfile = join(bin, "dvrc.mjs");
  mkdirSync(bin);
  const contents = `import { runProcess } from "./src/cli/main.js"; process.exitCode = await runProcess(process.argv.slice(2));`;
  const banner = `import { createRequire as requireIn } from "node:module"; const require = requireIn("${resolve(".")}/");`;
  await build({
    stdin: { contents, resolveDir: resolve(".") },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
    external: ["typescript"],
    banner: { js: banner },
    plugins: [handlebarsPlugin],
    logLevel: "error",
  });
  writeFileSync(join(bin, "dvrc"), `#!/bin/sh\nexec '${process.execPath}' '${outfile}' "$@"\n`);
  chmodSync(join(bin, "dvrc"), 0o755);
  return bin;
}
