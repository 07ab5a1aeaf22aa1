import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { Reference } from "../../model/topology.js";
import type { CheckContext } from "../context.js";
import { describeFloatingIp, describePort, sentence } from "../describe.js";
import { serves } from "../facts.js";

/** Somebody who wants an address of a network, from whichever subnet. */
interface Seeker {
  /** In words: hardly any is spoken of. */
  readonly owner: () => string;
  readonly deviceOwner: string;
  readonly network: Reference;
}

/** Each port that needs an address finds a subnet that gives one to its kind. Source: Neutron `IpAddressGenerationFailureNoMatchingSubnet`. */
export function* checkServiceTypes(context: CheckContext): Iterable<Diagnostic> {
  for (const { owner, deviceOwner, network } of seekersOf(context)) {
    const declared = context.topology.networks.get(network.key);
    if (declared === undefined || declared.subnets.length === 0 || declared.subnets.some((subnet) => serves(subnet, deviceOwner))) continue;
    const related = declared.subnets.map((subnet) => ({
      at: context.atMember(subnet.pointer, "service_types"),
      message: `Subnet "${subnet.key}" is reserved here.`,
    }));
    yield report("no-subnet-for-port", { owner: owner(), network: network.key, deviceOwner }, context.at(network.pointer), { related });
  }
}

function* seekersOf({ topology }: CheckContext): Iterable<Seeker> {
  for (const port of topology.ports.values()) {
    if (port.fixedIps.length > 0 || port.withoutFixedIps === true) continue;
    yield { owner: () => sentence(describePort(port)), deviceOwner: port.deviceOwner, network: port.network };
  }
  for (const { key, gateway } of topology.routers.values()) {
    if (gateway === undefined || gateway.externalFixedIps.length > 0) continue;
    yield { owner: () => `Gateway of router "${key}"`, deviceOwner: "network:router_gateway", network: gateway.network };
  }
  for (const floatingIp of topology.floatingIps.values()) {
    if (floatingIp.network === undefined || floatingIp.floatingIpAddress !== undefined) continue;
    yield { owner: () => describeFloatingIp(floatingIp), deviceOwner: "network:floatingip", network: floatingIp.network };
  }
}
