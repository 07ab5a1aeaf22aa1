import type { L3Lowering } from "./lowerings.js";
import type { Route } from "../../ir/namespace.js";
import type { WiredPort } from "../../model/host-view.js";
import type { IpVersion } from "../../net/ip.js";
import type { Release } from "../../releases/release.js";
import { because } from "./because.js";
import { agentRoute, type Routes } from "./routes.js";

/**
 * Default routes of an external port, one for each version: by the gateways of its subnets, of which the last one counts.
 *
 * Source: Neutron `RouterInfo._external_gateway_added`, `FipNamespace._update_gateway_route`.
 */
export function externalDefaults(wired: WiredPort, table: number | "main", lowering: L3Lowering, release: Release): Routes {
  return byVersion((version) => {
    const last = wired.port.fixedIps.findLast(({ subnet }) => subnet.version === version && subnet.gatewayIp !== undefined)?.subnet;
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
  const own = new Set(wired.port.fixedIps.map(({ subnet }) => subnet));
  return byVersion((version) =>
    wired.port.network.subnets
      .filter((subnet) => subnet.version === version && !own.has(subnet))
      .map((subnet) => {
        const origin = because("l3/onlink-route", subnet.pointer, wired.port.pointer);
        return agentRoute({ destination: subnet.cidr, dev: wired.device, origin }, release);
      }),
  );
}

function byVersion(routes: (version: IpVersion) => Route[]): Routes {
  return { routes: routes(4), routes6: routes(6) };
}
