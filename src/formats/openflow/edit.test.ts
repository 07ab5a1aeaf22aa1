import fc from "fast-check";
import { expect, it } from "vitest";
import type { Flow, FlowChange } from "../../ir/flow.js";
import { flow } from "../testing/arbitrary-flows.js";
import { editFlows as editBytes } from "./edit.js";
import { printFlow, printFlows } from "./print.js";

/** As it is, of texts. */
function editFlows(text: string, change: FlowChange): string | undefined {
  const pieces = editBytes(Buffer.from(text), change);
  return pieces && Buffer.concat(pieces).toString();
}

const flows = fc.uniqueArray(flow, { selector: (one) => printFlow(one), maxLength: 12 });

it("makes of any flows the text of any others", () => {
  fc.assert(
    fc.property(flows, fc.array(fc.constantFrom("stays", "goes", "comes"), { minLength: 12, maxLength: 12 }), (all, fates) => {
      const those = (...wanted: readonly string[]): Flow[] => all.filter((_, at) => wanted.includes(fates[at] ?? ""));
      const edited = editFlows(printFlows(those("stays", "goes")), { gone: those("goes"), come: those("comes") });
      expect(edited).toBe(printFlows(those("stays", "comes")));
    }),
    { numRuns: 500 },
  );
});

it("leaves alone what goes and comes", () => {
  fc.assert(
    fc.property(flows, (all) => {
      expect(editFlows(printFlows(all), { gone: all, come: all })).toBe(printFlows(all));
    }),
  );
});

it("refuses to take away what is not there, and to add what is", () => {
  const one: Flow = { table: 1, priority: 5, cookie: 1n, match: {}, actions: [], origin: { lowering: "test", because: [""] } };
  const other: Flow = { ...one, table: 2 };
  expect(editFlows(printFlows([one]), { gone: [other], come: [] })).toBeUndefined();
  expect(editFlows(printFlows([one]), { gone: [], come: [one] })).toBeUndefined();
});
