import { present } from "../../base/present.js";
import type { RouterDocument, SubnetInterfaceDocument } from "../../dsl/types.generated.js";
import type { GatewayDeclaration, RouterDeclaration, RouterInterfaceDeclaration } from "../../model/topology.js";
import { type Pointer, pointerTo } from "../../source/pointer.js";
import { complain, type DeclareContext } from "./context.js";
import { declareFixedIps, wishesOf } from "./fixed-ips.js";
import { refer, referSubnet, referSubnetOf } from "./references.js";
import { declareResource } from "./resource.js";
import { declareIp, declareMac, declareRoutes, declareUuid } from "./values.js";

/** A router; interfaces and a gateway on what is not declared are left out with a complaint. */
export function declareRouter(context: DeclareContext, key: string, input: RouterDocument): RouterDeclaration {
  const pointer = pointerTo("/routers", key);
  const owner = `Router "${key}"`;
  if (input.ha === true) complain(context, pointerTo(pointer, "ha"), "ha-not-modelled", { router: key });
  return {
    ...declareResource(context, input, key, pointer, `router "${key}"`),
    distributed: input.distributed ?? true,
    interfaces: (input.interfaces ?? []).flatMap((item, index): readonly RouterInterfaceDeclaration[] | RouterInterfaceDeclaration => {
      const at = pointerTo(pointer, "interfaces", index);
      if (typeof item === "string") return declareBareInterface(context, item, at, owner) ?? [];
      if ("port" in item) {
        const port = refer(context, "port", item.port, pointerTo(at, "port"), owner);
        return port === undefined ? [] : [{ pointer: at, port }];
      }
      return declareInterface(context, item, at, key) ?? [];
    }),
    routes: declareRoutes(context, input.routes, pointerTo(pointer, "routes"), `router "${key}"`),
    ...present({
      gateway: declareGateway(context, key, input, pointer),
      host: input.host === undefined ? undefined : refer(context, "host", input.host, pointerTo(pointer, "host"), owner),
    }),
  };
}

function declareBareInterface(
  context: DeclareContext,
  name: string,
  pointer: Pointer,
  owner: string,
): RouterInterfaceDeclaration | undefined {
  const subnet = referSubnet(context, name, pointer, owner);
  return subnet === undefined ? undefined : { pointer, subnet };
}

function declareInterface(
  context: DeclareContext,
  input: SubnetInterfaceDocument,
  pointer: Pointer,
  router: string,
): RouterInterfaceDeclaration | undefined {
  const owner = `Router "${router}"`;
  const at = pointerTo(pointer, "subnet");
  const network = input.network === undefined ? undefined : refer(context, "network", input.network, pointerTo(pointer, "network"), owner);
  if (input.network !== undefined && network === undefined) return undefined;
  const subnet =
    network === undefined
      ? referSubnet(context, input.subnet, at, owner)
      : referSubnetOf(context, network.key, input.subnet, at, `Interface of router "${router}"`);
  const written = (attribute: "ip_address" | "mac_address" | "port_id", name: string) => {
    const text = input[attribute];
    return text === undefined
      ? undefined
      : { text, pointer: pointerTo(pointer, attribute), attribute: name, owner: `interface of router "${router}"` };
  };
  const address = written("ip_address", "Address");
  const mac = written("mac_address", "MAC address");
  const id = written("port_id", "Port id");
  const values = present({
    ipAddress: address === undefined ? undefined : declareIp(context, address),
    mac: mac === undefined ? undefined : declareMac(context, mac),
    id: id === undefined ? undefined : declareUuid(context, id),
  });
  return subnet === undefined ? undefined : { pointer, subnet, ...values };
}

function declareGateway(context: DeclareContext, key: string, input: RouterDocument, pointer: Pointer): GatewayDeclaration | undefined {
  const owner = `Router "${key}"`;
  const { external_gateway: short, external_gateway_info: full } = input;
  if (short !== undefined && full !== undefined) {
    const holes = { owner, first: "external_gateway", second: "external_gateway_info" };
    complain(context, pointerTo(pointer, "external_gateway"), "excluding-attributes", holes, { part: "key" });
  }
  if (full !== undefined) {
    const at = pointerTo(pointer, "external_gateway_info");
    const network = refer(context, "network", full.network, pointerTo(at, "network"), owner);
    if (network === undefined) return undefined;
    const wishes = wishesOf(full.external_fixed_ips, pointerTo(at, "external_fixed_ips"));
    return {
      pointer: at,
      network,
      enableSnat: full.enable_snat ?? true,
      externalFixedIps: declareFixedIps(context, network.key, wishes, `gateway of router "${key}"`),
    };
  }
  if (short === undefined) return undefined;
  const at = pointerTo(pointer, "external_gateway");
  const network = refer(context, "network", short, at, owner);
  return network === undefined ? undefined : { pointer: at, network, enableSnat: true, externalFixedIps: [] };
}
