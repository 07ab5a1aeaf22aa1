import { present } from "../../base/present.js";
import type { ServerDocument, ServerNetworkDocument } from "../../dsl/types.generated.js";
import type { PortDeclaration, Reference, ServerDeclaration } from "../../model/topology.js";
import { type Pointer, pointerTo } from "../../source/pointer.js";
import { sentence } from "../describe.js";
import { complain, type DeclareContext } from "./context.js";
import { declareFixedIps, type FixedIpWish, isEmpty, wishesOf } from "./fixed-ips.js";
import { declareGroupList, declarePortParts } from "./ports.js";
import { refer } from "./references.js";
import { declareId, declareResource } from "./resource.js";

/** A server's wish for a floating IP on one of its ports: an address, or true for any. */
export interface FloatingIpWish {
  readonly port: string;
  readonly pointer: Pointer;
  readonly address: string | true;
  readonly projectId: string;
}

/** A server with the ports that it brings and the floating IPs that it wants. */
export interface DeclaredServer {
  readonly server: ServerDeclaration;
  /** Ports on networks that it names, keyed `<server>/<index>`. */
  readonly ports: readonly PortDeclaration[];
  /** Declared ports that it takes. */
  readonly taken: readonly Reference[];
  readonly floatingIps: readonly FloatingIpWish[];
}

/** A declaration whose optional members are still being set: spreading objects takes long where there are tens of thousands. */
type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** Owner of servers' ports. Source: Nova sets `compute:<availability zone>`, by default `compute:nova`. */
const serverPortOwner = "compute:nova";

/** A server; a port on a network that is not declared is left out with a complaint. */
export function declareServer(context: DeclareContext, key: string, input: ServerDocument): DeclaredServer {
  const pointer = pointerTo("/servers", key);
  const owner = `Server "${key}"`;
  const resource = declareResource(context, input, key, pointer, `server "${key}"`);
  const { projectId } = resource;
  const host = input.host === undefined ? undefined : refer(context, "host", input.host, pointerTo(pointer, "host"), owner);
  const availabilityZone =
    input.availability_zone === undefined
      ? undefined
      : refer(context, "availability-zone", input.availability_zone, pointerTo(pointer, "availability_zone"), owner);
  const groups = declareGroupList(context, input.security_groups, pointerTo(pointer, "security_groups"), owner, projectId);
  const keys: string[] = [];
  const ports: PortDeclaration[] = [];
  const taken: Reference[] = [];
  const floatingIps: FloatingIpWish[] = [];
  for (const [index, item] of (input.networks ?? []).entries()) {
    const at = pointerTo(pointer, "networks", index);
    if (typeof item === "object" && "port" in item) {
      const port = refer(context, "port", item.port, pointerTo(at, "port"), owner);
      if (port === undefined) continue;
      keys.push(port.key);
      taken.push(port);
      continue;
    }
    const nic = { key: `${key}/${index}`, pointer: at, server: key, projectId, groups, host };
    const port = declareServerPort(context, nic, typeof item === "string" ? { network: item } : item, typeof item === "string");
    if (port === undefined) continue;
    keys.push(port.key);
    ports.push(port);
    if (typeof item === "object" && item.floating_ip !== undefined) {
      floatingIps.push({ port: port.key, pointer: pointerTo(at, "floating_ip"), address: item.floating_ip, projectId });
    }
  }
  if (input.floating_ip !== undefined) {
    const at = pointerTo(pointer, "floating_ip");
    const [first] = keys;
    const other = floatingIps.find((wish) => wish.port === first);
    if (other !== undefined) {
      complain(context, at, "excluding-attributes", { owner, first: "floating_ip", second: "floating_ip of its first network" });
    } else if (first !== undefined) {
      floatingIps.unshift({ port: first, pointer: at, address: input.floating_ip, projectId });
    } else if (!context.unsound.has("networks") && !context.unsound.has("servers")) {
      complain(context, at, "floating-ip-without-port", { owner, attribute: "floating_ip" });
    }
  }
  const server: Draft<ServerDeclaration> = { ...resource, ports: keys };
  if (host !== undefined) server.host = host;
  if (availabilityZone !== undefined) server.availabilityZone = availabilityZone;
  return { server, ports, taken, floatingIps };
}

/** Where a server's port is written, and what it takes from its server. */
interface Nic {
  readonly key: string;
  readonly pointer: Pointer;
  readonly server: string;
  readonly projectId: string;
  readonly groups: readonly Reference[] | undefined;
  readonly host: Reference | undefined;
}

function declareServerPort(context: DeclareContext, nic: Nic, input: ServerNetworkDocument, short: boolean): PortDeclaration | undefined {
  const { key, pointer, server, projectId, groups, host } = nic;
  const owner = `port ${key.slice(server.length + 1)} of server "${server}"`;
  const at = short ? pointer : pointerTo(pointer, "network");
  const network = refer(context, "network", input.network, at, `Server "${server}"`);
  const id = declareId(context, input.id, pointer, owner);
  const parts = declarePortParts(context, input, pointer, owner, projectId);
  if (network === undefined) return undefined;
  const port: Draft<PortDeclaration> = {
    key,
    name: "",
    pointer,
    projectId,
    network,
    allowedAddressPairs: parts.allowedAddressPairs,
    fixedIps: declareFixedIps(context, network.key, serverWishes(context, input, pointer, owner), owner),
    deviceOwner: serverPortOwner,
    server,
    adminStateUp: true,
  };
  if (id !== undefined) port.id = id;
  if (host !== undefined) port.host = host;
  const securityGroups = parts.securityGroups ?? groups;
  if (securityGroups !== undefined) port.securityGroups = securityGroups;
  if (parts.mac !== undefined) port.mac = parts.mac;
  if (parts.portSecurityEnabled !== undefined) port.portSecurityEnabled = parts.portSecurityEnabled;
  if (isEmpty(input.fixed_ips) === true) port.withoutFixedIps = true;
  return port;
}

function serverWishes(context: DeclareContext, input: ServerNetworkDocument, pointer: Pointer, owner: string): readonly FixedIpWish[] {
  const listed = input.fixed_ips === undefined ? [] : wishesOf(input.fixed_ips, pointerTo(pointer, "fixed_ips"));
  if (input.subnet === undefined && input.fixed_ip === undefined) return listed;
  const short = present({
    subnet: input.subnet === undefined ? undefined : { name: input.subnet, pointer: pointerTo(pointer, "subnet") },
    address: input.fixed_ip === undefined ? undefined : { text: input.fixed_ip, pointer: pointerTo(pointer, "fixed_ip") },
  });
  if (input.fixed_ips !== undefined) {
    const first = short.subnet === undefined ? "fixed_ip" : "subnet";
    complain(
      context,
      pointerTo(pointer, first),
      "excluding-attributes",
      { owner: sentence(owner), first, second: "fixed_ips" },
      { part: "key" },
    );
  }
  return [{ pointer: short.address?.pointer ?? short.subnet?.pointer ?? pointer, ...short }, ...listed];
}

/** The port as its server has it: on the server's host, owned by it. */
export function takenBy(port: PortDeclaration, server: ServerDeclaration): PortDeclaration {
  const host = port.host ?? server.host;
  return { ...port, server: server.key, deviceOwner: port.deviceOwner === "" ? serverPortOwner : port.deviceOwner, ...present({ host }) };
}
