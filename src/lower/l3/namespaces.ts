import { during } from "../../base/invariant.js";
import { by, byText, sorted } from "../../base/order.js";
import type { Namespace } from "../../ir/namespace.js";
import type { HostRouter, HostView } from "../../model/host-view.js";
import type { Release } from "../../releases/release.js";
import { lowerCentralisedRouter } from "./centralised.js";
import { lowerFip } from "./fip.js";
import { fipName, qdhcpName, qrouterName, snatName } from "./names.js";
import { lowerQdhcp } from "./qdhcp.js";
import { lowerQrouter } from "./qrouter.js";
import { lowerSnat } from "./snat.js";

/** A namespace before it is lowered. */
interface Plan {
  readonly name: string;
  readonly lower: () => Namespace;
}

/** The namespaces of a host's L3 and DHCP agents, in order of name. */
export function lowerNamespaces(view: HostView, release: Release): Namespace[] {
  return [...eachNamespace(view, release)];
}

/** As {@link lowerNamespaces}, each namespace made when it is asked for. */
export function* eachNamespace(view: HostView, release: Release): Generator<Namespace, void> {
  const plans: readonly Plan[] = [
    ...view.dhcps.map((dhcp) => ({ name: qdhcpName(dhcp.network), lower: () => lowerQdhcp(view, dhcp, release) })),
    ...view.fips.map((fip) => ({ name: fipName(fip.network), lower: () => lowerFip(view, fip, release) })),
    ...view.routers.flatMap((router) => routerPlans(view, router, release)),
  ];
  for (const { name, lower } of sorted(
    plans,
    by(({ name }) => name, byText),
  ))
    yield during(`lowering ${name} of host "${view.host.name}"`, lower);
}

function routerPlans(view: HostView, router: HostRouter, release: Release): readonly Plan[] {
  const { snat } = router;
  const lowerRouter = router.kind === "centralised" ? lowerCentralisedRouter : lowerQrouter;
  const qrouter = { name: qrouterName(router.router), lower: () => lowerRouter(view, router, release) };
  if (router.kind === "centralised" || snat === undefined) return [qrouter];
  return [qrouter, { name: snatName(router.router), lower: () => lowerSnat(view, router, snat, release) }];
}
