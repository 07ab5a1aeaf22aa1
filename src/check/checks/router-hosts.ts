import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { externalObstacleTo, obstacleTo } from "../../model/carriage.js";
import type { HostDeclaration, RouterDeclaration } from "../../model/topology.js";
import type { CheckContext } from "../context.js";
import { candidateRouterHosts } from "../demands.js";
import { describeObstacle } from "../obstacles.js";

/** Each router finds hosts whose L3 agent takes it. Source: Neutron `get_l3_agent_candidates`, `validate_agent_router_combination`. */
export function* checkRouterHosts(context: CheckContext): Iterable<Diagnostic> {
  const { topology, at } = context;
  const distributedHost = [...topology.hosts.values()].some(({ agentMode }) => agentMode !== "legacy");
  for (const router of topology.routers.values()) {
    const { key, distributed, pointer, gateway } = router;
    const place = at(pointer, "key");
    const pinned = topology.hosts.get(router.host?.key ?? "");
    const candidates = candidateRouterHosts(context, router);
    if (distributed && !distributedHost) yield report("no-distributed-host", { router: key }, place);
    else if (router.host !== undefined && pinned !== undefined && candidates.length === 0) {
      yield unfit(context, router, pinned, router.host.pointer);
    } else if (candidates.length === 0 && router.host === undefined) {
      if (distributed && gateway !== undefined) yield report("no-snat-host", { router: key }, at(gateway.network.pointer));
      if (!distributed) yield report("no-centralised-host", { router: key }, place);
    } else if (candidates.length > 1 && (gateway !== undefined || !distributed)) yield* checkReach(context, router, candidates);
  }
}

function unfit({ at }: CheckContext, router: RouterDeclaration, host: HostDeclaration, pointer: string): Diagnostic {
  const kind = router.distributed ? "distributed" : "centralised";
  const wanted = router.distributed ? "dvr_snat" : "legacy or dvr_snat";
  const related = [{ at: at(`${host.pointer}/agent_mode`), message: "Its mode is set here." }];
  return report("unfit-router-host", { router: router.key, kind, host: host.name, mode: host.agentMode, wanted }, at(pointer), { related });
}

function* checkReach(context: CheckContext, router: RouterDeclaration, hosts: readonly HostDeclaration[]): Iterable<Diagnostic> {
  const reasons = hosts.map((host) => reasonAgainst(context, router, host));
  const [reason] = reasons;
  if (reason === undefined || reasons.includes(undefined)) return;
  const part = router.distributed ? "the SNAT" : "all";
  yield report("no-host-for-router", { part, router: router.key, reason }, context.at(router.pointer, "key"));
}

function reasonAgainst({ topology, facts }: CheckContext, router: RouterDeclaration, host: HostDeclaration): string | undefined {
  const outside = topology.networks.get(router.gateway?.network.key ?? "");
  const obstacles = (facts.attachmentsOfRouter.get(router.key) ?? []).map(({ subnet }) => {
    const network = topology.networks.get(subnet.network);
    return network === undefined ? undefined : obstacleTo(host, network, topology.server);
  });
  if (outside !== undefined) obstacles.unshift(externalObstacleTo(host, outside, topology.server));
  const obstacle = obstacles.find((one) => one !== undefined);
  return obstacle === undefined ? undefined : describeObstacle(host, obstacle);
}
