import type { FixedIpDocument, PortInterfaceDocument, RouterDocument, SubnetInterfaceDocument } from "../../dsl/types.generated.js";
import { by, byText, sorted } from "../../base/order.js";
import { defined } from "../../base/invariant.js";
import type { ApiFixedIp, ApiPort, ApiRouter } from "../answers.js";
import { named, ownProject, section } from "./attributes.js";
import { allocatedAddresses } from "./automatic-addresses.js";
import { type Cloud, interfaceOwners } from "./cloud.js";

/** The `routers` section. */
export function routerSection(cloud: Cloud): Readonly<Record<string, RouterDocument>> {
  const routers = section<RouterDocument>();
  for (const router of sorted(
    cloud.answers.routers,
    by((entry) => entry.id, byText),
  )) {
    const key = defined(cloud.handles.router.get(router.id), "key of a router");
    routers.set(key, { ...named(key, router.name), ...routerDocument(cloud, router) });
  }
  return routers.sorted();
}

function routerDocument(cloud: Cloud, router: ApiRouter): RouterDocument {
  const ports = cloud.portsOfDevice.get(router.id) ?? [];
  const interfaces = ports.filter((port) => interfaceOwners.has(port.deviceOwner)).flatMap((port) => interfaceDocuments(cloud, port));
  return {
    ...ownProject(cloud, router.projectId),
    ...(router.distributed ? {} : { distributed: false }),
    ...(interfaces.length === 0 ? {} : { interfaces }),
    ...gatewayDocument(cloud, router),
    ...(router.routes.length === 0
      ? {}
      : {
          routes: sorted(
            router.routes,
            by((route) => route.destination, byText),
          ),
        }),
  };
}

/** One entry for each address: a port with several IPv6 subnets was joined to one after the other. */
function interfaceDocuments(cloud: Cloud, port: ApiPort): (string | SubnetInterfaceDocument | PortInterfaceDocument)[] {
  if (cloud.memberInterfaces.has(port.id)) return [{ port: defined(cloud.handles.port.get(port.id), "key of an interface") }];
  return port.fixedIps.flatMap((fixedIp): (string | SubnetInterfaceDocument)[] => {
    const subnet = cloud.subnets.get(fixedIp.subnetId);
    const reference = subnetReference(cloud, fixedIp.subnetId);
    if (subnet === undefined || reference === undefined) return [];
    return fixedIp.ipAddress === subnet.gatewayIp ? [reference] : [{ subnet: reference, ip_address: fixedIp.ipAddress }];
  });
}

/**
 * How the topology refers to a subnet: by its key, or with its network where two networks have a subnet of that key.
 *
 * Errors: undefined where the answers do not have the subnet.
 */
export function subnetReference(cloud: Cloud, subnetId: string): string | undefined {
  const subnet = cloud.subnets.get(subnetId);
  const key = cloud.handles.subnet.get(subnetId);
  const network = cloud.handles.network.get(subnet?.networkId);
  if (key === undefined || network === undefined) return undefined;
  return (cloud.subnetKeyCounts.get(key) ?? 0) > 1 ? `${network}/${key}` : key;
}

function gatewayDocument(cloud: Cloud, router: ApiRouter): Pick<RouterDocument, "external_gateway" | "external_gateway_info"> {
  if (router.gateway === undefined) return {};
  const network = defined(cloud.handles.network.get(router.gateway.networkId), "network of a gateway");
  const subnets = (cloud.subnetsOf.get(router.gateway.networkId) ?? []).length;
  const allocated = allocatedAddresses(cloud, { deviceOwner: "network:router_gateway" }, router.gateway.externalFixedIps);
  const addresses = subnets > 1 ? fixedIpDocuments(cloud, allocated) : [];
  if (router.gateway.enableSnat && addresses.length === 0) return { external_gateway: network };
  return {
    external_gateway_info: {
      network,
      ...(router.gateway.enableSnat ? {} : { enable_snat: false }),
      ...(addresses.length === 0 ? {} : { external_fixed_ips: addresses }),
    },
  };
}

/** Addresses with their subnets. */
export function fixedIpDocuments(cloud: Cloud, fixedIps: readonly ApiFixedIp[]): FixedIpDocument[] {
  return fixedIps.flatMap(({ subnetId, ipAddress }) => {
    const subnet = subnetReference(cloud, subnetId);
    return subnet === undefined ? [] : [{ subnet, ip_address: ipAddress }];
  });
}
