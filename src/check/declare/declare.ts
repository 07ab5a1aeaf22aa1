import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { TopologyDocument } from "../../dsl/types.generated.js";
import type {
  Declaration,
  FloatingIpDeclaration,
  NetworkDeclaration,
  PortDeclaration,
  SecurityGroupDeclaration,
  ServerDeclaration,
  SubnetDeclaration,
  Topology,
} from "../../model/topology.js";
import { uuidOf } from "../../net/uuid.js";
import type { Release } from "../../releases/release.js";
import type { SourceDocument } from "../../source/document.js";
import { type Pointer, pointerTo } from "../../source/pointer.js";
import { complain, type DeclareContext } from "./context.js";
import { declareFloatingIp, declareWishedFloatingIp } from "./floating-ips.js";
import { inferFloatingNetworks } from "./floating-networks.js";
import { declareAggregate, declareHost } from "./hosts.js";
import { collectNames } from "./names.js";
import { declareAddressScope, declareNetwork } from "./networks.js";
import { declareServerOptions } from "./options.js";
import { declarePort } from "./ports.js";
import { declareRouter } from "./routers.js";
import { declareAddressGroup, declareSecurityGroup, undeclaredDefaultGroup } from "./security-groups.js";
import { declareServer, type DeclaredServer, takenBy } from "./servers.js";

/** A topology of all that could be read, and what could not. */
export interface Declared {
  readonly topology: Topology;
  readonly diagnostics: readonly Diagnostic[];
  /** Sections of the document with errors: what is missing there may have been meant. */
  readonly unsound: ReadonlySet<string>;
}

/**
 * The model of a document whose shape is right: shorthands expanded, defaults filled in, strings read, references found.
 *
 * What cannot be read is left out and complained about, so that the rest can still be checked.
 */
export function declare(document: SourceDocument, value: TopologyDocument, release: Release): Declared {
  const context: DeclareContext = {
    document,
    release,
    names: collectNames(value),
    projectId: value.project_id ?? projectOf(value.name),
    networks: new Map(),
    diagnostics: [],
    suggestions: new Map(),
    unsound: new Set(),
  };
  complainCollidingSubnets(context, value);
  const hosts = mapOf(value.hosts, (name, host) => declareHost(context, name, host, value.agent));
  const aggregates = mapOf(value.aggregates, (name, aggregate) => declareAggregate(context, name, aggregate));
  const addressScopes = mapOf(value.address_scopes, (key, scope) => declareAddressScope(context, key, scope));
  const addressGroups = mapOf(value.address_groups, (key, group) => declareAddressGroup(context, key, group));
  for (const [key, network] of Object.entries(value.networks ?? {})) context.networks.set(key, declareNetwork(context, key, network));
  const subnets = subnetsOf(context.networks);
  const routers = mapOf(value.routers, (key, router) => declareRouter(context, key, router));
  const declaredPorts = mapOf(value.ports, (key, port) => declarePort(context, key, port));
  const declaredServers = mapOf(value.servers, (key, server) => declareServer(context, key, server));
  const ports = portsOf(context, declaredPorts, declaredServers);
  const servers = placedServers(declaredServers, declaredPorts);
  const floatingIps = floatingIpsOf(context, value, servers, declaredServers);
  const surroundings = { networks: context.networks, subnets, routers, ports };
  const topology: Topology = {
    name: value.name,
    pointer: "",
    release: release.name,
    server: declareServerOptions(context, value.neutron),
    hosts,
    aggregates,
    addressScopes,
    addressGroups,
    networks: context.networks,
    subnets,
    routers,
    ports,
    servers,
    floatingIps: inferFloatingNetworks(context, floatingIps, surroundings),
    securityGroups: groupsOf(context, value, ports),
  };
  return { topology, diagnostics: context.diagnostics, unsound: context.unsound };
}

/** The project of a topology that names none: derived from its name, in the form of Keystone's ids. */
function projectOf(name: string): string {
  return uuidOf(`project/${name}`).replaceAll("-", "");
}

function mapOf<I, D>(
  section: Readonly<Record<string, I>> | undefined,
  declareOne: (key: string, input: I) => D | undefined,
): Map<string, D> {
  const result = new Map<string, D>();
  for (const [key, input] of Object.entries(section ?? {})) {
    const declared = declareOne(key, input);
    if (declared !== undefined) result.set(key, declared);
  }
  return result;
}

function complainCollidingSubnets(context: DeclareContext, value: TopologyDocument): void {
  const places = context.names.places.subnet;
  for (const [network, { subnets }] of Object.entries(value.networks ?? {})) {
    for (const subnet of Object.keys(subnets ?? {})) {
      const key = `${network}/${subnet}`;
      const pointer = pointerTo("/networks", network, "subnets", subnet);
      const first = places.get(key) ?? pointer;
      if (first !== pointer)
        complainCollision(context, key, pointer, `Subnet "${subnet}" of network "${network}"`, first, "another subnet");
    }
  }
}

function complainCollision(context: DeclareContext, key: string, pointer: Pointer, second: string, other: Pointer, first: string): void {
  const related = [{ at: context.document.locate(other, "key").span, message: `The other "${key}" is declared here.` }];
  complain(context, pointer, "colliding-key", { first: second, second: first, key }, { part: "key", related });
}

function subnetsOf(networks: ReadonlyMap<string, NetworkDeclaration>): ReadonlyMap<string, SubnetDeclaration> {
  const subnets = new Map<string, SubnetDeclaration>();
  for (const network of networks.values()) for (const subnet of network.subnets) subnets.set(subnet.key, subnet);
  return subnets;
}

function portsOf(
  context: DeclareContext,
  declared: ReadonlyMap<string, PortDeclaration>,
  servers: ReadonlyMap<string, DeclaredServer>,
): ReadonlyMap<string, PortDeclaration> {
  const ports = new Map(declared);
  for (const { server, ports: own, taken } of servers.values()) {
    for (const { key } of taken) {
      const port = ports.get(key);
      if (port !== undefined && port.server === undefined) ports.set(key, takenBy(port, server));
    }
    for (const port of own) {
      const other = ports.get(port.key);
      if (other === undefined) ports.set(port.key, port);
      else complainCollision(context, port.key, port.pointer, `A port of server "${server.key}"`, other.pointer, `port "${port.key}"`);
    }
  }
  return ports;
}

/** Servers, those without a host of their own on the host to which one of their ports is bound. */
function placedServers(
  servers: ReadonlyMap<string, DeclaredServer>,
  ports: ReadonlyMap<string, PortDeclaration>,
): ReadonlyMap<string, ServerDeclaration> {
  const placed = new Map<string, ServerDeclaration>();
  for (const [key, { server, taken }] of servers) {
    const host = server.host ?? taken.map((port) => ports.get(port.key)?.host).find((bound) => bound !== undefined);
    placed.set(key, host === undefined ? server : { ...server, host });
  }
  return placed;
}

function floatingIpsOf(
  context: DeclareContext,
  value: TopologyDocument,
  servers: ReadonlyMap<string, ServerDeclaration>,
  declaredServers: ReadonlyMap<string, DeclaredServer>,
): ReadonlyMap<string, FloatingIpDeclaration> {
  const floatingIps = mapOf(value.floating_ips, (key, input) => declareFloatingIp(context, key, input, servers));
  for (const { floatingIps: wishes } of declaredServers.values()) {
    for (const wish of wishes) {
      const floatingIp = declareWishedFloatingIp(context, wish);
      const other = floatingIps.get(floatingIp.key);
      if (other === undefined) floatingIps.set(floatingIp.key, floatingIp);
      else complainCollision(context, wish.port, wish.pointer, `A server's floating IP`, other.pointer, `floating IP "${wish.port}"`);
    }
  }
  return floatingIps;
}

/** Declared groups by their canonical keys, and before them the default groups of projects that have ports or groups. */
function groupsOf(
  context: DeclareContext,
  value: TopologyDocument,
  ports: ReadonlyMap<string, PortDeclaration>,
): ReadonlyMap<string, SecurityGroupDeclaration> {
  const declared = new Map<string, SecurityGroupDeclaration>();
  for (const [key, input] of Object.entries(value.security_groups ?? {})) {
    const group = declareSecurityGroup(context, key, input);
    const other = declared.get(group.key);
    if (other === undefined) declared.set(group.key, group);
    else
      complainCollision(context, group.key, pointerTo("/security_groups", key), `Security group "${key}"`, other.pointer, "another group");
  }
  const groups = new Map<string, SecurityGroupDeclaration>();
  const owners: Iterable<Declaration> = [...ports.values(), ...declared.values()];
  for (const projectId of new Set([...owners].map((owner) => owner.projectId))) {
    const group = undeclaredDefaultGroup(context, projectId, "/security_groups");
    if (!declared.has(group.key)) groups.set(group.key, group);
  }
  for (const [key, group] of declared) groups.set(key, group);
  return groups;
}
