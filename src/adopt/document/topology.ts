import type { AddressScopeDocument, AgentDocument, TopologyDocument } from "../../dsl/types.generated.js";
import { section } from "./attributes.js";
import type { Cloud } from "./cloud.js";
import { floatingIps, type FloatingIps } from "./floating-ips.js";
import { hostSection, type InferredOptions } from "./hosts.js";
import { networkSection } from "./networks.js";
import { portSection, serverSection } from "./ports.js";
import { routerSection } from "./routers.js";
import { addressGroupSection, securityGroupSection } from "./security-groups.js";

/** The topology that a cloud's answers describe, and where its floating IPs went. */
export interface TopologyOfCloud {
  readonly document: TopologyDocument;
  readonly floatingIps: FloatingIps;
}

/** Writes a cloud down as a person would: shorthands where they say all, nothing that is a default, ids and addresses left to the lock. */
export function topologyOfCloud(
  cloud: Cloud,
  options: {
    readonly name: string;
    readonly release: NonNullable<TopologyDocument["release"]>;
    readonly inferred: InferredOptions;
    readonly agent: AgentDocument;
  },
): TopologyOfCloud {
  const { hosts, agent } = hostSection(cloud, options.inferred, options.agent);
  const floating = floatingIps(cloud);
  const scopes = addressScopes(cloud);
  const document: TopologyDocument = {
    name: options.name,
    release: options.release,
    ...(cloud.projectId === "" ? {} : { project_id: cloud.projectId }),
    agent,
    ...(cloud.usualDhcpAgents === 1 ? {} : { neutron: { dhcp_agents_per_network: cloud.usualDhcpAgents } }),
    hosts,
    ...(Object.keys(scopes).length === 0 ? {} : { address_scopes: scopes }),
    address_groups: addressGroupSection(cloud),
    networks: networkSection(cloud),
    routers: routerSection(cloud),
    servers: serverSection(cloud, floating.ofPort),
    ports: portSection(cloud),
    floating_ips: floating.section,
    security_groups: securityGroupSection(cloud),
  };
  return { document: withoutEmptySections(document), floatingIps: floating };
}

function addressScopes(cloud: Cloud): Readonly<Record<string, AddressScopeDocument>> {
  const scopes = section<AddressScopeDocument>();
  for (const network of cloud.networks.values()) {
    const scope4 = cloud.handles.addressScope.get(network.ipv4AddressScope);
    const scope6 = cloud.handles.addressScope.get(network.ipv6AddressScope);
    if (scope4 !== undefined) scopes.set(scope4, {});
    if (scope6 !== undefined) scopes.set(scope6, { ip_version: 6 });
  }
  return scopes.sorted();
}

function withoutEmptySections(document: TopologyDocument): TopologyDocument {
  const entries = Object.entries(document).filter(([, value]) => typeof value !== "object" || Object.keys(value as object).length > 0);
  return Object.fromEntries(entries) as unknown as TopologyDocument;
}
