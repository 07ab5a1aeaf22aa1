import schema from "../../../schema/topology.schema.json" with { type: "json" };
import type { AgentDocument, HostDocument } from "../../dsl/types.generated.js";
import { report } from "../../diagnostics/report.js";
import { byText, sorted } from "../../base/order.js";
import type { ApiAgent } from "../answers.js";
import { type Cloud, isBound } from "./cloud.js";

/** What host dumps show and the API does not tell, by host. */
export type InferredOptions = ReadonlyMap<string, InferredHost>;

/** What a host's dumps show of its agents' options. */
export interface InferredHost {
  readonly agent: AgentDocument;
  /** The bridge into which the L3 agent plugs external ports itself. */
  readonly externalBridge?: string | undefined;
}

/** The `hosts` section and the agent options that all hosts share. */
export interface HostSection {
  readonly hosts: Readonly<Record<string, HostDocument>>;
  readonly agent: AgentDocument;
}

/** What an option is where the topology does not say. */
const usualOptions: AgentDocument = Object.fromEntries(
  Object.entries(schema.$defs.Agent.properties).flatMap(([name, property]) => ("default" in property ? [[name, property.default]] : [])),
);

const modes = new Set(["legacy", "dvr", "dvr_snat", "dvr_no_external"]);

/** Makes the hosts from the agents list: one for each host with an Open vSwitch agent. */
export function hostSection(cloud: Cloud, inferred: InferredOptions, told: AgentDocument): HostSection {
  const agents = new Map<string, ApiAgent[]>();
  for (const agent of cloud.answers.agents) {
    const own = agents.get(agent.host);
    if (own === undefined) agents.set(agent.host, [agent]);
    else own.push(agent);
  }
  const ports = portsOfHosts(cloud);
  const hosts = new Map<string, { readonly host: HostDocument; readonly options: AgentDocument }>();
  for (const name of sorted(agents.keys(), byText)) {
    const own = agents.get(name) ?? [];
    for (const { alive, type, record } of own) {
      if (!alive) cloud.diagnostics.push(report("agent-dead", { type, host: name }, record.span()));
    }
    const ovs = own.find((agent) => agent.type === "Open vSwitch agent");
    if (ovs === undefined) {
      for (const agent of own) leaveOut(cloud, agent, `host "${name}" has no Open vSwitch agent`);
      continue;
    }
    hosts.set(name, hostOf(cloud, name, ovs, own, ports, told, inferred.get(name) ?? { agent: {} }));
  }
  const common = shared([...hosts.values()].map(({ options }) => options));
  const section: Record<string, HostDocument> = Object.create(null) as Record<string, HostDocument>;
  for (const [name, { host, options }] of hosts) {
    const own = without(options, { ...usualOptions, ...common });
    section[name] = Object.keys(own).length === 0 ? host : { ...host, agent: own };
  }
  return { hosts: section, agent: without(common, usualOptions) };
}

/** What ports tell of the hosts that they are bound to. */
interface PortsOfHosts {
  /** Hosts with a DHCP port, whether or not an agent still says that it is there. */
  readonly withDhcp: ReadonlySet<string | undefined>;
  /** Hosts with a port that is plugged into a Linux bridge. */
  readonly hybrid: ReadonlySet<string | undefined>;
}

function portsOfHosts(cloud: Cloud): PortsOfHosts {
  const hybrid = cloud.answers.ports.filter((port) => port.hybridPlug && isBound(port));
  const dhcp = [...cloud.dhcpPorts.values()].flat();
  return { withDhcp: new Set(dhcp.map(({ host }) => host)), hybrid: new Set(hybrid.map(({ host }) => host)) };
}

function hostOf(
  cloud: Cloud,
  name: string,
  ovs: ApiAgent,
  agents: readonly ApiAgent[],
  ports: PortsOfHosts,
  told: AgentDocument,
  inferred: InferredHost,
): { readonly host: HostDocument; readonly options: AgentDocument } {
  const configuration = ovs.configurations;
  const l3 = agents.find((agent) => agent.type === "L3 agent");
  const mode = l3?.configurations.optionalText("agent_mode") ?? "legacy";
  if (!modes.has(mode)) leaveOut(cloud, l3 ?? ovs, `agent_mode ${mode} is not known`);
  const localIp = configuration.optionalText("tunneling_ip");
  const externalBridge = inferred.externalBridge ?? l3?.configurations.optionalText("external_network_bridge");
  const mappings = Object.fromEntries(configuration.textMap("bridge_mappings"));
  const tunnelTypes = configuration.texts("tunnel_types").filter((type) => type === "vxlan" || type === "gre" || type === "geneve");
  return {
    host: {
      agent_mode: modes.has(mode) ? (mode as HostDocument["agent_mode"]) : "legacy",
      ...(localIp === undefined ? {} : { local_ip: localIp }),
      ...(Object.keys(mappings).length === 0 ? {} : { bridge_mappings: mappings }),
      ...(externalBridge === undefined ? {} : { external_network_bridge: externalBridge }),
      dhcp_agent: ports.withDhcp.has(name) || agents.some((agent) => agent.type === "DHCP agent"),
    },
    options: {
      l2_population: configuration.boolean("l2_population", true),
      arp_responder: configuration.boolean("arp_responder_enabled", true),
      enable_distributed_routing: configuration.boolean("enable_distributed_routing", false),
      datapath_type: configuration.optionalText("datapath_type") === "netdev" ? "netdev" : "system",
      tunnel_types: tunnelTypes,
      ...told,
      ...(configuration.boolean("ovs_hybrid_plug", false) || ports.hybrid.has(name) ? { firewall_driver: "iptables_hybrid" } : {}),
      ...inferred.agent,
    },
  };
}

function leaveOut(cloud: Cloud, agent: ApiAgent, reason: string): void {
  cloud.diagnostics.push(report("left-out", { what: agent.type, id: agent.id, reason }, agent.record.span()));
}

/** The options in which all hosts agree that show them. */
function shared(options: readonly AgentDocument[]): AgentDocument {
  const all = options.reduce<AgentDocument>((merged, own) => ({ ...merged, ...own }), {});
  return pick(all, (name, value) => options.every((other) => other[name] === undefined || same(other[name], value)));
}

function without(options: AgentDocument, common: AgentDocument): AgentDocument {
  return pick(options, (name, value) => !same(common[name], value));
}

function pick(options: AgentDocument, keep: (name: keyof AgentDocument, value: unknown) => boolean): AgentDocument {
  const names = Object.keys(options) as (keyof AgentDocument)[];
  return Object.fromEntries(names.filter((name) => keep(name, options[name])).map((name) => [name, options[name]]));
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
