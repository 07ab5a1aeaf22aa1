import { type Diagnostic, hasErrors, type Result } from "../diagnostics/diagnostic.js";
import type { TopologyDocument } from "../dsl/types.generated.js";
import type { Topology } from "../model/topology.js";
import type { Release } from "../releases/release.js";
import type { SourceDocument } from "../source/document.js";
import { checks } from "./checks.js";
import { checkContext } from "./context.js";
import { declare } from "./declare/declare.js";
import { withoutDroppedOptions } from "./release-options.js";

/** How to check. */
export interface CheckOptions {
  /** Set where another thread runs the checks of the same document: here none is, and the topology may have errors. */
  readonly checkedElsewhere?: boolean | undefined;
}

/**
 * The checked topology of a document whose shape is right: declared, then every check run, so that all errors come at once.
 *
 * After it every reference leads to something declared and every floating IP has its network; nothing is left that Neutron would refuse.
 */
export function checkDocument(
  document: SourceDocument,
  value: TopologyDocument,
  release: Release,
  { checkedElsewhere = false }: CheckOptions = {},
): Result<Topology> {
  const { topology, diagnostics, unsound } = declare(document, value, release);
  if (checkedElsewhere && !hasErrors(diagnostics)) return [withoutDroppedOptions(topology, document, release)[0], diagnostics];
  const [fitted, more] = runChecks(topology, document, release, unsound);
  const all = [...diagnostics, ...more];
  return [hasErrors(all) ? undefined : fitted, all];
}

function runChecks(
  topology: Topology,
  document: SourceDocument,
  release: Release,
  unsound: ReadonlySet<string>,
): readonly [Topology, readonly Diagnostic[]] {
  const [fitted, warnings] = withoutDroppedOptions(topology, document, release);
  const context = checkContext(fitted, document, release, unsound);
  return [fitted, [...warnings, ...checks.flatMap((check) => [...check(context)])]];
}
