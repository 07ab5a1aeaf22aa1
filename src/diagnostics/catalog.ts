import { commandLineEntries } from "./catalog/command-line.js";
import { type CatalogEntry } from "./catalog/entry.js";
import { floatingIpEntries } from "./catalog/floating-ips.js";
import { hostEntries } from "./catalog/hosts.js";
import { importEntries } from "./catalog/import.js";
import { labEntries } from "./catalog/lab.js";
import { lowerEntries } from "./catalog/lower.js";
import { nameEntries } from "./catalog/names.js";
import { networkEntries } from "./catalog/networks.js";
import { outputTreeEntries } from "./catalog/output-tree.js";
import { portEntries } from "./catalog/ports.js";
import { readEntries } from "./catalog/read.js";
import { resolveEntries } from "./catalog/resolve.js";
import { routerEntries } from "./catalog/routers.js";
import { securityGroupEntries } from "./catalog/security-groups.js";
import { shapeEntries } from "./catalog/shape.js";
import { weaknessEntries } from "./catalog/weaknesses.js";

export type { CatalogEntry, Severity } from "./catalog/entry.js";

/**
 * Every diagnostic of dvrc by slug.
 *
 * 1xxx read, 2xxx shape, 3xxx check, 4xxx resolve and lock, 5xxx lower, 6xxx command line and output folder, 7xxx import and dumps.
 */
export const catalog = {
  ...readEntries,
  ...shapeEntries,
  ...resolveEntries,
  ...lowerEntries,
  ...commandLineEntries,
  ...outputTreeEntries,
  ...nameEntries,
  ...networkEntries,
  ...hostEntries,
  ...routerEntries,
  ...portEntries,
  ...floatingIpEntries,
  ...securityGroupEntries,
  ...weaknessEntries,
  ...importEntries,
  ...labEntries,
} as const satisfies Record<string, CatalogEntry>;

/** Slug of a diagnostic. */
export type Slug = keyof typeof catalog;

/** The holes of a message template, so that `report` is checked by the compiler against the catalogue. */
type HolesOf<Template extends string> = Template extends `${string}{${infer Hole}}${infer Rest}` ? Hole | HolesOf<Rest> : never;

type EntryOf<S extends Slug> = (typeof catalog)[S];
type HelpOf<S extends Slug> = EntryOf<S> extends { readonly help: infer H extends string } ? H : "";

/** Values for the holes of an entry's message and help. */
export type Holes<S extends Slug> = { readonly [H in HolesOf<EntryOf<S>["message"]> | HolesOf<HelpOf<S>>]: string | number };
