import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { CheckContext } from "../context.js";
import { prefixOverlaps } from "../overlaps.js";

/** Subnets of one network do not overlap. Source: Neutron `IpamBackendMixin._validate_subnet_cidr`. */
export function* checkOverlappingSubnets({ topology, at }: CheckContext): Iterable<Diagnostic> {
  for (const network of topology.networks.values()) {
    for (const { first, second } of prefixOverlaps(network.subnets, ({ cidr }) => cidr)) {
      const holes = { first: `"${first.key}" (${first.cidr})`, second: `"${second.key}" (${second.cidr})`, network: network.key };
      const related = [{ at: at(`${first.pointer}/cidr`), message: `"${first.key}" has its prefix here.` }];
      yield report("overlapping-subnets", holes, at(`${second.pointer}/cidr`), { related });
    }
  }
}
