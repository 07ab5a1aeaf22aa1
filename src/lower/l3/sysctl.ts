import { by, byText, sorted } from "../../base/order.js";
import type { Sysctl } from "../../ir/namespace.js";
import type { WiredPort } from "../../model/host-view.js";
import { ipVersion } from "../../net/ip.js";
import type { Release } from "../../releases/release.js";
import { because } from "./because.js";
import type { Pointer } from "../../source/pointer.js";

/** Kernel parameters that the L3 agent sets in every namespace of its own. Source: Neutron `namespaces.Namespace.create`. */
export function l3Sysctls(release: Release, cause: Pointer): Sysctl[] {
  const origin = because("l3/sysctl-forwarding", cause);
  const all: [key: string, value: string][] = [
    ["net.ipv4.ip_forward", "1"],
    ["net.ipv6.conf.all.forwarding", "1"],
  ];
  if (release.features.has("sysctl-arp")) all.push(["net.ipv4.conf.all.arp_ignore", "1"], ["net.ipv4.conf.all.arp_announce", "2"]);
  if (release.features.has("sysctl-tcp-be-liberal")) all.push(["net.netfilter.nf_conntrack_tcp_be_liberal", "1"]);
  return all.map(([key, value]) => ({ key, value, origin }));
}

/**
 * Router advertisements and forwarding on qg-.
 *
 * Advertisements are accepted where no subnet of the gateway port has an IPv6 gateway; that overrides forwarding, hence 2.
 * Source: Neutron `RouterInfo._configure_ipv6_params_on_gw`; in Newton `_enable_ra_on_gw`.
 */
export function externalDeviceSysctls(gateway: WiredPort, release: Release, cause: Pointer): Sysctl[] {
  const origin = because("l3/sysctl-gateway-ra", cause);
  const hasIpv6Gateway = gateway.port.fixedIps.some(({ subnet }) => subnet.gatewayIp !== undefined && ipVersion(subnet.gatewayIp) === 6);
  const key = `net.ipv6.conf.${gateway.device}`;
  const acceptRa: Sysctl = { key: `${key}.accept_ra`, value: hasIpv6Gateway ? "0" : "2", origin };
  if (release.features.has("sysctl-qg-forwarding")) return [acceptRa, { key: `${key}.forwarding`, value: "1", origin }];
  return hasIpv6Gateway ? [] : [acceptRa];
}

/** Parameters in order of their names. */
export function orderSysctls(sysctls: readonly Sysctl[]): Sysctl[] {
  return sorted(
    sysctls,
    by((sysctl) => sysctl.key, byText),
  );
}
