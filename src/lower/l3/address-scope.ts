import type { HostRouter, HostRouterInterface, WiredPort } from "../../model/host-view.js";
import type { ResolvedFloatingIp, ResolvedNetwork, ResolvedPort } from "../../model/resolved.js";
import { ipVersion, type IpVersion } from "../../net/ip.js";
import type { Release } from "../../releases/release.js";
import type { Origin } from "../../source/origin.js";
import { because } from "./because.js";
import { Cpython27Dict } from "./cpython-dict.js";
import type { IptablesBuilder } from "./iptables/builder.js";
import {
  fromHost,
  hasScopeConnmark,
  inDevice,
  notScopeMark,
  outDevice,
  restoreScopeMark,
  saveScopeMark,
  scopeConnmark,
  setScopeMark,
  toHost,
} from "./iptables/rule.js";

/** Mark of networks without an address scope, 16 bits. Source: Neutron `router_info.ADDRESS_SCOPE_MARK_ID_MIN`. */
export const noScopeMark = 1024;

/** Mark of connections that have none yet. */
const unmarked = 0;

/** A device of a namespace with the mark of its network's address scope. */
export interface ScopedDevice {
  readonly device: string;
  /** 16 bits. */
  readonly mark: number;
  readonly origin: Origin;
}

/** Key of a network's address scope in one IP version; undefined where it has none. */
export function scopeOf(network: ResolvedNetwork, version: IpVersion): string | undefined {
  return version === 4 ? network.ipv4AddressScope : network.ipv6AddressScope;
}

/** Mark of a network's address scope in a router, 16 bits. */
export function scopeMark(router: HostRouter, network: ResolvedNetwork, version: IpVersion): number {
  const scope = scopeOf(network, version);
  return scope === undefined ? noScopeMark : (router.scopeMarks.get(scope) ?? noScopeMark);
}

/**
 * Whether an interface's subnets go straight out through the fip namespace, since inside and outside are one address scope.
 *
 * Only where the router is linked to a fip namespace; never for interfaces with an IPv6 subnet.
 * Source: Neutron `DvrLocalRouter._check_if_address_scopes_match`.
 */
export function takesFastPath(router: HostRouter, { interface: { port } }: HostRouterInterface, release: Release): boolean {
  const external = router.router.gateway?.network;
  if (external === undefined || router.fipLink === undefined || !release.features.has("address-scope-fast-path")) return false;
  if (port.fixedIps.some(({ subnet }) => subnet.version === 6)) return false;
  const scope = port.network.ipv4AddressScope;
  return scope !== undefined && (scope === external.ipv4AddressScope || scope === external.ipv6AddressScope);
}

/**
 * Devices of a namespace that the scope chains name: those of the inner ports, then the outer one.
 *
 * Order: by port id; in releases before that, the order of a CPython 2.7 dict of their names.
 * Source: Neutron `RouterInfo._get_port_devicename_scopemark`, `DvrLocalRouter._get_address_scope_mark`.
 */
export function scopedDevices(
  router: HostRouter,
  inner: readonly WiredPort[],
  outer: { readonly device: string; readonly port: ResolvedPort; readonly isRfp: boolean } | undefined,
  version: IpVersion,
  release: Release,
): ScopedDevice[] {
  const has = (port: ResolvedPort): boolean => port.fixedIps.some(({ ip }) => ipVersion(ip) === version);
  const scoped = (device: string, port: ResolvedPort): ScopedDevice => ({
    device,
    mark: scopeMark(router, port.network, version),
    origin: because("l3/address-scope", port.pointer),
  });
  const insides = inner.filter(({ port }) => has(port)).map(({ device, port }) => scoped(device, port));
  const rfpAlways = outer?.isRfp === true && !release.features.has("rfp-scope-by-address");
  const counts = outer !== undefined && (rfpAlways ? version === 4 : has(outer.port));
  const outside = outer !== undefined && counts ? scoped(outer.device, outer.port) : undefined;
  if (release.features.has("scope-chains-by-port-id")) return outside === undefined ? insides : [...insides, outside];
  return inDictOrder(insides, outside, rfpAlways);
}

function inDictOrder(insides: readonly ScopedDevice[], outside: ScopedDevice | undefined, outsideIsSet: boolean): ScopedDevice[] {
  const byName = new Map(insides.map((entry) => [entry.device, entry]));
  const dict = new Cpython27Dict();
  for (const { device } of insides) dict.set(device);
  if (outside !== undefined) {
    byName.set(outside.device, outside);
    if (outsideIsSet) dict.set(outside.device);
    else dict.update(outside.device);
  }
  return dict.keys().flatMap((name) => byName.get(name) ?? []);
}

/**
 * Chains and rules that carry address scopes, before any device is known.
 *
 * Source: Neutron `RouterInfo._initialize_address_scope_iptables`.
 */
export function addScopeChains(builder: IptablesBuilder, version: IpVersion, origin: Origin): void {
  builder.addChain("mangle", "scope", origin);
  builder.addChain("filter", "scope", origin);
  builder.addRule("filter", "FORWARD", [], builder.jumpTo("scope"), origin);
  builder.addRule("mangle", "PREROUTING", [], builder.jumpTo("scope"), origin);
  builder.addRule("mangle", "PREROUTING", [hasScopeConnmark()], restoreScopeMark, origin);
  if (version === 6) return;
  builder.addChain("mangle", "floatingip", origin);
  builder.addChain("mangle", "float-snat", origin);
  builder.addRule("mangle", "PREROUTING", [], builder.jumpTo("floatingip"), origin);
  builder.addRule("mangle", "float-snat", [scopeConnmark(unmarked)], saveScopeMark, origin);
}

/**
 * Rules of the scope chains: each device marks what it brings in and drops what has another scope's mark.
 *
 * `open` is the device that source NAT makes an exception of. Source: Neutron `RouterInfo._add_address_scope_mark`.
 */
export function addScopeRules(builder: IptablesBuilder, devices: readonly ScopedDevice[], open: string | undefined): void {
  for (const { device, mark, origin } of devices) {
    builder.addRule("mangle", "scope", [inDevice(device)], setScopeMark(mark), origin);
    if (device !== open) builder.addRule("filter", "scope", [outDevice(device), notScopeMark(mark)], { kind: "drop" }, origin);
  }
}

/**
 * Marks of floating IPs whose fixed address is in another address scope than the external network.
 *
 * `rfp` is the device by which they come in on a DVR host. The order of the outer devices is chance: the view has it.
 * Source: Neutron `RouterInfo.process_floating_ip_address_scope_rules`.
 */
export function addFloatingIpScopeRules(
  builder: IptablesBuilder,
  router: HostRouter,
  floatingIps: readonly ResolvedFloatingIp[],
  devices: readonly ScopedDevice[],
  rfp: string | undefined,
): void {
  const external = router.router.gateway?.network;
  if (external === undefined) return;
  const crossing = floatingIps.flatMap((floatingIp) => {
    const inside = floatingIp.target?.port.network;
    return inside === undefined || inside.ipv4AddressScope === external.ipv4AddressScope ? [] : [{ floatingIp, inside }];
  });
  if (crossing.length === 0) return;
  const externalMark = scopeMark(router, external, 4);
  for (const { device, origin } of inChanceOrder(devices, router.scopeDeviceOrder)) {
    if (!devices.some((entry) => entry.device === device && entry.mark === externalMark)) continue;
    builder.addRule(
      "mangle",
      "float-snat",
      [outDevice(device)],
      setScopeMark(externalMark),
      because("l3/floating-ip-scope", ...origin.because),
    );
  }
  for (const { floatingIp, inside } of crossing) {
    if (floatingIp.target === undefined) continue;
    const origin = because("l3/floating-ip-scope", floatingIp.pointer, inside.pointer);
    const incoming = rfp === undefined ? [toHost(floatingIp.ip)] : [toHost(floatingIp.ip), inDevice(rfp)];
    builder.addRule("mangle", "floatingip", incoming, setScopeMark(scopeMark(router, inside, 4)), origin);
    builder.addRule("mangle", "FORWARD", [fromHost(floatingIp.target.fixedIp)], builder.jumpTo("float-snat"), origin);
  }
}

function inChanceOrder(devices: readonly ScopedDevice[], order: readonly string[]): ScopedDevice[] {
  const place = new Map(order.map((name, index) => [name, index]));
  const last = order.length;
  return [...devices].sort((a, b) => (place.get(a.device) ?? last) - (place.get(b.device) ?? last));
}
