import { expect, it } from "vitest";
import { catalog } from "./catalog.js";
import { commandLineEntries } from "./catalog/command-line.js";
import type { CatalogEntry } from "./catalog/entry.js";
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

const entries = Object.entries<CatalogEntry>(catalog);

/** The parts of the catalogue, and what their codes look like. */
const parts: readonly (readonly [RegExp, Readonly<Record<string, CatalogEntry>>])[] = [
  [/^DVRC1\d{3}$/, readEntries],
  [/^DVRC2\d{3}$/, shapeEntries],
  [/^DVRC30\d\d$/, nameEntries],
  [/^DVRC31\d\d$/, networkEntries],
  [/^DVRC32\d\d$/, hostEntries],
  [/^DVRC33\d\d$/, routerEntries],
  [/^DVRC34\d\d$/, portEntries],
  [/^DVRC35\d\d$/, floatingIpEntries],
  [/^DVRC36\d\d$/, securityGroupEntries],
  [/^DVRC39\d\d$/, weaknessEntries],
  [/^DVRC4\d{3}$/, resolveEntries],
  [/^DVRC5\d{3}$/, lowerEntries],
  [/^DVRC60[0-4]\d$/, outputTreeEntries],
  [/^DVRC60[5-9]\d$/, commandLineEntries],
  [/^DVRC61\d\d$/, labEntries],
  [/^DVRC7\d{3}$/, importEntries],
];

it("gives each code to one diagnostic only", () => {
  const codes = entries.map(([, { code }]) => code);
  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
});

it("keeps codes in the range of their phase", () => {
  const astray = parts.flatMap(([range, part]) => Object.entries(part).filter(([, { code }]) => !range.test(code)));
  expect(astray.map(([slug]) => slug)).toEqual([]);
});

it("has every entry of every part, each slug once", () => {
  const slugs = parts.flatMap(([, part]) => Object.keys(part));
  expect(slugs.sort()).toEqual(entries.map(([slug]) => slug).sort());
});

it("says and explains in whole sentences", () => {
  // Messages that come from elsewhere, such as the compiler's, begin with a hole.
  const unfinished = entries.filter(([, { message }]) => !message.startsWith("{message}") && !/(?:\.|^\{answer\})$/.test(message));
  expect(unfinished.map(([slug]) => slug)).toEqual([]);
  expect(entries.filter(([, { explanation }]) => !/[.)]$/.test(explanation)).map(([slug]) => slug)).toEqual([]);
});
