import { defined } from "../base/invariant.js";
import { hasErrors, type Result } from "../diagnostics/diagnostic.js";
import type { FixedIp, ResolvedFloatingIp, ResolvedPort, ResolvedTopology } from "../model/resolved.js";
import type { FloatingIpDeclaration, RouterDeclaration, Topology } from "../model/topology.js";
import type { Release } from "../releases/release.js";
import type { SourceDocument } from "../source/document.js";
import { resourceKey } from "./keys.js";
import { type Allocation, Ledger } from "./ledger.js";
import type { Lock } from "./lock.js";
import { AddressBook } from "./server/addresses.js";
import { planAgentGateways, possibleAgentGateways } from "./server/agent-gateways.js";
import {
  buildGroups,
  buildHosts,
  buildNetworks,
  buildPort,
  buildRouters,
  buildServers,
  type RouterDraft,
  routerForFloatingIp,
  sortById,
  type Tables,
} from "./server/build.js";
import type { ServerContext } from "./server/context.js";
import { floatingIpKey, planFloatingIp } from "./server/floating-ips.js";
import { type IdentityRequest, settleIds, settleMacs } from "./server/identities.js";
import { settleSegments } from "./server/networks.js";
import { placeServers, scheduleDhcp, scheduleRouters } from "./server/placement.js";
import type { PortPlan } from "./server/plan.js";
import { planDhcpPorts, planPorts } from "./server/ports.js";
import { namesOf, planRouter, type RouterPlan } from "./server/routers.js";

/** The server's database, and what it took to fill it. */
export interface Resolution {
  readonly topology: ResolvedTopology;
  readonly release: Release;
  /** As it was read; {@link nextLock} gives the one to write. */
  readonly lock: Lock | undefined;
  /** What the server allocated. Hosts' choices are in their own outcome. */
  readonly allocations: readonly Allocation[];
  readonly document: SourceDocument;
}

/**
 * Makes the server's database of a checked topology: ids, MACs, addresses, segmentation ids, placement, and the ports that the server makes itself.
 *
 * Pinned values win over locked ones, which win over new ones; new ones are derived or the lowest free, in order of declaration.
 * Errors: DVRC40xx.
 */
export function resolveTopology(
  topology: Topology,
  release: Release,
  lock: Lock | undefined,
  document: SourceDocument,
): Result<Resolution> {
  const ledger = new Ledger(lock);
  const context: ServerContext = {
    topology,
    release,
    document,
    ledger,
    ids: new Map(),
    usedIds: new Map(),
    macs: new Map(),
    usedMacs: new Map(),
  };
  const plan = planServer(context);
  settleIdentities(context, plan);
  const book = new AddressBook(context);
  book.settle(plan.ports, possibleAgentGateways(context));
  if (hasErrors(ledger.diagnostics)) return [undefined, ledger.diagnostics];
  const resolved = build(context, plan, book);
  if (hasErrors(ledger.diagnostics)) return [undefined, ledger.diagnostics];
  return [{ topology: resolved, release, lock, allocations: ledger.allocations, document }, ledger.diagnostics];
}

/** All that the server decides before it gives out ids and addresses. */
interface ServerPlan {
  readonly segments: ReturnType<typeof settleSegments>;
  readonly placed: ReadonlyMap<string, string>;
  readonly scheduled: ReadonlyMap<string, string>;
  readonly dhcp: readonly PortPlan[];
  readonly routers: readonly RouterPlan[];
  readonly declared: ReadonlyMap<string, PortPlan>;
  readonly floatingIps: readonly { readonly declaration: FloatingIpDeclaration; readonly port: PortPlan }[];
  /** Every port, in the order in which new addresses are given out: DHCP, routers, declared ports, floating IPs. */
  readonly ports: readonly PortPlan[];
}

function planServer(context: ServerContext): ServerPlan {
  const { topology } = context;
  const segments = settleSegments(context);
  const placed = placeServers(context);
  const scheduled = scheduleRouters(context);
  const dhcp = planDhcpPorts(context, scheduleDhcp(context));
  const declared = planPorts(context, placed);
  const routers = [...topology.routers.values()].map((router: RouterDeclaration) =>
    planRouter(context, router, scheduled.get(router.key), declared),
  );
  const floatingIps = [...topology.floatingIps.values()].map((declaration) => ({
    declaration,
    port: planFloatingIp(context, declaration),
  }));
  const routerPorts = routers.flatMap((router) => [
    ...router.interfaces.flatMap(({ port, csnat }) => (csnat === undefined ? [port] : [port, csnat])),
    ...(router.gateway === undefined ? [] : [router.gateway]),
  ]);
  const attached = new Set(routerPorts.map((port) => port.key));
  const own = [...declared.values()].filter((port) => !attached.has(port.key));
  const ports = [...dhcp, ...routerPorts, ...own, ...floatingIps.map(({ port }) => port)];
  return { segments, placed, scheduled, dhcp, routers, declared, floatingIps, ports };
}

function settleIdentities(context: ServerContext, plan: ServerPlan): void {
  const { topology } = context;
  const requests: IdentityRequest[] = [];
  const request = (key: string, { pointer, id }: { readonly pointer: string; readonly id?: IdentityRequest["pinned"] }) =>
    requests.push({ key, pointer, pinned: id });
  for (const network of topology.networks.values()) {
    request(resourceKey("network", network.key), network);
    for (const subnet of network.subnets) request(resourceKey("subnet", ...namesOf(subnet)), subnet);
  }
  for (const router of topology.routers.values()) request(resourceKey("router", router.key), router);
  for (const server of topology.servers.values()) request(resourceKey("server", server.key), server);
  for (const floatingIp of topology.floatingIps.values()) request(floatingIpKey(context, floatingIp), floatingIp);
  for (const group of topology.securityGroups.values()) request(resourceKey("security_group", group.key), group);
  const reserved = possibleAgentGateways(context);
  settleIds(context, [...requests, ...plan.ports.map(identityOf), ...reserved.map((port) => ({ ...identityOf(port), reserve: true }))]);
  settlePortMacs(context, plan.ports, reserved);
  settleDvrMacs(context);
  settleUpstreamMacs(context);
}

function identityOf(port: PortPlan): IdentityRequest {
  return { key: port.key, pointer: port.pointer, pinned: port.pinnedId };
}

function settlePortMacs(context: ServerContext, ports: readonly PortPlan[], reserved: readonly PortPlan[] = []): void {
  const macOf = (port: PortPlan) => ({ key: port.key, attribute: "mac_address", pointer: port.pointer, pinned: port.pinnedMac });
  const requests = [...ports.map(macOf), ...reserved.map((port) => ({ ...macOf(port), reserve: true }))];
  settleMacs(context, context.topology.server.baseMac, requests);
}

/** MACs of the hosts whose Open vSwitch agent runs with distributed routing. Source: Neutron `DVRDbMixin._create_dvr_mac_address`. */
function settleDvrMacs(context: ServerContext): void {
  const hosts = [...context.topology.hosts.values()].filter((host) => host.agent.enableDistributedRouting);
  const requests = hosts.map((host) => ({
    key: resourceKey("host", host.name),
    attribute: "dvr_mac_address",
    pointer: host.pointer,
    pinned: host.dvrMac,
  }));
  settleMacs(context, context.topology.server.dvrBaseMac, requests);
}

/** First octets of the upstream routers' MACs: locally administered, since no vendor made them. */
const upstreamBaseMac = "32:00:00:00:00:00";

/** MACs of the routers outside, which only the virtual hosts show: in the lock, so that a document's can be kept. */
function settleUpstreamMacs(context: ServerContext): void {
  const networks = [...context.topology.networks.values()].filter((network) => network.external);
  const requests = networks.map(({ key, pointer }) => ({ key: resourceKey("network", key), attribute: "upstream_mac_address", pointer }));
  settleMacs(context, upstreamBaseMac, requests);
}

function build(context: ServerContext, plan: ServerPlan, book: AddressBook): ResolvedTopology {
  const { topology, release } = context;
  const hosts = buildHosts(context);
  const groups = [...topology.securityGroups.values()];
  const tables: Tables = {
    hosts,
    ...buildNetworks(context, plan.segments),
    routers: buildRouters(context, plan.scheduled, hosts),
    servers: buildServers(context, plan.placed, hosts),
    groups: buildGroups(context),
    defaultGroups: new Map(groups.filter((group) => group.isDefault).map((group) => [group.projectId, group.key])),
    ports: new Map(),
  };
  const make = (port: PortPlan) => buildPort(context, tables, port, book.addresses.get(port.key) ?? []);
  const ports: ResolvedPort[] = plan.dhcp.map(make);
  for (const router of plan.routers) ports.push(...buildRouterPorts(tables, router, make));
  const declared = new Map([...plan.declared].map(([key, port]) => [key, make(port)]));
  ports.push(...declared.values());
  attachServers(context, tables, declared);
  const floatingIps = plan.floatingIps.map((one) => buildFloatingIp(context, tables, declared, one.declaration, make(one.port)));
  ports.push(...floatingIps.map((floatingIp) => floatingIp.floatingPort));
  const known = { hosts: [...hosts.values()], ports, routers: [...tables.routers.values()] };
  const gateways = planAgentGateways(context, known, release);
  settleIds(context, gateways.map(identityOf));
  settlePortMacs(context, gateways);
  book.settle(gateways);
  if (!hasErrors(context.ledger.diagnostics)) ports.push(...gateways.map(make));
  sortById(tables);
  return {
    name: topology.name,
    release: release.name,
    pointer: topology.pointer,
    server: topology.server,
    ...known,
    ports: [...new Set(ports)],
    networks: [...tables.networks.values()],
    servers: [...tables.servers.values()],
    floatingIps,
    securityGroups: [...tables.groups.values()],
  };
}

function buildRouterPorts(tables: Tables, plan: RouterPlan, make: (port: PortPlan) => ResolvedPort): ResolvedPort[] {
  const router: RouterDraft = defined(tables.routers.get(plan.declaration.key), "router");
  const ports: ResolvedPort[] = [];
  for (const one of plan.interfaces) {
    const port = make(one.port);
    const csnat = one.csnat === undefined ? undefined : make(one.csnat);
    router.interfaces.push(csnat === undefined ? { port } : { port, csnat });
    ports.push(port, ...(csnat === undefined ? [] : [csnat]));
  }
  const { gateway } = plan.declaration;
  if (gateway === undefined || plan.gateway === undefined) return ports;
  const port = make(plan.gateway);
  router.gateway = { network: port.network, port, enableSnat: gateway.enableSnat, pointer: gateway.pointer };
  return [...ports, port];
}

function attachServers(context: ServerContext, tables: Tables, declared: ReadonlyMap<string, ResolvedPort>): void {
  for (const server of context.topology.servers.values()) {
    for (const key of server.ports) {
      const port = declared.get(key);
      if (port !== undefined) tables.servers.get(server.key)?.ports.push(port);
    }
  }
}

function buildFloatingIp(
  context: ServerContext,
  tables: Tables,
  declared: ReadonlyMap<string, ResolvedPort>,
  declaration: FloatingIpDeclaration,
  floatingPort: ResolvedPort,
): ResolvedFloatingIp {
  const key = floatingIpKey(context, declaration);
  const port = declaration.port === undefined ? undefined : declared.get(declaration.port.key);
  const fixed = port === undefined ? undefined : fixedIpOf(port, declaration);
  const router = fixed === undefined ? undefined : routerForFloatingIp(tables.routers.values(), floatingPort.network, fixed);
  const { name, projectId, pointer } = declaration;
  const floatingIp: ResolvedFloatingIp = {
    key,
    id: defined(context.ids.get(key), key),
    name,
    projectId,
    pointer,
    network: floatingPort.network,
    ip: defined(floatingPort.fixedIps[0], "address of a floating IP").ip,
    floatingPort,
    ...(port === undefined || fixed === undefined || router === undefined ? {} : { target: { port, fixedIp: fixed.ip, router } }),
  };
  router?.floatingIps.push(floatingIp);
  return floatingIp;
}

/** The fixed address that a floating IP stands for: the one that is named, else the port's first IPv4 address. Source: Neutron `_internal_fip_assoc_data`. */
function fixedIpOf(port: ResolvedPort, declaration: FloatingIpDeclaration): FixedIp | undefined {
  const wanted = declaration.fixedIpAddress;
  return port.fixedIps.find(({ ip, subnet }) => (wanted === undefined ? subnet.version === 4 : ip === wanted));
}
