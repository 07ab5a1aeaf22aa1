import { isAbsolute, join } from "node:path";
import type { Context } from "./context.js";

/**
 * The folder for what dvrc can do without; undefined where there is none.
 *
 * Source: XDG Base Directory Specification, `$XDG_CACHE_HOME`.
 */
export function cacheFolder({ env }: Pick<Context, "env">): string | undefined {
  const asked = env["XDG_CACHE_HOME"];
  if (asked !== undefined && isAbsolute(asked)) return join(asked, "dvrc");
  const home = env["HOME"] ?? env["USERPROFILE"];
  return home !== undefined && isAbsolute(home) ? join(home, ".cache", "dvrc") : undefined;
}
