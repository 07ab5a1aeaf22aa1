import { by, byText, sorted } from "../../base/order.js";
import type { L3Lowering } from "./lowerings.js";
import type { Route } from "../../ir/namespace.js";
import type { WiredPort } from "../../model/host-view.js";
import type { ResolvedSubnet } from "../../model/resolved.js";
import { cidrContains, hostCidr, ipv4End } from "../../net/cidr.js";
import type { IpVersion } from "../../net/ip.js";
import type { Release } from "../../releases/release.js";
import { because } from "./because.js";
import { agentRoute, type Routes } from "./routes.js";

/**
 * Default routes of an external port, one for each version: by the gateways of its subnets, of which the last one by id counts, since each replaces the
 * one before.
 *
 * Source: Neutron `RouterInfo._external_gateway_added`, `FipNamespace._update_gateway_route`.
 */
export function externalDefaults(wired: WiredPort, table: number | "main", lowering: L3Lowering, release: Release): Routes {
  return byVersion((version) => {
    const last = subnetsOf(wired).findLast((subnet) => subnet.version === version && subnet.gatewayIp !== undefined);
    if (last?.gatewayIp === undefined) return [];
    const origin = because(lowering, wired.port.pointer, last.pointer);
    return [agentRoute({ table, destination: "default", via: last.gatewayIp, dev: wired.device, origin }, release)];
  });
}

/**
 * On-link routes to the network's other subnets, on which the port has no address.
 *
 * Source: Neutron `LinuxInterfaceDriver.set_onlink_routes`.
 */
export function onlinkRoutes(wired: WiredPort, release: Release): Routes {
  const own = new Set(subnetsOf(wired));
  return byVersion((version) =>
    wired.port.network.subnets
      .filter((subnet) => subnet.version === version && !own.has(subnet))
      .map((subnet) => {
        const origin = because("l3/onlink-route", subnet.pointer, wired.port.pointer);
        return agentRoute({ destination: subnet.cidr, dev: wired.device, origin }, release);
      }),
  );
}

/** Subnets on which a port has addresses, each once, ascending id: the order of the server's table. */
export function subnetsOf({ port }: WiredPort): ResolvedSubnet[] {
  return sorted(
    new Set(port.fixedIps.map(({ subnet }) => subnet)),
    by(({ id }) => id, byText),
  );
}

/**
 * Routes to gateways that lie outside their subnets, so that a default route can go by them; most often the link-local ones of IPv6.
 *
 * Source: Neutron `RouterInfo._add_route_to_gw`, `FipNamespace._update_gateway_route`, `ipam.utils.check_subnet_ip`.
 */
export function gatewayHostRoutes({ device, port }: WiredPort, subnets: readonly ResolvedSubnet[], release: Release): Routes {
  return byVersion((version) =>
    subnets.flatMap(({ gatewayIp, cidr, pointer, version: own }) => {
      if (own !== version || gatewayIp === undefined) return [];
      if (cidrContains(cidr, gatewayIp) && ipv4End(cidr, gatewayIp) === undefined) return [];
      return [
        agentRoute(
          { destination: hostCidr(gatewayIp), dev: device, origin: because("l3/gateway-host-route", pointer, port.pointer) },
          release,
        ),
      ];
    }),
  );
}

function byVersion(routes: (version: IpVersion) => Route[]): Routes {
  return { routes: routes(4), routes6: routes(6) };
}
