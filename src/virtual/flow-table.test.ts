import fc from "fast-check";
import { expect, it } from "vitest";
import { flowsOf, keyOf } from "../testing/virtual.js";
import { Classifier } from "./classifier.js";
import { FlowTable } from "./flow-table.js";
import { Wildcards } from "./wildcards.js";

const optional = (name: string, most: number) =>
  fc.option(fc.nat(most), { nil: undefined }).map((value) => (value === undefined ? [] : [`${name}=${value}`]));

const fields = fc
  .tuple(optional("reg5", 2), optional("reg6", 2), optional("in_port", 3), optional("dl_vlan", 2))
  .map((parts) => parts.flat().join(","));

it("finds in parts what it finds as a whole, conjunctions included", () => {
  const rows = fc.uniqueArray(fc.tuple(fields, fc.constantFrom("drop", "conjunction(8,1/2)", "conjunction(8,2/2)")), {
    maxLength: 12,
    selector: ([match]) => match,
  });
  fc.assert(
    fc.property(rows, fc.array(fields, { minLength: 1, maxLength: 6 }), (made, packets) => {
      // Priorities differ, so that there is one answer; conjunctions of one id share theirs, as the switch wants it.
      const lines = made.map(
        ([match, actions], n) => `cookie=${n},priority=${actions === "drop" ? n + 1 : 500},${match} actions=${actions}`,
      );
      const flows = flowsOf(...lines, "cookie=99,priority=500,conj_id=8 actions=output:1");
      const table = new FlowTable(flows);
      for (const packet of packets) {
        const expected = new Classifier(flows).lookup(keyOf(packet)).flow;
        expect(table.lookup(keyOf(packet)).flow).toBe(expected);
        expect(table.lookup(keyOf(packet), new Wildcards()).flow).toBe(expected);
      }
    }),
    { seed: 3 },
  );
});

it("forgets a removed flow in its part and in the whole", () => {
  const [flow] = flowsOf("reg5=1 actions=drop");
  if (flow === undefined) throw new Error("a flow");
  const table = new FlowTable([flow]);
  expect([table.lookup(keyOf("reg5=1")).flow, table.lookup(keyOf("reg5=1"), new Wildcards()).flow]).toEqual([flow, flow]);
  table.remove(flow);
  expect([table.lookup(keyOf("reg5=1")).flow, table.lookup(keyOf("reg5=1"), new Wildcards()).flow]).toEqual([undefined, undefined]);
});
