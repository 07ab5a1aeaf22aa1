import { present } from "../../base/present.js";
import type { FloatingIpDocument } from "../../dsl/types.generated.js";
import type { FloatingIpDeclaration, Reference, ServerDeclaration } from "../../model/topology.js";
import { type Pointer, pointerTo } from "../../source/pointer.js";
import { complain, type DeclareContext } from "./context.js";
import { refer } from "./references.js";
import { declareResource } from "./resource.js";
import type { FloatingIpWish } from "./servers.js";
import { declareIp } from "./values.js";

/** A floating IP of the section `floating_ips`. */
export function declareFloatingIp(
  context: DeclareContext,
  key: string,
  input: FloatingIpDocument,
  servers: ReadonlyMap<string, ServerDeclaration>,
): FloatingIpDeclaration {
  const pointer = pointerTo("/floating_ips", key);
  const owner = `floating IP "${key}"`;
  const address = (attribute: "floating_ip_address" | "fixed_ip_address", name: string) => {
    const text = input[attribute];
    return text === undefined ? undefined : declareIp(context, { text, pointer: pointerTo(pointer, attribute), attribute: name, owner }, 4);
  };
  return {
    ...declareResource(context, input, key, pointer, owner),
    ...present({
      network:
        input.network === undefined
          ? undefined
          : refer(context, "network", input.network, pointerTo(pointer, "network"), `Floating IP "${key}"`),
      floatingIpAddress: address("floating_ip_address", "Address"),
      port: declareTarget(context, key, input, pointer, servers),
      fixedIpAddress: address("fixed_ip_address", "Fixed address"),
    }),
  };
}

function declareTarget(
  context: DeclareContext,
  key: string,
  input: FloatingIpDocument,
  pointer: Pointer,
  servers: ReadonlyMap<string, ServerDeclaration>,
): Reference | undefined {
  const owner = `Floating IP "${key}"`;
  if (input.port !== undefined && input.server !== undefined) {
    complain(context, pointerTo(pointer, "server"), "excluding-attributes", { owner, first: "port", second: "server" }, { part: "key" });
  }
  if (input.port !== undefined) return refer(context, "port", input.port, pointerTo(pointer, "port"), owner);
  const attribute = input.server !== undefined ? "server" : "fixed_ip_address";
  const at = pointerTo(pointer, attribute);
  const server = input.server === undefined ? undefined : refer(context, "server", input.server, at, owner);
  if (input.server !== undefined && server === undefined) return undefined;
  const first = server === undefined ? undefined : servers.get(server.key)?.ports[0];
  if (first !== undefined) return { key: first, pointer: at };
  if (input[attribute] !== undefined && !context.unsound.has("servers")) {
    complain(context, at, "floating-ip-without-port", { owner, attribute });
  }
  return undefined;
}

/** The floating IP that a server's `floating_ip` stands for: its key is that of the port. */
export function declareWishedFloatingIp(context: DeclareContext, wish: FloatingIpWish): FloatingIpDeclaration {
  const { port, pointer, projectId, address: text } = wish;
  const owner = `floating IP of port "${port}"`;
  const address = text === true ? undefined : declareIp(context, { text, pointer, attribute: "Address", owner }, 4);
  return {
    key: port,
    name: "",
    pointer,
    projectId,
    port: { key: port, pointer },
    ...present({ floatingIpAddress: address }),
  };
}
