import { present } from "../../base/present.js";
import type { AddressScopeDocument, NetworkDocument } from "../../dsl/types.generated.js";
import type { AddressScopeDeclaration, NetworkDeclaration, Reference, SubnetDeclaration } from "../../model/topology.js";
import { pointerTo } from "../../source/pointer.js";
import type { DeclareContext } from "./context.js";
import { refer } from "./references.js";
import { declareResource } from "./resource.js";
import { declareSubnet } from "./subnets.js";

/** An address scope. */
export function declareAddressScope(context: DeclareContext, key: string, input: AddressScopeDocument): AddressScopeDeclaration {
  const resource = declareResource(context, input, key, pointerTo("/address_scopes", key), `address scope "${key}"`);
  return { ...resource, ipVersion: input.ip_version ?? 4 };
}

/** A network with its subnets; a subnet whose prefix cannot be read is left out with a complaint. */
export function declareNetwork(context: DeclareContext, key: string, input: NetworkDocument): NetworkDeclaration {
  const pointer = pointerTo("/networks", key);
  const subnets: SubnetDeclaration[] = [];
  for (const [name, subnet] of Object.entries(input.subnets ?? {})) {
    const declared = declareSubnet(context, key, name, subnet);
    if (declared !== undefined) subnets.push(declared);
  }
  const scope = (attribute: "ipv4_address_scope" | "ipv6_address_scope"): Reference | undefined => {
    const name = input[attribute];
    return name === undefined ? undefined : refer(context, "address-scope", name, pointerTo(pointer, attribute), `Network "${key}"`);
  };
  return {
    ...declareResource(context, input, key, pointer, `network "${key}"`),
    external: input["router:external"] ?? false,
    shared: input.shared ?? false,
    portSecurityEnabled: input.port_security_enabled ?? true,
    subnets,
    ...present({
      networkType: input["provider:network_type"],
      physicalNetwork: input["provider:physical_network"],
      segmentationId: input["provider:segmentation_id"],
      mtu: input.mtu,
      ipv4AddressScope: scope("ipv4_address_scope"),
      ipv6AddressScope: scope("ipv6_address_scope"),
      dhcpAgents: input.dhcp_agents?.flatMap(
        (host, index) => refer(context, "host", host, pointerTo(pointerTo(pointer, "dhcp_agents"), index), `Network "${key}"`) ?? [],
      ),
    }),
  };
}
