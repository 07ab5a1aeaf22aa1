import type { Namespace, Sysctl } from "../../ir/namespace.js";
import type { HostRouter, HostSnat } from "../../model/host-view.js";
import type { Release } from "../../releases/release.js";
import { because } from "./because.js";
import { gatewayDevice, gatewayRoutes } from "./centralised.js";
import { loopback, portDevice } from "./devices.js";
import { kernelRules, kernelRules6 } from "./ip-rules.js";
import { snatIptables } from "./iptables/snat.js";
import { snatName } from "./names.js";
import { settle } from "./settle.js";
import { externalDeviceSysctls, l3Sysctls } from "./sysctl.js";
import type { HostSlice } from "../slices.js";

/** The snat namespace of a distributed router with a gateway, on its SNAT host. Source: Neutron `DvrEdgeRouter`, `SnatNamespace`. */
export function lowerSnat(view: HostSlice, router: HostRouter, snat: HostSnat, release: Release): Namespace {
  const cause = router.router.pointer;
  const devices = [
    loopback(cause),
    ...snat.ports.map((wired) => portDevice(wired, "l3/csnat-device", cause)),
    gatewayDevice(snat.gateway, snat.centralFloatingIps),
  ];
  return settle({
    name: snatName(router.router),
    kind: "snat",
    devices,
    ipRules: kernelRules(cause),
    ip6Rules: kernelRules6(cause),
    ...gatewayRoutes(router, snat.gateway, devices, "snat", release),
    neighbours: [],
    ...snatIptables(router, snat, { release, agent: view.host.agent }),
    sysctls: [
      ...l3Sysctls(release, cause),
      ...snatSysctls(router, release),
      ...externalDeviceSysctls(snat.gateway, release, snat.gateway.port.pointer),
    ],
    origin: because("l3/snat", cause, view.host.pointer),
  });
}

/** Connections are not picked up in the middle; addresses that are not there may be bound where the release lets them. Source: Neutron `SnatNamespace.create`. */
function snatSysctls(router: HostRouter, release: Release): Sysctl[] {
  if (!release.features.has("sysctl-snat")) return [];
  const origin = because("l3/sysctl-snat", router.router.pointer);
  return [
    { key: "net.ipv4.ip_nonlocal_bind", value: release.features.has("snat-nonlocal-bind") ? "1" : "0", origin },
    { key: "net.netfilter.nf_conntrack_tcp_loose", value: "0", origin },
  ];
}
