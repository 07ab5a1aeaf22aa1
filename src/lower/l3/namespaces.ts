import { by, byText, sorted } from "../../base/order.js";
import type { Namespace } from "../../ir/namespace.js";
import type { HostRouter, HostView } from "../../model/host-view.js";
import type { Release } from "../../releases/release.js";
import { lowerCentralisedRouter } from "./centralised.js";
import { lowerFip } from "./fip.js";
import { lowerQdhcp } from "./qdhcp.js";
import { lowerQrouter } from "./qrouter.js";
import { lowerSnat } from "./snat.js";

/** The namespaces of a host's L3 and DHCP agents, in order of name. */
export function lowerNamespaces(view: HostView, release: Release): Namespace[] {
  const namespaces = [
    ...view.dhcps.map((dhcp) => lowerQdhcp(view, dhcp, release)),
    ...view.fips.map((fip) => lowerFip(view, fip, release)),
    ...view.routers.flatMap((router) => lowerRouter(view, router, release)),
  ];
  return sorted(
    namespaces,
    by((namespace) => namespace.name, byText),
  );
}

function lowerRouter(view: HostView, router: HostRouter, release: Release): Namespace[] {
  if (router.kind === "centralised") return [lowerCentralisedRouter(view, router, release)];
  const qrouter = lowerQrouter(view, router, release);
  return router.snat === undefined ? [qrouter] : [qrouter, lowerSnat(view, router, router.snat, release)];
}
