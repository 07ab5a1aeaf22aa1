import { memo } from "../base/remember.js";
import type { HostDeclaration, NetworkDeclaration, RouterDeclaration } from "../model/topology.js";
import type { Pointer } from "../source/pointer.js";
import type { CheckContext } from "./context.js";

/** A network that a host has to carry, and why. */
export interface Demand {
  readonly host: HostDeclaration;
  readonly network: NetworkDeclaration;
  /** The network is a router's outside there: an external bridge serves as well as a mapping. */
  readonly outside: boolean;
  /** In words, a whole sentence. */
  readonly because: string;
  readonly pointer: Pointer;
}

/** Hosts whose L3 agent may take a router's centralised part: its SNAT, or all of a centralised router. Source: Neutron `get_l3_agent_candidates`. */
export function candidateRouterHosts({ topology }: CheckContext, router: RouterDeclaration): readonly HostDeclaration[] {
  const fits = ({ agentMode }: HostDeclaration): boolean => agentMode === "dvr_snat" || (agentMode === "legacy" && !router.distributed);
  const pinned = router.host === undefined ? undefined : topology.hosts.get(router.host.key);
  return (router.host === undefined ? [...topology.hosts.values()] : pinned === undefined ? [] : [pinned]).filter(fits);
}

/** Every host and network that must meet, as far as the topology settles it; one demand for each pair. */
export function demandsOf(context: CheckContext): readonly Demand[] {
  const met = new Pairs<HostDeclaration, NetworkDeclaration>();
  const demands: Demand[] = [];
  for (const some of [portDemands(context), routerDemands(context)]) {
    for (const demand of some) if (met.add(demand.host, demand.network)) demands.push(demand);
  }
  return demands;
}

/** Pairs that were seen. */
class Pairs<A, B> {
  readonly #seen = new Map<A, Set<B>>();

  /** False where the pair was added before. */
  add(a: A, b: B): boolean {
    const seen = this.#seen.get(a);
    if (seen === undefined) this.#seen.set(a, new Set([b]));
    else if (seen.has(b)) return false;
    else seen.add(b);
    return true;
  }
}

function* portDemands(context: CheckContext): Iterable<Demand> {
  const { topology, facts } = context;
  const plain = new Pairs<HostDeclaration, NetworkDeclaration>();
  const joined = new Pairs<HostDeclaration, RouterDeclaration>();
  const present = new Pairs<HostDeclaration, RouterDeclaration>();
  const instancesOf = memo((router: RouterDeclaration) => instancesWith(context, router));
  for (const port of topology.ports.values()) {
    const host = facts.hostOf(port);
    const network = topology.networks.get(port.network.key);
    if (host === undefined || network === undefined) continue;
    // Ports that name no subnet of a network all have addresses on the same ones.
    if (port.fixedIps.length === 0 && port.withoutFixedIps === undefined && !plain.add(host, network)) continue;
    const because = port.server === undefined ? `Port "${port.key}" is on it.` : `Server "${port.server}" has a port on it.`;
    yield { host, network, outside: false, because, pointer: port.network.pointer };
    if (host.agentMode === "legacy") continue;
    for (const subnet of facts.subnetsOf(port)) {
      for (const { router } of facts.attachmentsOfSubnet.get(subnet.key) ?? []) {
        if (!joined.add(host, router)) continue;
        for (const instance of instancesOf(router)) {
          if (present.add(host, instance)) yield* instanceDemands(context, host, instance);
        }
      }
    }
  }
}

/** Distributed routers that come to a host with one of them: itself, and where the release connects them, those that it meets on a network. */
function instancesWith({ facts, release }: CheckContext, router: RouterDeclaration): readonly RouterDeclaration[] {
  if (!router.distributed) return [];
  if (!release.features.has("connected-routers")) return [router];
  const networks = (facts.attachmentsOfRouter.get(router.key) ?? []).map(({ subnet }) => subnet.network);
  const met = networks.flatMap((network) => facts.routersOfNetwork.get(network) ?? []);
  return [...new Set([router, ...met])].filter(({ distributed }) => distributed);
}

/** What an instance of a distributed router on a host asks of it. */
function* instanceDemands(context: CheckContext, host: HostDeclaration, router: RouterDeclaration): Iterable<Demand> {
  yield* insideDemands(context, host, router);
  const withFip = context.release.features.has("fip-on-every-dvr-host") && host.agentMode !== "dvr_no_external";
  if (withFip) yield* outsideDemands(context, host, router);
}

function* routerDemands(context: CheckContext): Iterable<Demand> {
  for (const router of context.topology.routers.values()) {
    const [host, other] = candidateRouterHosts(context, router);
    if (host === undefined || other !== undefined || (router.distributed && router.gateway === undefined)) continue;
    yield* insideDemands(context, host, router);
    yield* outsideDemands(context, host, router);
  }
}

function* insideDemands({ topology, facts }: CheckContext, host: HostDeclaration, router: RouterDeclaration): Iterable<Demand> {
  for (const { subnet, pointer } of facts.attachmentsOfRouter.get(router.key) ?? []) {
    const network = topology.networks.get(subnet.network);
    if (network === undefined) continue;
    yield { host, network, outside: false, because: `Router "${router.key}", which is on the host, joins it.`, pointer };
  }
}

function* outsideDemands({ topology }: CheckContext, host: HostDeclaration, router: RouterDeclaration): Iterable<Demand> {
  const network = topology.networks.get(router.gateway?.network.key ?? "");
  if (network === undefined || router.gateway === undefined) return;
  const because = `Router "${router.key}", which is on the host, has its gateway there.`;
  yield { host, network, outside: true, because, pointer: router.gateway.network.pointer };
}
