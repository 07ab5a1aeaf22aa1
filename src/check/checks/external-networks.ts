import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { Reference } from "../../model/topology.js";
import { cidrContains, cidrVersion } from "../../net/cidr.js";
import type { CheckContext } from "../context.js";
import { clause, describeFloatingIp } from "../describe.js";

/**
 * Gateways and floating IPs are on external networks, and a floating IP's address is in one of its network's subnets.
 *
 * Source: Neutron `L3_NAT_dbonly_mixin._validate_gw_info`, `_create_floatingip`.
 */
export function* checkExternalNetworks(context: CheckContext): Iterable<Diagnostic> {
  const { topology, at, atMember } = context;
  for (const { key, gateway } of topology.routers.values()) {
    if (gateway !== undefined) yield* checkExternal(context, `Router "${key}"`, gateway.network);
  }
  for (const floatingIp of topology.floatingIps.values()) {
    const { network: reference, floatingIpAddress: address } = floatingIp;
    const network = topology.networks.get(reference?.key ?? "");
    if (reference === undefined || network === undefined) continue;
    const owner = describeFloatingIp(floatingIp);
    yield* checkExternal(context, owner, reference);
    if (!context.sound("networks")) continue;
    if (!network.subnets.some(({ cidr }) => cidrVersion(cidr) === 4)) {
      yield report("no-ipv4-subnet", { owner, network: network.key }, at(reference.pointer));
    } else if (address !== undefined && !network.subnets.some(({ cidr }) => cidrContains(cidr, address))) {
      const holes = { address, owner: clause(owner), place: `every subnet of network "${network.key}"` };
      yield report("address-outside-subnet", holes, atMember(floatingIp.pointer, "floating_ip_address"));
    }
  }
}

function* checkExternal({ topology, at }: CheckContext, owner: string, reference: Reference): Iterable<Diagnostic> {
  const network = topology.networks.get(reference.key);
  if (network === undefined || network.external) return;
  const related = [{ at: at(network.pointer, "key"), message: `"${network.key}" is declared here.` }];
  yield report("not-external-network", { owner, network: network.key }, at(reference.pointer), { related });
}
