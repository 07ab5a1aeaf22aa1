import type { HostRouter } from "../../model/host-view.js";
import type { ResolvedFloatingIp } from "../../model/resolved.js";
import type { Ip } from "../../net/ip.js";
import type { Release } from "../../releases/release.js";
import type { Origin } from "../../source/origin.js";
import { because } from "./because.js";
import type { IptablesBuilder } from "./iptables/builder.js";
import {
  fromHost,
  inDevice,
  notInDevice,
  notOutDevice,
  notRouterMark,
  notTranslated,
  outDevice,
  saveScopeMark,
  scopeConnmark,
  setRouterMark,
  toHost,
  translated,
} from "./iptables/rule.js";
import { scopeMark } from "./address-scope.js";

/** Mark of what came in from outside. Source: Neutron option `external_ingress_mark`. */
const ingressMark = 0x2;

/** What NAT rules depend on besides the router. */
export interface NatOptions {
  readonly release: Release;
  /** Source ports of SNAT are chosen at random (`--random-fully`). */
  readonly randomFully: boolean;
}

/**
 * DNAT and SNAT of floating IPs.
 *
 * `rfp`: by this device only, as on the host of the machine; else also for packets of the namespace's own, as on the one host of a router.
 * Source: Neutron `floating_forward_rules` of `DvrLocalRouter` and `RouterInfo`, `DvrEdgeRouter._centralized_floating_forward_rules`.
 */
export function addFloatingIpNat(
  builder: IptablesBuilder,
  floatingIps: readonly { readonly floatingIp: ResolvedFloatingIp; readonly fixedIp: Ip }[],
  rfp: string | undefined,
  options: NatOptions,
): void {
  for (const { floatingIp, fixedIp } of floatingIps) {
    const origin = because("l3/floating-ip-nat", floatingIp.pointer);
    const dnat = { kind: "dnat", to: fixedIp } as const;
    builder.addRule("nat", "PREROUTING", [toHost(floatingIp.ip), ...(rfp === undefined ? [] : [inDevice(rfp)])], dnat, origin);
    if (rfp === undefined) builder.addRule("nat", "OUTPUT", [toHost(floatingIp.ip)], dnat, origin);
    const snat = { kind: "snat", to: floatingIp.ip, randomFully: options.randomFully } as const;
    builder.addRule("nat", "float-snat", [fromHost(fixedIp)], snat, origin);
  }
}

/**
 * Keeps source NAT off what does not leave by the outer device, unless it is on its way to a floating IP.
 *
 * Source: Neutron `RouterInfo._prevent_snat_for_internal_traffic_rule`.
 */
export function addNoInternalSnat(builder: IptablesBuilder, device: string, release: Release, origin: Origin): void {
  const matches = [...(release.features.has("no-snat-by-ingress") ? [notInDevice(device)] : []), notOutDevice(device), notTranslated()];
  builder.addRule("nat", "POSTROUTING", matches, { kind: "accept" }, origin);
}

/**
 * Source NAT of a gateway: that of the snat namespace or of a centralised router.
 *
 * The gateway's first IPv4 address is the source; without one there is no NAT. Source: Neutron `RouterInfo._add_snat_rules`.
 */
export function addGatewaySnat(builder: IptablesBuilder, router: HostRouter, device: string, options: NatOptions): void {
  const gateway = router.router.gateway;
  if (gateway === undefined) return;
  const origin = because("l3/gateway-snat", gateway.pointer);
  if (gateway.enableSnat) addScopeRouting(builder, router, device);
  const source = gateway.port.fixedIps.find(({ subnet }) => subnet.version === 4)?.ip;
  if (source === undefined) return;
  const snat = { kind: "snat", to: source, randomFully: options.randomFully } as const;
  if (gateway.enableSnat) builder.addRule("nat", "snat", [outDevice(device)], snat, origin);
  addNoInternalSnat(builder, device, options.release, because("l3/no-internal-snat", gateway.pointer));
  builder.addRule("nat", "snat", [notRouterMark(ingressMark), translated()], snat, because("l3/hairpin-snat", gateway.pointer));
  builder.addRule("mangle", "mark", [inDevice(device)], setRouterMark(ingressMark), because("l3/hairpin-snat", gateway.pointer));
}

/** Remembers the scope of what leaves, and lets it through untranslated within one scope. Source: Neutron `process_external_port_address_scope_routing`. */
function addScopeRouting(builder: IptablesBuilder, router: HostRouter, device: string): void {
  const gateway = router.router.gateway;
  if (gateway === undefined) return;
  const origin = because("l3/scope-without-snat", gateway.pointer);
  builder.addRule("mangle", "POSTROUTING", [outDevice(device), scopeConnmark(0)], saveScopeMark, origin);
  if (gateway.network.ipv4AddressScope === undefined) return;
  const mark = scopeMark(router, gateway.network, 4);
  builder.addRule("nat", "snat", [outDevice(device), scopeConnmark(mark)], { kind: "accept" }, origin);
}
