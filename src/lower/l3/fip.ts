import { by, byText, sorted } from "../../base/order.js";
import type { Device, IpRule, Namespace, Neighbour, Route, Sysctl } from "../../ir/namespace.js";
import type { HostFip, HostRouter, RouterFipLink } from "../../model/host-view.js";
import { hostCidr } from "../../net/cidr.js";
import { ipv4ToNumber } from "../../net/ip.js";
import type { Release } from "../../releases/release.js";
import { because } from "./because.js";
import { takesFastPath } from "./address-scope.js";
import { fipLinkDevice, loopback, portDevice } from "./devices.js";
import { externalDefaults, gatewayHostRoutes, onlinkRoutes, subnetsOf } from "./external.js";
import { fipExtraRoutes, reachOf } from "./extra-routes.js";
import { kernelRules, kernelRules6 } from "./ip-rules.js";
import { fipIptables } from "./iptables/fip.js";
import { fipName, qrouterName } from "./names.js";
import { linkNeighbour } from "./neighbours.js";
import { agentRoute, connectedRoutes, replaced, type Routes } from "./routes.js";
import { settle } from "./settle.js";
import { l3Sysctls } from "./sysctl.js";
import type { HostSlice } from "../slices.js";

interface LinkedRouter {
  readonly router: HostRouter;
  readonly link: RouterFipLink;
}

/** The fip namespace of an external network on a host: where its floating IPs are answered for. Source: Neutron `FipNamespace`. */
export function lowerFip(view: HostSlice, fip: HostFip, release: Release): Namespace {
  const cause = fip.network.pointer;
  const linked = fip.routers.flatMap((router): LinkedRouter[] => (router.fipLink === undefined ? [] : [{ router, link: router.fipLink }]));
  const devices = [loopback(cause), portDevice(fip.agentGateway, "l3/agent-gateway", cause), ...fprDevices(fip, linked)];
  const routes = fipRoutes(fip, linked, devices, release);
  return settle({
    name: fipName(fip.network),
    kind: "fip",
    devices,
    ipRules: [...kernelRules(cause), ...(release.features.has("fip-route-tables") ? linked.map(routerRule) : [])],
    ip6Rules: kernelRules6(cause),
    ...routes,
    neighbours: linkNeighbours(linked, release),
    ...fipIptables(fip, { release, agent: view.host.agent }),
    sysctls: [...l3Sysctls(release, cause), ...fipSysctls(fip, release)],
    origin: because("l3/fip", cause, view.host.pointer),
  });
}

function fprDevices(fip: HostFip, linked: readonly LinkedRouter[]): Device[] {
  return linked.map(({ router, link }) => {
    const origin = because("l3/fip-link", router.router.pointer, fip.network.pointer);
    return fipLinkDevice(link, "fpr", qrouterName(router.router), fip.network.mtu, origin);
  });
}

/** Table of a router in its fip namespace: the value of the fpr address. Source: Neutron `FipNamespace._add_rtr_ext_route_rule_to_route_table`. */
function routerTable(link: RouterFipLink): number {
  return ipv4ToNumber(link.fprIp);
}

function routerRule({ router, link }: LinkedRouter): IpRule {
  const table = routerTable(link);
  return { priority: table, iif: link.fprDevice, lookup: table, origin: because("l3/fip-router-rule", router.router.pointer) };
}

function fipRoutes(fip: HostFip, linked: readonly LinkedRouter[], devices: readonly Device[], release: Release): Routes {
  const all: Routes = connectedRoutes(devices);
  const add = (more: Routes): void => {
    all.routes.push(...more.routes);
    all.routes6.push(...more.routes6);
  };
  // The extra routes' next hops are found by the agent gateway's own subnets only, not by on-link routes to others.
  const reach = reachOf(devices).filter(({ dev }) => dev === fip.agentGateway.device);
  if (release.features.has("fg-onlink-routes")) add(onlinkRoutes(fip.agentGateway, release));
  add(gatewayHostRoutes(fip.agentGateway, subnetsOf(fip.agentGateway), release));
  if (!release.features.has("fip-route-tables")) add(externalDefaults(fip.agentGateway, "main", "l3/fip-default", release));
  const tables = new Set<number>();
  for (const { router, link } of linked) {
    if (release.features.has("fip-route-tables")) {
      // A race may give two routers one pair, and so one table: the agent replaces routes.
      const table = routerTable(link);
      const defaults = tables.has(table)
        ? { routes: [], routes6: [] }
        : externalDefaults(fip.agentGateway, table, "l3/fip-default", release);
      tables.add(table);
      add(replaced(defaults, fipExtraRoutes(router, table, reach, release)));
    }
    all.routes.push(...routesToRouter(router, link, release));
  }
  return all;
}

/** Routes back to a router: its floating IPs here, and subnets of the external network's own address scope. */
function routesToRouter(router: HostRouter, link: RouterFipLink, release: Release): Route[] {
  const back = { via: link.rfpIp, dev: link.fprDevice };
  const floating = router.floatingIps.map(({ floatingIp }) =>
    agentRoute({ ...back, destination: hostCidr(floatingIp.ip), origin: because("l3/floating-ip-route", floatingIp.pointer) }, release),
  );
  const subnets = router.interfaces.flatMap((entry) =>
    takesFastPath(router, entry, release) ? entry.interface.port.fixedIps.map(({ subnet }) => subnet) : [],
  );
  const direct = subnets.map((subnet) =>
    agentRoute(
      { ...back, destination: subnet.cidr, origin: because("l3/scope-fast-path", subnet.pointer, router.router.pointer) },
      release,
    ),
  );
  return [...floating, ...direct];
}

function linkNeighbours(linked: readonly LinkedRouter[], release: Release): Neighbour[] {
  if (!release.features.has("fip-link-neighbours")) return [];
  const ordered = sorted(
    linked,
    by(({ link }) => link.fprDevice, byText),
  );
  return ordered.map(({ router, link }) => linkNeighbour(link, "fpr", because("l3/fip-link-neighbour", router.router.pointer)));
}

/** The namespace answers for addresses that it does not have. Source: Neutron `FipNamespace.create`, `_create_gateway_port`. */
function fipSysctls(fip: HostFip, release: Release): Sysctl[] {
  const origin = because("l3/sysctl-proxy-arp", fip.agentGateway.port.pointer);
  const device = fip.agentGateway.device;
  const sysctls: Sysctl[] = [
    { key: "net.ipv4.ip_nonlocal_bind", value: "1", origin },
    { key: `net.ipv4.conf.${device}.proxy_arp`, value: "1", origin },
  ];
  if (release.features.has("sysctl-fg-proxy-delay")) sysctls.push({ key: `net.ipv4.neigh.${device}.proxy_delay`, value: "1", origin });
  return sysctls;
}
