import type { HostDhcp } from "../../../model/host-view.js";
import type { IpVersion } from "../../../net/ip.js";
import type { Release } from "../../../releases/release.js";
import { because } from "../because.js";
import { type BaseTables, baseIptables, dhcpAgentBinary } from "./base.js";
import type { IptablesBuilder } from "./builder.js";
import type { DualTables } from "./l3.js";
import { udpTo } from "./rule.js";

/** Ports of DHCP clients. Source: neutron_lib `constants.DHCP_CLIENT_PORT`, `DHCPV6_CLIENT_PORT`. */
const clientPort: Readonly<Record<IpVersion, number>> = { 4: 68, 6: 546 };

/** iptables and ip6tables of a qdhcp namespace: answers get a checksum. Source: Neutron `DeviceManager.fill_dhcp_udp_checksums`. */
export function dhcpIptables(dhcp: HostDhcp, release: Release): DualTables {
  const origin = because("l3/iptables-base", dhcp.network.pointer);
  const build = (version: IpVersion): IptablesBuilder => {
    const builder = baseIptables(dhcpAgentBinary, version, { mangle: true, nat: natOf(version, release) }, origin);
    const checksum = because("l3/dhcp-checksum", dhcp.network.pointer);
    builder.addRule("mangle", "POSTROUTING", udpTo(clientPort[version]), { kind: "checksum-fill" }, checksum);
    return builder;
  };
  return { iptables: build(4).build(), ip6tables: release.features.has("dhcp-ip6tables") ? build(6).build() : [] };
}

function natOf(version: IpVersion, release: Release): BaseTables["nat"] {
  if (release.features.has("dhcp-nat-prerouting")) return "prerouting";
  return version === 4 && release.features.has("dhcp-nat-full") ? "whole" : "none";
}
