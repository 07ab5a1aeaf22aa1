import type { HostRouter, WiredPort } from "../../../model/host-view.js";
import type { IptablesTable } from "../../../ir/iptables.js";
import type { ResolvedFloatingIp, ResolvedRouter } from "../../../model/resolved.js";
import type { IpVersion } from "../../../net/ip.js";
import { because } from "../because.js";
import { addFloatingIpScopeRules, addScopeRules, scopedDevices } from "../address-scope.js";
import { rfpName } from "../names.js";
import { addFloatingIpNat, addGatewaySnat, addNoInternalSnat } from "../floating-ip-nat.js";
import type { IptablesBuilder } from "./builder.js";
import { type DualTables, isRandomFully, type L3Iptables, routerBase } from "./l3.js";

/**
 * iptables and ip6tables of a distributed router's part on a host.
 *
 * `told` are the floating IPs that the server tells this host's agent of: its own, and on some hosts those that are served centrally.
 * Source: Neutron `DvrLocalRouter`.
 */
export function dvrIptables(router: HostRouter, told: readonly ResolvedFloatingIp[], options: L3Iptables): DualTables {
  const build = (version: IpVersion): IptablesBuilder => {
    const builder = routerBase(version, router, true, options);
    const rfp = router.fipLink?.rfpDevice;
    const gateway = router.router.gateway;
    const outer = rfp === undefined || gateway === undefined ? undefined : { device: rfp, port: gateway.port, isRfp: true };
    const devices = scopedDevices(router, inside(router), outer, version, options.release);
    addScopeRules(builder, devices, undefined);
    if (version === 6) return builder;
    builder.emptyChain("nat", "snat");
    if (gateway === undefined) return builder;
    if (rfp !== undefined) addDvrNat(builder, router, rfp, told.length > 0, options);
    addFloatingIpScopeRules(builder, router, told, devices, rfpName(router.router));
    return builder;
  };
  const own = told.length > 0 || router.floatingIps.length > 0;
  return {
    iptables: own ? build(4).build() : shared(router, 4, options, () => build(4).build()),
    ip6tables: shared(router, 6, options, () => build(6).build()),
  };
}

/** Tables of routers' parts that have no floating IP: by router, and by all that differs from host to host. */
const sharedTables = new WeakMap<ResolvedRouter, Map<string, IptablesTable[]>>();

/** What many hosts have of a router is made once. A choice of the host itself is not shared. */
function shared(router: HostRouter, version: IpVersion, { release, agent }: L3Iptables, make: () => IptablesTable[]): IptablesTable[] {
  if (router.scopeMarks.size > 0 || router.scopeDeviceOrder.length > 0) return make();
  const key = [version, release.name, router.fipLink?.rfpDevice, agent.enableMetadataProxy, agent.useRandomFully].join(" ");
  let known = sharedTables.get(router.router);
  if (known === undefined) sharedTables.set(router.router, (known = new Map<string, IptablesTable[]>()));
  let tables = known.get(key);
  if (tables === undefined) known.set(key, (tables = make()));
  return tables;
}

/** iptables and ip6tables of a centralised router: NAT is in its one namespace. Source: Neutron `RouterInfo`, `LegacyRouter`. */
export function centralisedIptables(router: HostRouter, options: L3Iptables): DualTables {
  const build = (version: IpVersion): IptablesBuilder => {
    const builder = routerBase(version, router, true, options);
    const gateway = router.gateway;
    const outer = gateway === undefined ? undefined : { device: gateway.device, port: gateway.port, isRfp: false };
    const devices = scopedDevices(router, inside(router), outer, version, options.release);
    const open = version === 4 && router.router.gateway?.enableSnat === true ? gateway?.device : undefined;
    addScopeRules(builder, devices, open);
    if (version === 6 || gateway === undefined) return builder;
    const nat = { release: options.release, randomFully: isRandomFully(options) };
    addGatewaySnat(builder, router, gateway.device, nat);
    addFloatingIpNat(builder, router.floatingIps, undefined, nat);
    const floatingIps = router.floatingIps.map(({ floatingIp }) => floatingIp);
    addFloatingIpScopeRules(builder, router, floatingIps, devices, undefined);
    return builder;
  };
  return { iptables: build(4).build(), ip6tables: build(6).build() };
}

/** NAT of the floating IPs of this host; source NAT stays empty without one. Source: Neutron `DvrLocalRouter._handle_router_snat_rules`. */
function addDvrNat(builder: IptablesBuilder, router: HostRouter, rfp: string, any: boolean, options: L3Iptables): void {
  if (!any) return;
  const origin = because("l3/dvr-float-snat", router.router.pointer, ...router.floatingIps.map(({ floatingIp }) => floatingIp.pointer));
  builder.addRule("nat", "snat", [], builder.jumpTo("float-snat"), origin);
  addNoInternalSnat(builder, rfp, options.release, origin);
  addFloatingIpNat(builder, router.floatingIps, rfp, { release: options.release, randomFully: isRandomFully(options) });
}

function inside(router: HostRouter): WiredPort[] {
  return router.interfaces.map(({ wired }) => wired);
}
