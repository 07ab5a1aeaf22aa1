import { present } from "../../base/present.js";
import type { ServerDocument, ServerNetworkDocument } from "../../dsl/types.generated.js";
import type { PortDeclaration, Reference, ServerDeclaration } from "../../model/topology.js";
import { type Pointer, pointerTo } from "../../source/pointer.js";
import { sentence } from "../describe.js";
import { complain, type DeclareContext } from "./context.js";
import { declareFixedIps, type FixedIpWish, isEmpty, wishesOf } from "./fixed-ips.js";
import { declareGroupList, declarePortParts } from "./ports.js";
import { refer } from "./references.js";
import { declareResource } from "./resource.js";

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

/** Owner of servers' ports. Source: Nova sets `compute:<availability zone>`, by default `compute:nova`. */
const serverPortOwner = "compute:nova";

/** A server; a port on a network that is not declared is left out with a complaint. */
export function declareServer(context: DeclareContext, key: string, input: ServerDocument): DeclaredServer {
  const pointer = pointerTo("/servers", key);
  const owner = `Server "${key}"`;
  const resource = declareResource(context, input, key, pointer, `server "${key}"`);
  const { projectId } = resource;
  const placement = present({
    host: input.host === undefined ? undefined : refer(context, "host", input.host, pointerTo(pointer, "host"), owner),
    availabilityZone:
      input.availability_zone === undefined
        ? undefined
        : refer(context, "availability-zone", input.availability_zone, pointerTo(pointer, "availability_zone"), owner),
  });
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
    const nic = { key: `${key}/${index}`, pointer: at, server: key, projectId, groups, host: placement.host };
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
  return { server: { ...resource, ...placement, ports: keys }, ports, taken, floatingIps };
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
  const resource = declareResource(context, present({ id: input.id, name: "", project_id: projectId }), key, pointer, owner);
  const parts = declarePortParts(context, input, pointer, owner, projectId);
  if (network === undefined) return undefined;
  return {
    ...resource,
    ...present({ securityGroups: groups, host }),
    ...parts,
    network,
    fixedIps: declareFixedIps(context, network.key, serverWishes(context, input, pointer, owner), owner),
    ...present({ withoutFixedIps: isEmpty(input.fixed_ips) }),
    deviceOwner: serverPortOwner,
    server,
    adminStateUp: true,
  };
}

function serverWishes(context: DeclareContext, input: ServerNetworkDocument, pointer: Pointer, owner: string): readonly FixedIpWish[] {
  const listed = wishesOf(input.fixed_ips, pointerTo(pointer, "fixed_ips"));
  const short = present({
    subnet: input.subnet === undefined ? undefined : { name: input.subnet, pointer: pointerTo(pointer, "subnet") },
    address: input.fixed_ip === undefined ? undefined : { text: input.fixed_ip, pointer: pointerTo(pointer, "fixed_ip") },
  });
  const [attribute] = Object.keys(short);
  if (attribute === undefined) return listed;
  if (input.fixed_ips !== undefined) {
    const first = attribute === "subnet" ? "subnet" : "fixed_ip";
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
