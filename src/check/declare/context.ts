import type { Holes, Slug } from "../../diagnostics/catalog.js";
import type { Diagnostic, RelatedPlace } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { NetworkDeclaration } from "../../model/topology.js";
import type { Release } from "../../releases/release.js";
import type { Part, SourceDocument } from "../../source/document.js";
import { type Pointer, pointerKeys } from "../../source/pointer.js";
import type { Names } from "./names.js";

/** What every function of `declare/` needs: where things are written, what is declared at all, and a place for complaints. */
export interface DeclareContext {
  readonly document: SourceDocument;
  readonly release: Release;
  readonly names: Names;
  /** Project of resources that name none. */
  readonly projectId: string;
  /** The networks, as soon as they are declared: addresses of ports are looked up in their subnets. */
  readonly networks: Map<string, NetworkDeclaration>;
  readonly diagnostics: Diagnostic[];
  /** What unknown names were meant to be, by kind and name: looked for once. */
  readonly suggestions: Map<string, string | undefined>;
  /** Sections of the document that have errors, so that nothing is concluded from what is missing there. */
  readonly unsound: Set<string>;
}

/** How a complaint differs from the catalogue's entry, and which part of the member it is about. */
export interface ComplaintOptions {
  readonly part?: Part;
  readonly related?: readonly RelatedPlace[];
  readonly help?: string | undefined;
}

/** Notes an error at a member of the document. */
export function complain<S extends Slug>(
  context: DeclareContext,
  pointer: Pointer,
  name: S,
  holes: Holes<S>,
  options: ComplaintOptions = {},
): void {
  const { span } = context.document.locate(pointer, options.part ?? "value");
  context.diagnostics.push(report(name, holes, span, options));
  context.unsound.add(pointerKeys(pointer)[0] ?? "");
}

/** A place that a complaint also shows: where a name is declared. */
export function declaredAt(document: SourceDocument, name: string, pointer: Pointer): RelatedPlace {
  return { at: document.locate(pointer, "key").span, message: `"${name}" is declared here.` };
}
