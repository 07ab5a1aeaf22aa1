import { expect } from "vitest";
import { printFlow } from "../formats/openflow/print.js";
import type { Bridge } from "../ir/bridge.js";
import type { Flow } from "../ir/flow.js";

/** A flow's line without its cookie. */
function line(flow: Flow): string {
  return printFlow({ ...flow, cookie: 0n }).trim();
}

/** The flows of a bridge as lines without cookies, of some tables or all. */
export function flowLines(bridge: Bridge, ...tables: readonly number[]): string[] {
  return bridge.flows.filter(({ table }) => tables.length === 0 || tables.includes(table)).map(line);
}

/** Asserts the flows of some tables of a bridge, in any order. */
export function expectFlows(bridge: Bridge, tables: readonly number[], expected: readonly string[]): void {
  expect(flowLines(bridge, ...tables).sort()).toEqual([...expected].sort());
}
