import { defined } from "../../base/invariant.js";
import { hasErrors } from "../../diagnostics/diagnostic.js";
import type { FixedIp, ResolvedFloatingIp, ResolvedNetwork, ResolvedPort, ResolvedTopology } from "../../model/resolved.js";
import type { FloatingIpDeclaration } from "../../model/topology.js";
import { interfacesBySubnet } from "../presence.js";
import type { AddressBook } from "./addresses.js";
import { planAgentGateways } from "./agent-gateways.js";
import {
  buildAddressGroups,
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
} from "./build.js";
import type { ServerContext } from "./context.js";
import { settlePortIdentities } from "./identities.js";
import type { PortPlan } from "./plan.js";
import type { FloatingIpPlan, ServerPlan } from "./plan-server.js";
import type { RouterPlan } from "./routers.js";

/**
 * The server's database from its plans, once ids, MACs and addresses are settled.
 *
 * The agent gateways come last: which there are follows from the routers that each host has.
 */
export function assemble(context: ServerContext, plan: ServerPlan, book: AddressBook): ResolvedTopology {
  const { topology, release } = context;
  const hosts = buildHosts(context);
  const groups = [...topology.securityGroups.values()];
  const addressGroups = buildAddressGroups(context);
  const tables: Tables = {
    hosts,
    ...buildNetworks(context, plan.segments),
    routers: buildRouters(context, plan.scheduled, hosts),
    servers: buildServers(context, plan.placed, hosts),
    groups: buildGroups(context, addressGroups),
    defaultGroups: new Map(groups.filter((group) => group.isDefault).map((group) => [group.projectId, group.key])),
    ports: new Map(),
  };
  const make = (port: PortPlan) => buildPort(context, tables, port, book.addresses.get(port.key) ?? []);
  plan.dhcp.forEach(make);
  for (const router of plan.routers) buildRouterPorts(tables, router, make);
  const declared = new Map([...plan.declared].map(([key, port]) => [key, make(port)]));
  attachServers(context, tables, declared);
  const attached = interfacesBySubnet([...tables.routers.values()]);
  const routerFor = (network: ResolvedNetwork, fixed: FixedIp) => routerForFloatingIp(attached.get(fixed.subnet) ?? [], network, fixed);
  const floatingIps = plan.floatingIps.map((one) => buildFloatingIp(context, declared, routerFor, one, make(one.port)));
  const known = { hosts: [...hosts.values()], routers: [...tables.routers.values()] };
  const gateways = planAgentGateways(context, { ...known, ports: [...tables.ports.values()] }, release);
  settlePortIdentities(context, gateways);
  book.settle(gateways);
  if (!hasErrors(context.ledger.diagnostics)) gateways.forEach(make);
  sortById(tables);
  return {
    name: topology.name,
    release: release.name,
    pointer: topology.pointer,
    server: topology.server,
    ...known,
    ports: [...tables.ports.values()],
    networks: [...tables.networks.values()],
    servers: [...tables.servers.values()],
    floatingIps,
    securityGroups: [...tables.groups.values()],
    addressGroups: [...addressGroups.values()],
  };
}

function buildRouterPorts(tables: Tables, plan: RouterPlan, make: (port: PortPlan) => ResolvedPort): void {
  const router: RouterDraft = defined(tables.routers.get(plan.declaration.key), "router");
  for (const one of plan.interfaces) {
    const port = make(one.port);
    const csnat = one.csnat === undefined ? undefined : make(one.csnat);
    router.interfaces.push(csnat === undefined ? { port } : { port, csnat });
  }
  const { gateway } = plan.declaration;
  if (gateway === undefined || plan.gateway === undefined) return;
  const port = make(plan.gateway);
  router.gateway = { network: port.network, port, enableSnat: gateway.enableSnat, pointer: gateway.pointer };
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
  declared: ReadonlyMap<string, ResolvedPort>,
  routerFor: (network: ResolvedNetwork, fixed: FixedIp) => RouterDraft | undefined,
  { key, declaration }: FloatingIpPlan,
  floatingPort: ResolvedPort,
): ResolvedFloatingIp {
  const port = declaration.port === undefined ? undefined : declared.get(declaration.port.key);
  const fixed = port === undefined ? undefined : fixedIpOf(port, declaration);
  const router = fixed === undefined ? undefined : routerFor(floatingPort.network, fixed);
  const { name, projectId, pointer } = declaration;
  const floatingIp: ResolvedFloatingIp = {
    key,
    id: defined(context.ids.get(key), key),
    name,
    projectId,
    pointer,
    network: floatingPort.network,
    ip: defined(
      floatingPort.fixedIps.find(({ subnet }) => subnet.version === 4),
      "address of a floating IP",
    ).ip,
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
