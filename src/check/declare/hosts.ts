import { present } from "../../base/present.js";
import type { AgentDocument, AggregateDocument, HostDocument } from "../../dsl/types.generated.js";
import type { AggregateDeclaration, HostDeclaration } from "../../model/topology.js";
import { pointerTo } from "../../source/pointer.js";
import { complain, type DeclareContext } from "./context.js";
import { declareAgentOptions } from "./options.js";
import { refer } from "./references.js";
import { declareIp, declareMac } from "./values.js";

/** A host with its agents' options. */
export function declareHost(
  context: DeclareContext,
  name: string,
  input: HostDocument,
  common: AgentDocument | undefined,
): HostDeclaration {
  const pointer = pointerTo("/hosts", name);
  const owner = `host "${name}"`;
  const written = (attribute: "local_ip" | "dvr_mac_address", text: string) => ({
    text,
    pointer: pointerTo(pointer, attribute),
    attribute,
    owner,
  });
  return {
    name,
    pointer,
    agentMode: input.agent_mode,
    bridgeMappings: new Map(Object.entries(input.bridge_mappings ?? {})),
    uplinks: new Map(Object.entries(input.uplinks ?? {})),
    dhcpAgent: input.dhcp_agent ?? (input.agent_mode === "legacy" || input.agent_mode === "dvr_snat"),
    agent: declareAgentOptions(common, input.agent),
    ...present({
      localIp: input.local_ip === undefined ? undefined : declareIp(context, written("local_ip", input.local_ip)),
      dvrMac: input.dvr_mac_address === undefined ? undefined : declareMac(context, written("dvr_mac_address", input.dvr_mac_address)),
      externalNetworkBridge: input.external_network_bridge === "" ? undefined : input.external_network_bridge,
    }),
  };
}

/** A host aggregate; hosts that are not declared, or named before, are left out with a complaint. */
export function declareAggregate(context: DeclareContext, name: string, input: AggregateDocument): AggregateDeclaration {
  const pointer = pointerTo("/aggregates", name);
  const owner = `Aggregate "${name}"`;
  const seen = new Set<string>();
  const hosts = (input.hosts ?? []).flatMap((host, index) => {
    const at = pointerTo(pointer, "hosts", index);
    if (seen.has(host)) {
      complain(context, at, "duplicate-reference", { owner, kind: "host", name: host });
      return [];
    }
    seen.add(host);
    return refer(context, "host", host, at, owner) ?? [];
  });
  return { name, pointer, availabilityZone: input.availability_zone, hosts };
}
