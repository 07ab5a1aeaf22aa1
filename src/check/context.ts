import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Topology } from "../model/topology.js";
import type { Release } from "../releases/release.js";
import type { Part, SourceDocument } from "../source/document.js";
import { lazySpan } from "../source/lazy-span.js";
import { type Pointer, pointerTo } from "../source/pointer.js";
import type { SourceSpan } from "../source/span.js";
import { valueAt } from "../source/value-at.js";
import { type Facts, factsOf } from "./facts.js";

/** What a check looks at. */
export interface CheckContext {
  readonly topology: Topology;
  readonly document: SourceDocument;
  readonly release: Release;
  readonly facts: Facts;
  /** Where a member is written, looked up when it is shown. */
  readonly at: (pointer: Pointer, part?: Part) => SourceSpan;
  /** Where the first of some members of a value that exists is written, else the value itself. */
  readonly atMember: (pointer: Pointer, ...names: readonly (string | number)[]) => SourceSpan;
  /** True where the topology has a member, in whichever way it is written. */
  readonly written: (pointer: Pointer) => boolean;
  /** False where one of the sections has errors already: then nothing follows from what is missing in it. */
  readonly sound: (...sections: readonly string[]) => boolean;
}

/** A check: one rule about a whole topology. */
export type Check = (context: CheckContext) => Iterable<Diagnostic>;

/** The context of a run of checks. */
export function checkContext(
  topology: Topology,
  document: SourceDocument,
  release: Release,
  unsound: ReadonlySet<string> = new Set(),
): CheckContext {
  const written = (pointer: Pointer): boolean => valueAt(document.value, pointer) !== undefined;
  const at = (pointer: Pointer, part?: Part): SourceSpan => lazySpan(() => document.locate(pointer, part).span);
  return {
    topology,
    document,
    release,
    facts: factsOf(topology),
    at,
    written,
    atMember: (pointer, ...names) =>
      lazySpan(() => {
        const name = names.find((one) => written(pointerTo(pointer, one)));
        return at(name === undefined ? pointer : pointerTo(pointer, name));
      }),
    sound: (...sections) => !sections.some((section) => unsound.has(section)),
  };
}
