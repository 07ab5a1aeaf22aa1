import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { externalObstacleTo } from "../../model/carriage.js";
import type { HostDeclaration, NetworkDeclaration } from "../../model/topology.js";
import type { CheckContext } from "../context.js";
import { settledPortHost } from "../demands.js";
import { clause, describeFloatingIp } from "../describe.js";
import { targetOf } from "../floating-targets.js";
import { itsObstacle } from "../obstacles.js";

/** A host in mode dvr or dvr_snat that carries a floating IP reaches the external network. Source: Neutron `dvr_fip_ns.FipNamespace._gateway_added`. */
export function* checkFloatingIpHosts(context: CheckContext): Iterable<Diagnostic> {
  const { topology, facts, at } = context;
  for (const floatingIp of topology.floatingIps.values()) {
    const target = targetOf(context, floatingIp);
    const network = topology.networks.get(floatingIp.network?.key ?? "");
    if (target === undefined || network === undefined) continue;
    const host = settledPortHost(context, target.port);
    const routers = target.subnets.flatMap(({ key }) => facts.attachmentsOfSubnet.get(key) ?? []).map(({ router }) => router);
    const router = routers.find(({ gateway }) => gateway?.network.key === network.key);
    if (host === undefined || router?.distributed !== true) continue;
    const reason = reasonAgainst(context, host, network);
    if (reason === undefined) continue;
    const related = [{ at: at(host.pointer, "key"), message: `Host "${host.name}" is declared here.` }];
    const holes = { host: host.name, owner: clause(describeFloatingIp(floatingIp)), network: network.key, reason };
    const place = at(floatingIp.port?.pointer ?? floatingIp.pointer);
    yield report("floating-ip-host-without-external", holes, place, { related, help: helpFor(context, host) });
  }
}

function reasonAgainst({ topology }: CheckContext, host: HostDeclaration, network: NetworkDeclaration): string | undefined {
  if (host.agentMode === "dvr_no_external") return undefined;
  if (host.agentMode === "legacy") return "its agent_mode is legacy";
  const obstacle = externalObstacleTo(host, network, topology.server);
  return obstacle === undefined ? undefined : itsObstacle(obstacle);
}

function helpFor({ release }: CheckContext, host: HostDeclaration): string {
  if (host.agentMode === "legacy") return "Set agent_mode of the host to dvr.";
  const mapping = "Map the network's physical network to a bridge there";
  return release.features.has("dvr-no-external") ? `${mapping}, or set agent_mode of the host to dvr_no_external.` : `${mapping}.`;
}
