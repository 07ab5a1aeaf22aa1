import { groupBy } from "../base/group-by.js";
import { defined } from "../base/invariant.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { report } from "../diagnostics/report.js";
import type { SourceDocument } from "../source/document.js";
import type { FlowCollision } from "./ovs/flow-set.js";

/** Tells of flows that overwrite others: one diagnostic for each bridge and pair of first causes, at the cause of those that are left. */
export function overwrittenFlows(host: string, collisions: readonly FlowCollision[], document: SourceDocument): Diagnostic[] {
  const pairs = groupBy(collisions, ({ bridge, kept, lost }) => JSON.stringify([bridge, kept.origin.because[0], lost.origin.because[0]]));
  return [...pairs.values()].map((collisionsOfPair) => {
    const { bridge, kept, lost } = defined(collisionsOfPair[0], "collision");
    const span = ({ origin }: typeof kept) => document.locate(origin.because[0], "value").span;
    const related = [{ at: span(lost), message: "The port whose flows are overwritten is here." }];
    return report("overwritten-flows", { bridge, host, count: collisionsOfPair.length }, span(kept), { related });
  });
}
