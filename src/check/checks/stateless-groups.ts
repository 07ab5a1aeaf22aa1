import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { CheckContext } from "../context.js";
import { describePort, sentence } from "../describe.js";

/** The groups of a port are all stateful or all stateless. Source: Neutron `SecurityGroupConflict`. */
export function* checkStatelessGroups({ topology, at }: CheckContext): Iterable<Diagnostic> {
  const isStateful = (key: string): boolean => topology.securityGroups.get(key)?.stateful ?? true;
  for (const port of topology.ports.values()) {
    const [first, ...others] = port.securityGroups ?? [];
    const other = others.find(({ key }) => first !== undefined && isStateful(key) !== isStateful(first.key));
    if (first === undefined || other === undefined) continue;
    const [stateful, stateless] = isStateful(first.key) ? [first.key, other.key] : [other.key, first.key];
    yield report("stateful-and-stateless", { owner: sentence(describePort(port)), stateful, stateless }, at(other.pointer));
  }
}
