import { createRequire } from "node:module";
import type typescript from "typescript";

/**
 * The TypeScript compiler.
 *
 * It is required, not imported: for an import Node first searches all nine megabytes of it for exports, which takes longer than to run it.
 */
export const ts = createRequire(import.meta.filename)("typescript") as typeof typescript;
