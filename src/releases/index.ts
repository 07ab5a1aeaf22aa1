import { epoxy } from "./2025.1.js";
import { gazpacho } from "./2026.1.js";
import { newton } from "./newton.js";
import type { Release } from "./release.js";
import { zed } from "./zed.js";

/** Every release that dvrc compiles for, oldest first. */
export const releases: readonly Release[] = [newton, zed, epoxy, gazpacho];

/** The release of a topology that names none. */
export const defaultRelease: Release = gazpacho;

/** The release of a name. Errors: undefined where there is none. */
export function findRelease(name: string): Release | undefined {
  return releases.find((release) => release.name === name);
}
