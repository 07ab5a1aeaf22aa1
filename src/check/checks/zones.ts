import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { AggregateDeclaration } from "../../model/topology.js";
import type { CheckContext } from "../context.js";

/** A host is in one availability zone. Source: Nova `AggregateAPI._validate_host_az_map`. */
export function* checkZones({ topology, at }: CheckContext): Iterable<Diagnostic> {
  const aggregateOf = new Map<string, { readonly aggregate: AggregateDeclaration; readonly pointer: string }>();
  for (const aggregate of topology.aggregates.values()) {
    for (const { key, pointer } of aggregate.hosts) {
      const earlier = aggregateOf.get(key);
      if (earlier === undefined) aggregateOf.set(key, { aggregate, pointer });
      else if (earlier.aggregate.availabilityZone !== aggregate.availabilityZone) {
        const first = earlier.aggregate.availabilityZone;
        const related = [{ at: at(earlier.pointer), message: `Aggregate "${earlier.aggregate.name}" puts it into "${first}" here.` }];
        yield report("host-in-two-zones", { host: key, first, second: aggregate.availabilityZone }, at(pointer), { related });
      }
    }
  }
}
