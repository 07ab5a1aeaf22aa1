import { didYouMean } from "../../base/did-you-mean.js";
import { listed } from "../../console/answer.js";
import { calledBy } from "../../console/called.js";
import { type Diagnostic, hasErrors, type Result } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { ResolvedTopology } from "../../model/resolved.js";
import { parseIp } from "../../net/ip.js";
import type { OpenScene } from "../../open-scene.js";
import { type Probe, type Walk, walk } from "../../virtual/walk.js";
import { destinationOf, isOfOne } from "./ends.js";

/** Where a packet begins and where it goes, as the command line names them: a machine, and a machine or an address. */
export interface Ends {
  readonly from: string;
  readonly to: string;
}

/**
 * Sends a probe between the ends, and follows it there and back.
 *
 * Errors: `unknown-trace-end`, `no-trace-address`, those of the hosts that it came to.
 */
export function walkBetween({ scene, diagnostics }: OpenScene, topology: ResolvedTopology, { from, to }: Ends, probe: Probe): Result<Walk> {
  const { machines } = scene.names;
  const station = machines.includes(from) ? scene.world.machine(from) : undefined;
  if (station === undefined) return [undefined, [unknownEnd("begin at", from, machines)]];
  const written = parseIp(to);
  if (written === undefined ? !machines.includes(to) : !isOfOne(written)) return [undefined, [unknownEnd("go to", to, machines)]];
  const destination = destinationOf(topology, to, calledBy(topology.servers).get(from), scene.world);
  if (destination === undefined) return [undefined, [report("no-trace-address", { from, to }, undefined)]];
  const result = walk(scene.world, station, destination, probe);
  return hasErrors(diagnostics()) ? [undefined, diagnostics()] : [result, []];
}

function unknownEnd(verb: string, name: string, machines: readonly string[]): Diagnostic {
  const guess = didYouMean(name, machines);
  const help = guess === undefined ? undefined : `Did you mean ${JSON.stringify(guess)}?`;
  return report("unknown-trace-end", { verb, name, machines: listed(machines) }, undefined, { help });
}
