import type { HostRouter, HostSnat } from "../../../model/host-view.js";
import type { IpVersion } from "../../../net/ip.js";
import { because } from "../because.js";
import { addScopeRules, scopedDevices } from "../address-scope.js";
import { addFloatingIpNat, addGatewaySnat } from "../floating-ip-nat.js";
import type { IptablesBuilder } from "./builder.js";
import { type DualTables, isRandomFully, type L3Iptables, routerBase } from "./l3.js";

/** iptables and ip6tables of a router's snat namespace. Source: Neutron `DvrEdgeRouter._handle_router_snat_rules`, `process_address_scope`. */
export function snatIptables(router: HostRouter, snat: HostSnat, options: L3Iptables): DualTables {
  const build = (version: IpVersion): IptablesBuilder => {
    const builder = routerBase(version, router, false, options);
    const outer = { device: snat.gateway.device, port: snat.gateway.port, isRfp: false };
    const devices = scopedDevices(router, snat.ports, outer, version, options.release);
    const open = version === 4 && router.router.gateway?.enableSnat === true ? snat.gateway.device : undefined;
    addScopeRules(builder, devices, open);
    if (version === 6) return builder;
    builder.emptyChain("nat", "snat");
    if (options.release.features.has("snat-float-jump")) {
      builder.addRule("nat", "snat", [], builder.jumpTo("float-snat"), because("l3/snat-float-jump", router.router.pointer));
    }
    const nat = { release: options.release, randomFully: isRandomFully(options) };
    addGatewaySnat(builder, router, snat.gateway.device, nat);
    addFloatingIpNat(builder, snat.centralFloatingIps, undefined, nat);
    return builder;
  };
  return { iptables: build(4).build(), ip6tables: build(6).build() };
}
