import { defined } from "../../base/invariant.js";
import { by, byText } from "../../base/order.js";
import { present } from "../../base/present.js";
import type {
  FixedIp,
  ResolvedAddressGroup,
  ResolvedGateway,
  ResolvedHost,
  ResolvedNetwork,
  ResolvedPort,
  ResolvedRouter,
  ResolvedSecurityGroup,
  ResolvedServer,
  ResolvedSubnet,
} from "../../model/resolved.js";
import type { NetworkDeclaration, Reference, SubnetDeclaration } from "../../model/topology.js";
import { cidrVersion } from "../../net/cidr.js";
import { resourceKey } from "../keys.js";
import type { PlannedAddress } from "./addresses.js";
import type { ServerContext } from "./context.js";
import { networkMtu, type Segment } from "./networks.js";
import type { PortPlan } from "./plan.js";
import { dhcpDeviceId } from "./ports.js";
import { namesOf } from "./routers.js";

/** A model object whose lists are still being filled: nothing of it is seen outside `resolve` before it is complete. */
type Draft<T, Lists extends keyof T> = Omit<T, Lists> & { [K in Lists]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/** A network before its subnets and ports are known. */
export type NetworkDraft = Draft<ResolvedNetwork, "subnets" | "ports">;
/** A router before its interfaces, floating IPs and gateway are known. */
export type RouterDraft = Draft<Omit<ResolvedRouter, "gateway">, "interfaces" | "floatingIps"> & { gateway?: ResolvedGateway };
/** A server before its ports are known. */
export type ServerDraft = Draft<ResolvedServer, "ports">;
/** A security group before its rules and members are known. */
export type GroupDraft = Draft<ResolvedSecurityGroup, "rules" | "members">;

/** The objects that ports refer to, by key of their declaration. */
export interface Tables {
  readonly hosts: ReadonlyMap<string, ResolvedHost>;
  readonly networks: ReadonlyMap<string, NetworkDraft>;
  readonly subnets: ReadonlyMap<SubnetDeclaration, ResolvedSubnet>;
  readonly routers: ReadonlyMap<string, RouterDraft>;
  readonly servers: ReadonlyMap<string, ServerDraft>;
  readonly groups: ReadonlyMap<string, GroupDraft>;
  /** Key of each project's `default` group. */
  readonly defaultGroups: ReadonlyMap<string, string>;
  /** Ports by their own key. */
  readonly ports: Map<string, ResolvedPort>;
}

/** The hosts with their agents and DVR MACs. */
export function buildHosts(context: ServerContext): Map<string, ResolvedHost> {
  const hosts = new Map<string, ResolvedHost>();
  for (const declaration of context.topology.hosts.values()) {
    const { name, pointer, agentMode, localIp, bridgeMappings, uplinks, externalNetworkBridge, dhcpAgent, agent } = declaration;
    const dvrMac = context.macs.get(resourceKey("host", name));
    const optional = present({ localIp, externalNetworkBridge, dvrMac });
    hosts.set(name, { name, pointer, agentMode, bridgeMappings, uplinks, dhcpAgent, agent, ...optional });
  }
  return hosts;
}

/** The networks with their subnets, without ports. */
export function buildNetworks(
  context: ServerContext,
  segments: ReadonlyMap<string, Segment>,
): { networks: Map<string, NetworkDraft>; subnets: Map<SubnetDeclaration, ResolvedSubnet> } {
  const networks = new Map<string, NetworkDraft>();
  const subnets = new Map<SubnetDeclaration, ResolvedSubnet>();
  for (const declaration of context.topology.networks.values()) {
    const network = buildNetwork(context, declaration, defined(segments.get(declaration.key), "segment"));
    networks.set(declaration.key, network);
    for (const subnet of declaration.subnets) {
      const built = buildSubnet(context, subnet, network);
      subnets.set(subnet, built);
      network.subnets.push(built);
    }
  }
  return { networks, subnets };
}

function buildNetwork(context: ServerContext, declaration: NetworkDeclaration, segment: Segment): NetworkDraft {
  const key = resourceKey("network", declaration.key);
  const { ipv4AddressScope, ipv6AddressScope } = declaration;
  return {
    key,
    id: defined(context.ids.get(key), `id of ${key}`),
    name: declaration.name,
    projectId: declaration.projectId,
    pointer: declaration.pointer,
    ...segment,
    external: declaration.external,
    shared: declaration.shared,
    mtu: networkMtu(context, declaration, segment.type),
    ...present({
      upstreamMac: context.macs.get(key),
      ipv4AddressScope: scopeKey(ipv4AddressScope),
      ipv6AddressScope: scopeKey(ipv6AddressScope),
    }),
    subnets: [],
    ports: [],
  };
}

function scopeKey(scope: Reference | undefined): string | undefined {
  return scope === undefined ? undefined : resourceKey("address_scope", scope.key);
}

function buildSubnet(context: ServerContext, subnet: SubnetDeclaration, network: ResolvedNetwork): ResolvedSubnet {
  const key = resourceKey("subnet", ...namesOf(subnet));
  return { ...subnet, key, id: defined(context.ids.get(key), `id of ${key}`), network, version: cidrVersion(subnet.cidr) };
}

/** The address groups. */
export function buildAddressGroups(context: ServerContext): Map<string, ResolvedAddressGroup> {
  const groups = new Map<string, ResolvedAddressGroup>();
  for (const { key: declared, name, projectId, pointer, addresses } of context.topology.addressGroups.values()) {
    const key = resourceKey("address_group", declared);
    groups.set(declared, { key, id: defined(context.ids.get(key), key), name, projectId, pointer, addresses });
  }
  return groups;
}

/** The security groups with their rules, without members. */
export function buildGroups(context: ServerContext, addressGroups: ReadonlyMap<string, ResolvedAddressGroup>): Map<string, GroupDraft> {
  const groups = new Map<string, GroupDraft>();
  for (const declaration of context.topology.securityGroups.values()) {
    const key = resourceKey("security_group", declaration.key);
    const { name, projectId, pointer, stateful } = declaration;
    groups.set(declaration.key, {
      key,
      id: defined(context.ids.get(key), key),
      name,
      projectId,
      pointer,
      stateful,
      rules: [],
      members: [],
    });
  }
  for (const declaration of context.topology.securityGroups.values()) {
    const group = defined(groups.get(declaration.key), "security group");
    for (const { remoteGroup, remoteAddressGroup, ...rule } of declaration.rules) {
      const remotes = present({
        remoteGroup: groups.get(remoteGroup?.key ?? ""),
        remoteAddressGroup: addressGroups.get(remoteAddressGroup?.key ?? ""),
      });
      group.rules.push({ ...rule, ...remotes });
    }
  }
  return groups;
}

/** The servers on their hosts, without ports. */
export function buildServers(
  context: ServerContext,
  placed: ReadonlyMap<string, string>,
  hosts: ReadonlyMap<string, ResolvedHost>,
): Map<string, ServerDraft> {
  const servers = new Map<string, ServerDraft>();
  for (const declaration of context.topology.servers.values()) {
    const host = hosts.get(placed.get(declaration.key) ?? "");
    if (host === undefined) continue;
    const key = resourceKey("server", declaration.key);
    const { name, projectId, pointer } = declaration;
    servers.set(declaration.key, { key, id: defined(context.ids.get(key), key), name, projectId, pointer, host, ports: [] });
  }
  return servers;
}

/** The routers without interfaces and gateway. */
export function buildRouters(
  context: ServerContext,
  scheduled: ReadonlyMap<string, string>,
  hosts: ReadonlyMap<string, ResolvedHost>,
): Map<string, RouterDraft> {
  const routers = new Map<string, RouterDraft>();
  for (const { key: name, name: label, projectId, pointer, distributed, routes } of context.topology.routers.values()) {
    const key = resourceKey("router", name);
    const host = hosts.get(scheduled.get(name) ?? "");
    const id = defined(context.ids.get(key), key);
    const router = { key, id, name: label, projectId, pointer, distributed, routes, interfaces: [], floatingIps: [] };
    routers.set(name, host === undefined ? router : { ...router, host });
  }
  return routers;
}

const byAddress = by(({ ip }: FixedIp) => ip, byText);

/** A port from its plan; enters it into its network, server and security groups. */
export function buildPort(context: ServerContext, tables: Tables, plan: PortPlan, addresses: readonly PlannedAddress[]): ResolvedPort {
  const existing = tables.ports.get(plan.key);
  if (existing !== undefined) return existing;
  const network = defined(tables.networks.get(plan.network.key), "network");
  const mac = defined(context.macs.get(plan.key), `MAC of ${plan.key}`);
  // The server reads them in the order of its table's primary key, whose first free part is the address as text (`IPAllocation`).
  const fixedIps = addresses.map(({ subnet, ip }): FixedIp => ({ subnet: defined(tables.subnets.get(subnet), "subnet"), ip }));
  if (fixedIps.length > 1) fixedIps.sort(byAddress);
  const server = tables.servers.get(plan.declaration?.server ?? "");
  const router = plan.router === undefined ? undefined : tables.routers.get(plan.router);
  const host = plan.host === undefined ? undefined : tables.hosts.get(plan.host);
  const securityGroups = groupsOf(tables, plan);
  const port: { -readonly [K in keyof ResolvedPort]: ResolvedPort[K] } = {
    key: plan.key,
    id: defined(context.ids.get(plan.key), `id of ${plan.key}`),
    name: plan.name,
    projectId: plan.projectId,
    pointer: plan.pointer,
    network,
    mac,
    fixedIps,
    deviceOwner: plan.deviceOwner,
    deviceId: deviceIdOf(plan, network, server?.id ?? router?.id),
    portSecurity: hasPortSecurity(plan),
    allowedAddressPairs: (plan.declaration?.allowedAddressPairs ?? []).map((pair) => ({
      ip: pair.ipAddress,
      mac: pair.mac ?? mac,
      pointer: pair.pointer,
    })),
    securityGroups,
    adminStateUp: plan.declaration?.adminStateUp ?? true,
  };
  // One by one: spreading them takes long where there are tens of thousands of ports.
  if (host !== undefined) port.host = host;
  if (server !== undefined) port.server = server;
  if (router !== undefined) port.router = router;
  tables.ports.set(plan.key, port);
  network.ports.push(port);
  for (const group of securityGroups) group.members.push(port);
  return port;
}

function deviceIdOf(plan: PortPlan, network: ResolvedNetwork, owner: string | undefined): string {
  if (plan.deviceOwner === "network:dhcp" && plan.declaration === undefined) return dhcpDeviceId(network.id, plan.host ?? "");
  return owner ?? "";
}

/** Ports of the server's own have no port security. */
function hasPortSecurity(plan: PortPlan): boolean {
  if (plan.deviceOwner.startsWith("network:")) return false;
  return plan.declaration?.portSecurityEnabled ?? plan.network.portSecurityEnabled;
}

/**
 * Declared groups, or the project's `default`; none without port security.
 *
 * A port that a router takes stays in the groups that it came with: its addresses are members', though it is not filtered.
 * Source: Neutron `SecurityGroupServerAPIShim._select_ips_for_remote_group`.
 */
function groupsOf(tables: Tables, plan: PortPlan): GroupDraft[] {
  if (plan.declaration === undefined || plan.declaration.deviceOwner.startsWith("network:")) return [];
  if (!(plan.declaration.portSecurityEnabled ?? plan.network.portSecurityEnabled)) return [];
  const keys = plan.declaration.securityGroups?.map((reference) => reference.key) ?? [tables.defaultGroups.get(plan.projectId)];
  const groups = keys.map((key) => tables.groups.get(key ?? "")).filter((group) => group !== undefined);
  return groups.length < 2 ? groups : [...new Set(groups)].sort((a, b) => byText(a.id, b.id));
}

/**
 * The router that a floating IP's target goes through: one with its gateway there, the subnet's gateway first.
 *
 * `attached` are those with an interface on the subnet, in order of declaration. Source: Neutron `get_router_for_floatingip`.
 */
export function routerForFloatingIp(attached: readonly RouterDraft[], network: ResolvedNetwork, fixed: FixedIp): RouterDraft | undefined {
  const leading = attached.filter((router) => router.gateway?.network === network);
  return leading.find((router) => isGatewayOf(router, fixed.subnet)) ?? leading[0];
}

function isGatewayOf(router: RouterDraft, wanted: ResolvedSubnet): boolean {
  return router.interfaces.some(({ port }) => port.fixedIps.some(({ subnet, ip }) => subnet === wanted && ip === subnet.gatewayIp));
}

/** Orders the lists that the server gives in order of id, once everything is in them. */
export function sortById(tables: Tables): void {
  const byId = (a: { id: string }, b: { id: string }) => byText(a.id, b.id);
  for (const network of tables.networks.values()) network.ports.sort(byId);
  for (const group of tables.groups.values()) group.members.sort(byId);
  for (const router of tables.routers.values()) {
    router.interfaces.sort((a, b) => byText(a.port.id, b.port.id));
    router.floatingIps.sort(byId);
  }
}
