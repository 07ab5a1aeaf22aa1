import { expect, it } from "vitest";
import type { SourceDocument } from "../source/document.js";
import { because } from "../source/origin.js";
import type { FlowCollision, FlowDraft } from "./ovs/flow-set.js";
import { overwrittenFlows } from "./overwritten-flows.js";

const source = { path: "/t.yaml", text: "0123456789" };
const document: SourceDocument = {
  source,
  inputs: [source],
  value: {},
  locate: (pointer) => ({ span: { source, start: Number(pointer.slice(1)), end: 10 }, exact: true }),
};

const draft = (pointer: string): FlowDraft => ({ table: 1, priority: 2, match: {}, actions: [], origin: because("test", pointer) });
const collision = (kept: string, lost: string, bridge = "br-int"): FlowCollision => ({ bridge, kept: draft(kept), lost: draft(lost) });

it("tells once of all flows of a port that overwrite those of another, at both", () => {
  const diagnostics = overwrittenFlows("node-1", [collision("/7", "/3"), collision("/7", "/3")], document);
  expect(diagnostics.map(({ message, at, related }) => [message, at?.start, related.map((place) => place.at.start)])).toEqual([
    ['On bridge "br-int" of host "node-1", flows of a port overwrite 2 of another port that have the same match.', 7, [3]],
  ]);
});

it("keeps bridges and pairs of ports apart", () => {
  const collisions = [collision("/7", "/3"), collision("/8", "/3"), collision("/7", "/3", "br-ex")];
  expect(overwrittenFlows("node-1", collisions, document)).toHaveLength(3);
  expect(overwrittenFlows("node-1", [], document)).toEqual([]);
});
