import { remember } from "../base/remember.js";
import { externalObstacleTo } from "../model/carriage.js";
import type { FloatingIpDeclaration, HostDeclaration, NetworkDeclaration } from "../model/topology.js";
import type { CheckContext } from "./context.js";
import { targetOf } from "./floating-targets.js";
import { itsObstacle } from "./obstacles.js";

/** A floating IP whose host cannot serve it. */
export interface StrandedFloatingIp {
  readonly floatingIp: FloatingIpDeclaration;
  readonly host: HostDeclaration;
  readonly network: NetworkDeclaration;
  /** In words: `it does not map physical network "p"`. */
  readonly reason: string;
}

/** Floating IPs of distributed routers on hosts, as far as they are settled, that do not reach the external network. */
export const strandedFloatingIps = remember((context: CheckContext): readonly StrandedFloatingIp[] => [...findStranded(context)]);

function* findStranded(context: CheckContext): Iterable<StrandedFloatingIp> {
  const { topology, facts } = context;
  for (const floatingIp of topology.floatingIps.values()) {
    const target = targetOf(context, floatingIp);
    const network = topology.networks.get(floatingIp.network?.key ?? "");
    if (target === undefined || network === undefined) continue;
    const host = facts.hostOf(target.port);
    const routers = target.subnets.flatMap(({ key }) => facts.attachmentsOfSubnet.get(key) ?? []).map(({ router }) => router);
    const router = routers.find(({ gateway }) => gateway?.network.key === network.key);
    if (host === undefined || router?.distributed !== true) continue;
    const reason = reasonAgainst(context, host, network);
    if (reason !== undefined) yield { floatingIp, host, network, reason };
  }
}

function reasonAgainst({ topology }: CheckContext, host: HostDeclaration, network: NetworkDeclaration): string | undefined {
  if (host.agentMode === "dvr_no_external") return undefined;
  if (host.agentMode === "legacy") return "its agent_mode is legacy";
  const obstacle = externalObstacleTo(host, network, topology.server);
  return obstacle === undefined ? undefined : itsObstacle(obstacle);
}
