import { createRequire } from "node:module";
import { dirname } from "node:path";
import type typescript from "typescript";

declare const DVRC_COMPILER: string | undefined;
declare const DVRC_REQUIRE: ((file: string) => unknown) | undefined;

const { resolve } = createRequire(import.meta.filename);

/**
 * The TypeScript compiler: in the command line a minified copy, which is read in three quarters of the time.
 *
 * It is required, not imported: for an import Node first searches all nine megabytes of it for exports, which takes longer than to run it.
 */
export const ts = (
  typeof DVRC_COMPILER === "string" ? DVRC_REQUIRE?.(DVRC_COMPILER) : createRequire(import.meta.filename)("typescript")
) as typeof typescript;

/** The folder of the standard library's declarations, which are in TypeScript's package. */
export function libFolder(): string {
  return dirname(resolve("typescript"));
}
