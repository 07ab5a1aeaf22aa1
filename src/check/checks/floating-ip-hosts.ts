import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { HostDeclaration } from "../../model/topology.js";
import type { CheckContext } from "../context.js";
import { clause, describeFloatingIp } from "../describe.js";
import { strandedFloatingIps } from "../floating-hosts.js";

/** A host in mode dvr or dvr_snat that carries a floating IP reaches the external network. Source: Neutron `dvr_fip_ns.FipNamespace._gateway_added`. */
export function* checkFloatingIpHosts(context: CheckContext): Iterable<Diagnostic> {
  for (const { floatingIp, host, network, reason } of strandedFloatingIps(context)) {
    const related = [{ at: context.at(host.pointer, "key"), message: `Host "${host.name}" is declared here.` }];
    const holes = { host: host.name, owner: clause(describeFloatingIp(floatingIp)), network: network.key, reason };
    const place = context.at(floatingIp.port?.pointer ?? floatingIp.pointer);
    yield report("floating-ip-host-without-external", holes, place, { related, help: helpFor(context, host) });
  }
}

function helpFor({ release }: CheckContext, host: HostDeclaration): string {
  if (host.agentMode === "legacy") return "Set agent_mode of the host to dvr.";
  const mapping = "Map the network's physical network to a bridge there";
  return release.features.has("dvr-no-external") ? `${mapping}, or set agent_mode of the host to dvr_no_external.` : `${mapping}.`;
}
