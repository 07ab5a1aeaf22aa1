import type { ResolvedFloatingIp, ResolvedHost } from "./resolved.js";

/**
 * True where the server tells a host's L3 agent of a floating IP of a distributed router that is served centrally.
 *
 * Every `dvr_snat` agent that has the router is told, be it the SNAT host or not; a `dvr_no_external` one is told of its own machines' and of unbound ports'.
 * Source: Neutron `_DVRAgentInterfaceMixin._get_dvr_sync_data`, `_skip_floating_ip_for_mismatched_agent_or_host`.
 */
export function isToldOfCentral(host: ResolvedHost, { target }: ResolvedFloatingIp): boolean {
  const bound = target?.port.host;
  if (host.agentMode === "dvr_snat") return bound === undefined || bound.agentMode === "dvr_no_external";
  return host.agentMode === "dvr_no_external" && (bound === undefined || bound === host);
}
