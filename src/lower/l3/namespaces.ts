import { during } from "../../base/invariant.js";
import { by, byText, sorted } from "../../base/order.js";
import type { Namespace } from "../../ir/namespace.js";
import type { HostRouter, HostView } from "../../model/host-view.js";
import type { Release } from "../../releases/release.js";
import type { HostSlice } from "../slices.js";
import { lowerCentralisedRouter } from "./centralised.js";
import { lowerFip } from "./fip.js";
import { fipName, qdhcpName, qrouterName, snatName } from "./names.js";
import { lowerQdhcp } from "./qdhcp.js";
import { lowerQrouter } from "./qrouter.js";
import { lowerSnat } from "./snat.js";

/** A namespace before it is lowered. */
export interface NamespacePlan {
  readonly name: string;
  /** All that it is made of, besides the release. */
  readonly slice: HostSlice & { readonly router?: HostRouter };
  readonly lower: () => Namespace;
}

/** The namespaces of a host's L3 and DHCP agents, in order of name. */
export function lowerNamespaces(view: HostView, release: Release): Namespace[] {
  return planNamespaces(view, release).map(({ lower }) => lower());
}

/** As {@link lowerNamespaces}, each namespace made when it is asked for. */
export function planNamespaces(view: HostView, release: Release): NamespacePlan[] {
  const slice: HostSlice = { host: view.host };
  const plans: readonly NamespacePlan[] = [
    ...view.dhcps.map((dhcp) => ({
      name: qdhcpName(dhcp.network),
      slice: { ...slice, dhcp },
      lower: () => lowerQdhcp(slice, dhcp, release),
    })),
    ...view.fips.map((fip) => ({ name: fipName(fip.network), slice: { ...slice, fip }, lower: () => lowerFip(slice, fip, release) })),
    ...view.routers.flatMap((router) => routerPlans(slice, router, release)),
  ];
  return sorted(
    plans,
    by(({ name }) => name, byText),
  ).map(({ name, lower, ...plan }) => ({ ...plan, name, lower: () => during(`lowering ${name} of host "${view.host.name}"`, lower) }));
}

function routerPlans(host: HostSlice, router: HostRouter, release: Release): readonly NamespacePlan[] {
  const { snat } = router;
  const slice = { ...host, router };
  const lowerRouter = router.kind === "centralised" ? lowerCentralisedRouter : lowerQrouter;
  const qrouter = { name: qrouterName(router.router), slice, lower: () => lowerRouter(host, router, release) };
  if (router.kind === "centralised" || snat === undefined) return [qrouter];
  return [qrouter, { name: snatName(router.router), slice, lower: () => lowerSnat(host, router, snat, release) }];
}
