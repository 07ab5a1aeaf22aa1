import { expect, it } from "vitest";
import { because } from "../../source/origin.js";
import { normal, output } from "./actions.js";
import { FlowSet } from "./flow-set.js";

it("merges equal flows whatever the order of their fields, and joins their causes", () => {
  const flows = new FlowSet("br", 5n);
  const flow = { table: 1, priority: 2, actions: [output(3)] };
  flows.add({ ...flow, match: { inPort: 1, vlanVid: 7 }, origin: because("rule", "/a", "/b") });
  flows.add({ ...flow, match: { vlanVid: 7, inPort: 1 }, origin: because("rule", "/c", "/a") });
  expect(flows.flows()).toEqual([{ ...flow, cookie: 5n, match: { inPort: 1, vlanVid: 7 }, origin: because("rule", "/a", "/b", "/c") }]);
  expect(flows.collisions).toEqual([]);
});

it("keeps the later of two flows that differ in actions, and says so", () => {
  const flows = new FlowSet("br", 0n);
  const lost = { table: 1, priority: 2, match: { inPort: 1 }, actions: [output(3)], origin: because("rule", "/a") };
  const kept = { table: 1, priority: 2, match: { inPort: 1 }, actions: [output(4)], origin: because("rule", "/b") };
  flows.add(lost);
  flows.add(kept);
  expect(flows.flows()).toEqual([{ ...kept, cookie: 0n, origin: because("rule", "/b", "/a") }]);
  expect(flows.collisions).toEqual([{ bridge: "br", kept, lost: { ...lost, cookie: 0n } }]);
});

it("tells matches apart by mask, priority and table", () => {
  const flows = new FlowSet("br", 0n);
  const origin = because("rule", "/a");
  flows.add({ table: 0, priority: 1, match: { tpDst: 8 }, actions: [normal], origin });
  flows.add({ table: 0, priority: 1, match: { tpDst: { value: 8, mask: 0xfff8 } }, actions: [normal], origin });
  flows.add({ table: 0, priority: 2, match: { tpDst: 8 }, actions: [normal], origin });
  flows.add({ table: 1, priority: 1, match: { tpDst: 8 }, actions: [normal], origin });
  expect(flows.flows()).toHaveLength(4);
});

it("keeps flags", () => {
  const flows = new FlowSet("br", 0n);
  flows.add({ table: 0, priority: 1, match: {}, actions: [], flags: ["reset_counts"], origin: because("rule", "/a") });
  expect(flows.flows()[0]?.flags).toEqual(["reset_counts"]);
});
