import type { Device, Namespace } from "../../ir/namespace.js";
import type { HostFloatingIp, HostRouter, WiredPort } from "../../model/host-view.js";
import { hostCidr } from "../../net/cidr.js";
import type { Release } from "../../releases/release.js";
import { because } from "./because.js";
import { interfaceAddress, internalDevice, loopback, portCidr } from "./devices.js";
import { externalDefaults, gatewayHostRoutes, onlinkRoutes, subnetsOf } from "./external.js";
import { extraRoutes, type ExtraRouteHome, reachOf } from "./extra-routes.js";
import { kernelRules, kernelRules6 } from "./ip-rules.js";
import { centralisedIptables } from "./iptables/qrouter.js";
import { qrouterName } from "./names.js";
import { innerDevices } from "./qrouter.js";
import { connectedRoutes, replaced, type Routes } from "./routes.js";
import { settle } from "./settle.js";
import { externalDeviceSysctls, l3Sysctls } from "./sysctl.js";
import type { HostSlice } from "../slices.js";

/** A centralised router: all of it in one namespace on one host. Source: Neutron `RouterInfo`, `LegacyRouter`. */
export function lowerCentralisedRouter(view: HostSlice, router: HostRouter, release: Release): Namespace {
  const gateway = router.gateway;
  const outer = gateway === undefined ? [] : [gatewayDevice(gateway, router.floatingIps)];
  const devices = [loopback(router.router.pointer), ...innerDevices(router), ...outer];
  return settle({
    name: qrouterName(router.router),
    kind: "qrouter",
    devices,
    ipRules: kernelRules(router.router.pointer),
    ip6Rules: kernelRules6(router.router.pointer),
    ...gatewayRoutes(router, gateway, devices, "qrouter", release),
    neighbours: [],
    ...centralisedIptables(router, { release, agent: view.host.agent }),
    sysctls: [
      ...l3Sysctls(release, router.router.pointer),
      ...(gateway === undefined ? [] : externalDeviceSysctls(gateway, release, gateway.port.pointer)),
    ],
    origin: because("l3/centralised-router", router.router.pointer, view.host.pointer),
  });
}

/** qg- with the gateway's addresses, then the floating IPs that are served there. Source: Neutron `RouterInfo.process_floating_ip_addresses`. */
export function gatewayDevice(gateway: WiredPort, floatingIps: readonly HostFloatingIp[]): Device {
  const origin = because("l3/gateway-device", gateway.port.pointer);
  const own = gateway.port.fixedIps.map((fixedIp) => interfaceAddress(portCidr(fixedIp), origin));
  const floating = floatingIps.map(({ floatingIp }) =>
    interfaceAddress(hostCidr(floatingIp.ip), because("l3/floating-ip-address", floatingIp.pointer)),
  );
  return internalDevice(gateway, [...own, ...floating], origin);
}

/** Routes of a namespace that holds a router's gateway: connected, default, on-link, extra. */
export function gatewayRoutes(
  router: HostRouter,
  gateway: WiredPort | undefined,
  devices: readonly Device[],
  home: ExtraRouteHome,
  release: Release,
): Routes {
  const none: Routes = { routes: [], routes6: [] };
  const defaults = gateway === undefined ? none : externalDefaults(gateway, "main", "l3/gateway-route", release);
  const onlink = gateway === undefined ? none : onlinkRoutes(gateway, release);
  const hosts = gateway === undefined ? none : gatewayHostRoutes(gateway, subnetsOf(gateway), release);
  const reach = reachOf(devices);
  for (const { destination, nextHops } of [...onlink.routes, ...onlink.routes6, ...hosts.routes, ...hosts.routes6]) {
    if (destination !== "default") reach.push({ prefix: destination, dev: nextHops[0].dev });
  }
  const connected = connectedRoutes(devices);
  const own: Routes = {
    routes: [...connected.routes, ...defaults.routes, ...onlink.routes, ...hosts.routes],
    routes6: [...connected.routes6, ...defaults.routes6, ...onlink.routes6, ...hosts.routes6],
  };
  return replaced(own, extraRoutes(router, home, reach, release));
}
