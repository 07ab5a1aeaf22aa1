import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { HostDeclaration, NetworkDeclaration } from "../../model/topology.js";
import type { CheckContext } from "../context.js";
import { targetOf } from "../floating-targets.js";

/** Owner of the ports of fip namespaces. Source: neutron-lib `DEVICE_OWNER_AGENT_GW`. */
const agentGateway = "network:floatingip_agent_gateway";

/** fip namespaces take public addresses where no subnet is set aside for them. Source: the networking guide, "Service subnets". */
export function* checkFloatingAgentGateways(context: CheckContext): Iterable<Diagnostic> {
  const hosts = hostsWithFip(context);
  for (const network of context.topology.networks.values()) {
    const count = hosts.get(network.key)?.size ?? 0;
    if (count === 0 || !network.external || hasServiceSubnet(network)) continue;
    yield report("fip-namespaces-take-addresses", { network: network.key, count }, context.at(network.pointer, "key"));
  }
}

function hasServiceSubnet({ subnets }: NetworkDeclaration): boolean {
  return subnets.some(({ serviceTypes }) => serviceTypes.includes(agentGateway));
}

/** Hosts with a fip namespace, by external network, as far as the topology settles them. */
function hostsWithFip(context: CheckContext): ReadonlyMap<string, ReadonlySet<string>> {
  const { topology, facts, release } = context;
  const hosts = new Map<string, Set<string>>();
  const add = (network: string | undefined, host: HostDeclaration | undefined): void => {
    if (network === undefined || (host?.agentMode !== "dvr" && host?.agentMode !== "dvr_snat")) return;
    const known = hosts.get(network) ?? new Set<string>();
    hosts.set(network, known.add(host.name));
  };
  if (!release.features.has("fip-on-every-dvr-host")) {
    for (const floatingIp of topology.floatingIps.values()) {
      const target = targetOf(context, floatingIp);
      const routers = (target?.subnets ?? []).flatMap(({ key }) => facts.attachmentsOfSubnet.get(key) ?? []);
      if (target === undefined || !routers.some(({ router }) => router.distributed)) continue;
      add(floatingIp.network?.key, facts.hostOf(target.port));
    }
    return hosts;
  }
  for (const port of topology.ports.values()) {
    const host = facts.hostOf(port);
    if (host === undefined) continue;
    for (const { key } of facts.subnetsOf(port)) {
      for (const { router } of facts.attachmentsOfSubnet.get(key) ?? []) if (router.distributed) add(router.gateway?.network.key, host);
    }
  }
  return hosts;
}
