import type { Device, IpRule, Namespace, Sysctl } from "../../ir/namespace.js";
import type { HostFloatingIp, HostRouter } from "../../model/host-view.js";
import type { ResolvedFloatingIp } from "../../model/resolved.js";
import { isToldOfCentral } from "../../model/told-floating-ips.js";
import { hostCidr } from "../../net/cidr.js";
import { linkLocal } from "../../net/ip.js";
import type { Release } from "../../releases/release.js";
import { because } from "./because.js";
import { takesFastPath } from "./address-scope.js";
import { fipLinkDevice, loopback, portDevice } from "./devices.js";
import { extraRoutes, reachOf } from "./extra-routes.js";
import { kernelRules, kernelRules6 } from "./ip-rules.js";
import type { L3Lowering } from "./lowerings.js";
import { dvrIptables } from "./iptables/qrouter.js";
import { fipName, qrouterName } from "./names.js";
import { routerNeighbours } from "./neighbours.js";
import { agentRoute, connectedRoutes, replaced, type Routes } from "./routes.js";
import { settle } from "./settle.js";
import { snatRedirects } from "./snat-redirect.js";
import { l3Sysctls } from "./sysctl.js";
import type { HostSlice } from "../slices.js";

/**
 * A distributed router's part on a host: `dvr`, `dvr_snat` and `dvr_no_external` alike, the last without a link to a fip namespace.
 *
 * Source: Neutron `DvrLocalRouter`.
 */
export function lowerQrouter(view: HostSlice, router: HostRouter, release: Release): Namespace {
  const devices = [loopback(router.router.pointer), ...innerDevices(router), ...rfpDevice(router)];
  const redirects = snatRedirects(router, release);
  const connected = connectedRoutes(devices);
  const link = linkRoutes(router, release);
  const own: Routes = {
    routes: [...connected.routes, ...link.routes, ...redirects.routes],
    routes6: [...connected.routes6, ...link.routes6, ...redirects.routes6],
  };
  return settle({
    name: qrouterName(router.router),
    kind: "qrouter",
    devices,
    ipRules: [
      ...kernelRules(router.router.pointer),
      ...floatingIpRules(router, release),
      ...fastPathRules(router, release),
      ...redirects.rules,
    ],
    ip6Rules: [...kernelRules6(router.router.pointer), ...redirects.rules6],
    ...replaced(own, extraRoutes(router, "qrouter", reachOf(devices), release)),
    neighbours: routerNeighbours(router, release),
    ...dvrIptables(router, toldFloatingIps(view, router, release), { release, agent: view.host.agent }),
    sysctls: [...l3Sysctls(release, router.router.pointer), ...redirectSysctls(router), ...redirects.sysctls],
    origin: because("l3/qrouter", router.router.pointer, view.host.pointer),
  });
}

/** qr- devices of a router. */
export function innerDevices(router: HostRouter): Device[] {
  return router.interfaces.map(({ wired }) => portDevice(wired, "l3/router-interface"));
}

function rfpDevice(router: HostRouter): Device[] {
  const { fipLink: link, fipNetwork: network } = router;
  if (link === undefined || network === undefined) return [];
  const origin = because("l3/fip-link", router.router.pointer, network.pointer);
  return [fipLinkDevice(link, "rfp", fipName(network), network.mtu, origin)];
}

function floatingIpRules({ floatingIps, earlyRules = [] }: HostRouter, release: Release): IpRule[] {
  const rulesOf = (served: readonly HostFloatingIp[], lowering: L3Lowering): IpRule[] =>
    served.flatMap(({ floatingIp, fixedIp, rulePriority }) =>
      rulePriority === undefined
        ? []
        : {
            priority: rulePriority,
            from: hostCidr(fixedIp),
            lookup: release.floatingIp.routeTable,
            origin: because(lowering, floatingIp.pointer),
          },
    );
  return [...rulesOf(floatingIps, "l3/floating-ip-rule"), ...rulesOf(earlyRules, "l3/early-floating-ip-rule")];
}

function fastPathRules(router: HostRouter, release: Release): IpRule[] {
  return router.interfaces.flatMap((entry) =>
    takesFastPath(router, entry, release)
      ? entry.interface.port.fixedIps.map(({ subnet }) => ({
          priority: release.floatingIp.fastPathRulePriority,
          from: subnet.cidr,
          lookup: release.floatingIp.routeTable,
          origin: because("l3/scope-fast-path", subnet.pointer, router.router.pointer),
        }))
      : [],
  );
}

/** Ways out through the fip namespace. Source: Neutron `FipNamespace.create_rtr_2_fip_link`. */
function linkRoutes(router: HostRouter, release: Release): Routes {
  const link = router.fipLink;
  if (link === undefined) return { routes: [], routes6: [] };
  const origin = because("l3/fip-link-route", router.router.pointer);
  const out = { destination: "default", dev: link.rfpDevice, origin } as const;
  return {
    routes: [agentRoute({ ...out, table: release.floatingIp.routeTable, via: link.fprIp }, release)],
    routes6: release.features.has("ipv6-default-via-fip") ? [agentRoute({ ...out, via: linkLocal(link.fprMac) }, release)] : [],
  };
}

function redirectSysctls(router: HostRouter): Sysctl[] {
  const gateway = router.router.gateway;
  if (gateway === undefined) return [];
  return [{ key: "net.ipv4.conf.all.send_redirects", value: "0", origin: because("l3/sysctl-send-redirects", gateway.pointer) }];
}

/** Floating IPs that the server tells the host's agent of: those that it serves, and some that are served centrally. Order: ascending id. */
function toldFloatingIps({ host }: HostSlice, router: HostRouter, release: Release): ResolvedFloatingIp[] {
  const own = new Set(router.floatingIps.map(({ floatingIp }) => floatingIp));
  const isTold = release.features.has("dvr-no-external") ? isToldOfCentral : () => false;
  return router.router.floatingIps.filter((floatingIp) => own.has(floatingIp) || isTold(host, floatingIp));
}
