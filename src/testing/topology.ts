import { declareAgentOptions } from "../check/declare/options.js";
import type { AgentOptions, ServerOptions } from "../model/agent-options.js";
import type {
  FloatingIpDeclaration,
  HostDeclaration,
  NetworkDeclaration,
  PortDeclaration,
  RouterDeclaration,
  SecurityGroupDeclaration,
  ServerDeclaration,
  SubnetDeclaration,
  Topology,
} from "../model/topology.js";
import { type Cidr, cidrRange, cidrVersion } from "../net/cidr.js";
import { type Ip, ipFromBigInt } from "../net/ip.js";
import type { SourceDocument } from "../source/document.js";

const project = "project";

const agentOptions = declareAgentOptions(undefined, undefined);

const serverOptions: ServerOptions = {
  globalPhysnetMtu: 1500,
  pathMtu: 0,
  tenantNetworkType: "vxlan",
  vniRange: [1, 1000],
  networkVlanRanges: {},
  baseMac: "fa:16:3e:00:00:00",
  dvrBaseMac: "fa:16:3f:00:00:00",
  dhcpAgentsPerNetwork: 1,
};

/** A document without text, for what only reports places. */
export const emptyDocument: SourceDocument = {
  source: { path: "topology.yaml", text: "" },
  inputs: [],
  value: {},
  locate: () => ({ span: { source: { path: "topology.yaml", text: "" }, start: 0, end: 0 }, exact: false }),
};

/** Options of a host in a test: its declaration, agent options beside the defaults. */
export type HostInput = Partial<Omit<HostDeclaration, "agent">> & { readonly agent?: Partial<AgentOptions> };

/** A host declaration with the defaults that `check` fills in. */
export function hostDeclaration(name: string, input: HostInput = {}): HostDeclaration {
  const agentMode = input.agentMode ?? "dvr";
  return {
    name,
    pointer: `/hosts/${name}`,
    agentMode,
    bridgeMappings: new Map(),
    uplinks: new Map(),
    dhcpAgent: agentMode === "dvr_snat" || agentMode === "legacy",
    ...input,
    agent: { ...agentOptions, ...input.agent },
  };
}

/** A network with subnets by name: a prefix, or more of a declaration. */
export function networkDeclaration(
  key: string,
  subnets: Readonly<Record<string, string | (Partial<SubnetDeclaration> & { readonly cidr: Cidr })>>,
  input: Partial<NetworkDeclaration> = {},
): NetworkDeclaration {
  const pointer = `/networks/${key}`;
  return {
    key,
    name: key,
    pointer,
    projectId: project,
    external: false,
    shared: false,
    portSecurityEnabled: true,
    ...input,
    subnets: Object.entries(subnets).map(([name, subnet]) =>
      subnetDeclaration(key, name, typeof subnet === "string" ? { cidr: subnet as Cidr } : subnet),
    ),
  };
}

function subnetDeclaration(network: string, name: string, input: Partial<SubnetDeclaration> & { readonly cidr: Cidr }): SubnetDeclaration {
  const version = cidrVersion(input.cidr);
  const [first, last] = cidrRange(input.cidr);
  const at = (value: bigint): Ip => ipFromBigInt(value, version);
  return {
    key: `${network}/${name}`,
    name,
    network,
    pointer: `/networks/${network}/subnets/${name}`,
    projectId: project,
    gatewayIp: at(first + 1n),
    enableDhcp: true,
    allocationPools: [{ start: at(first + 2n), end: at(last - 1n) }],
    dnsNameservers: [],
    hostRoutes: [],
    serviceTypes: [],
    ...input,
  };
}

/** A router with interfaces on subnets, by `<network>/<subnet>`. */
export function routerDeclaration(
  key: string,
  subnets: readonly string[],
  gateway?: string,
  input: Partial<RouterDeclaration> = {},
): RouterDeclaration {
  const pointer = `/routers/${key}`;
  return {
    key,
    name: key,
    pointer,
    projectId: project,
    distributed: true,
    interfaces: subnets.map((subnet, index) => {
      const at = `${pointer}/interfaces/${index}`;
      return { pointer: at, subnet: { key: subnet, pointer: at } };
    }),
    ...(gateway === undefined
      ? {}
      : {
          gateway: {
            pointer: `${pointer}/external_gateway`,
            network: { key: gateway, pointer: `${pointer}/external_gateway` },
            enableSnat: true,
            externalFixedIps: [],
          },
        }),
    routes: [],
    ...input,
  };
}

/** A server on a host with ports on networks, by name of the network or with more of a declaration. */
export interface ServerInput {
  readonly host?: string;
  readonly networks: readonly (string | (Partial<PortDeclaration> & { readonly on: string }))[];
}

/** The parts of a topology in a test. */
export interface TopologyInput {
  readonly hosts: readonly HostDeclaration[];
  readonly networks?: readonly NetworkDeclaration[];
  readonly routers?: readonly RouterDeclaration[];
  readonly servers?: Readonly<Record<string, ServerInput>>;
  readonly floatingIps?: readonly FloatingIpDeclaration[];
  readonly groups?: readonly SecurityGroupDeclaration[];
  readonly server?: Partial<ServerOptions>;
}

/** A topology as `check` would give it. */
export function topologyOf(input: TopologyInput): Topology {
  const networks = input.networks ?? [];
  const ports = new Map<string, PortDeclaration>();
  const servers = new Map<string, ServerDeclaration>();
  for (const [name, server] of Object.entries(input.servers ?? {})) {
    const own = server.networks.map((network, index) => serverPort(name, index, network));
    for (const port of own) ports.set(port.key, port);
    servers.set(name, {
      key: name,
      name,
      pointer: `/servers/${name}`,
      projectId: project,
      ports: own.map((port) => port.key),
      ...(server.host === undefined ? {} : { host: { key: server.host, pointer: `/servers/${name}/host` } }),
    });
  }
  return {
    name: "test",
    pointer: "",
    release: "",
    server: { ...serverOptions, ...input.server },
    hosts: new Map(input.hosts.map((host) => [host.name, host])),
    aggregates: new Map(),
    addressScopes: new Map(),
    addressGroups: new Map(),
    networks: byKey(networks),
    subnets: byKey(networks.flatMap((network) => network.subnets)),
    routers: byKey(input.routers ?? []),
    ports,
    servers,
    floatingIps: byKey(input.floatingIps ?? []),
    securityGroups: byKey(input.groups ?? [defaultGroup()]),
  };
}

function serverPort(server: string, index: number, input: ServerInput["networks"][number]): PortDeclaration {
  const { on, ...more } = typeof input === "string" ? { on: input } : input;
  const pointer = `/servers/${server}/networks/${index}`;
  return {
    key: `${server}/${index}`,
    name: "",
    pointer,
    projectId: project,
    network: { key: on, pointer },
    fixedIps: [],
    allowedAddressPairs: [],
    deviceOwner: "compute:nova",
    server,
    adminStateUp: true,
    ...more,
  };
}

/** A floating IP of a server's first port. */
export function floatingIpDeclaration(
  key: string,
  port: string | undefined,
  input: Partial<FloatingIpDeclaration> = {},
): FloatingIpDeclaration {
  const pointer = `/floating_ips/${key}`;
  return {
    key,
    name: key,
    pointer,
    projectId: project,
    ...(port === undefined ? {} : { port: { key: port, pointer: `${pointer}/port` } }),
    ...input,
  };
}

/** The group `default`: all may leave, its own members may come in. */
export function defaultGroup(): SecurityGroupDeclaration {
  const pointer = "/security_groups/default";
  const self = { key: "default", pointer };
  return {
    key: "default",
    name: "default",
    pointer,
    projectId: project,
    isDefault: true,
    stateful: true,
    rules: (["IPv4", "IPv6"] as const).flatMap((ethertype) => [
      { pointer, direction: "egress" as const, ethertype },
      { pointer, direction: "ingress" as const, ethertype, remoteGroup: self },
    ]),
  };
}

function byKey<T extends { readonly key: string }>(values: readonly T[]): Map<string, T> {
  return new Map(values.map((value) => [value.key, value]));
}
