import { assertNever } from "../../base/assert-never.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report, type ReportOptions } from "../../diagnostics/report.js";
import { externalObstacleTo, type Obstacle, obstacleTo } from "../../model/carriage.js";
import type { CheckContext } from "../context.js";
import { type Demand, demandsOf } from "../demands.js";
import { strandedFloatingIps } from "../floating-hosts.js";

/** Hosts can carry the networks that their servers and routers need. Source: Neutron `OpenvswitchMechanismDriver`, whose binding fails otherwise. */
export function* checkCarriedNetworks(context: CheckContext): Iterable<Diagnostic> {
  const { server } = context.topology;
  const said = new Set(strandedFloatingIps(context).map(({ host, network }) => pairOf(host.name, network.key)));
  for (const demand of demandsOf(context)) {
    if (demand.outside && said.has(pairOf(demand.host.name, demand.network.key))) continue;
    const obstacle = (demand.outside ? externalObstacleTo : obstacleTo)(demand.host, demand.network, server);
    if (obstacle !== undefined) yield diagnosticOf(context, demand, obstacle);
  }
}

function pairOf(host: string, network: string): string {
  return `${host}\0${network}`;
}

function diagnosticOf({ at, release }: CheckContext, demand: Demand, obstacle: Obstacle): Diagnostic {
  const { host, network, because, pointer } = demand;
  const place = at(host.pointer, "key");
  const options: ReportOptions = { related: [{ at: at(pointer), message: because }] };
  const holes = { host: host.name, network: network.key };
  switch (obstacle.kind) {
    case "missing-local-ip":
    case "missing-tunnel-type":
      return report(obstacle.kind, { ...holes, type: obstacle.type }, place, options);
    case "missing-bridge-mapping": {
      const physical = obstacle.physicalNetwork;
      const elsewhere = demand.outside && host.agentMode === "dvr" && release.features.has("dvr-no-external");
      const help = elsewhere ? `Add "${physical}" to bridge_mappings of the host, or set its agent_mode to dvr_no_external.` : undefined;
      return report(obstacle.kind, { ...holes, physical }, place, { ...options, help });
    }
    default:
      return assertNever(obstacle);
  }
}
