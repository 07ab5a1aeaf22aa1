import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { CheckContext } from "../context.js";

/** Servers behind a distributed router are on hosts that have it. Once for each host and router. */
export function* checkHostsWithoutRouter(context: CheckContext): Iterable<Diagnostic> {
  const { topology, facts, at } = context;
  const seen = new Set<string>();
  if (![...topology.hosts.values()].some(({ agentMode }) => agentMode !== "legacy")) return;
  for (const port of topology.ports.values()) {
    const host = facts.hostOf(port);
    if (host?.agentMode !== "legacy" || port.server === undefined) continue;
    const routers = facts.subnetsOf(port).flatMap(({ key }) => facts.attachmentsOfSubnet.get(key) ?? []);
    for (const { router, address, subnet } of routers) {
      const key = `${host.name}\0${router.key}`;
      if (!router.distributed || address !== subnet.gatewayIp || seen.has(key)) continue;
      seen.add(key);
      const related = [{ at: at(`${host.pointer}/agent_mode`), message: "The host's mode is set here." }];
      const server = topology.servers.get(port.server);
      const place = at(server?.host?.pointer ?? server?.availabilityZone?.pointer ?? port.pointer);
      yield report("host-without-router", { server: port.server, host: host.name, router: router.key }, place, { related });
    }
  }
}
