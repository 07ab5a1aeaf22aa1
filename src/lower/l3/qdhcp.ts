import type { Device, InterfaceAddress, Namespace, Route, Sysctl } from "../../ir/namespace.js";
import type { HostDhcp } from "../../model/host-view.js";
import type { ResolvedSubnet } from "../../model/resolved.js";
import { hostCidr, toCidr } from "../../net/cidr.js";
import type { Ip, Ipv4, Ipv6, IpVersion } from "../../net/ip.js";
import type { Release } from "../../releases/release.js";
import { because } from "./because.js";
import { interfaceAddress, internalDevice, loopback, portCidr } from "./devices.js";
import { gatewayHostRoutes } from "./external.js";
import { kernelRules, kernelRules6 } from "./ip-rules.js";
import { dhcpIptables } from "./iptables/qdhcp.js";
import { qdhcpName } from "./names.js";
import { agentRoute, connectedRoutes, type Routes } from "./routes.js";
import { settle } from "./settle.js";
import type { HostSlice } from "../slices.js";

/** Source: neutron_lib `constants.METADATA_V4_IP`, `METADATA_V6_IP`. */
const metadataV4 = "169.254.169.254" as Ipv4;
const metadataV6 = "fe80::a9fe:a9fe" as Ipv6;

/** The qdhcp namespace of a network. Source: Neutron `linux.dhcp.DeviceManager`. */
export function lowerQdhcp(view: HostSlice, dhcp: HostDhcp, release: Release): Namespace {
  const cause = dhcp.network.pointer;
  const devices = [loopback(cause), dhcpDevice(view, dhcp, release)];
  const connected = connectedRoutes(devices);
  const defaults = defaultRoutes(dhcp, release);
  return settle({
    name: qdhcpName(dhcp.network),
    kind: "qdhcp",
    devices,
    ipRules: kernelRules(cause),
    ip6Rules: kernelRules6(cause),
    routes: [...connected.routes, ...defaults.routes],
    routes6: [...connected.routes6, ...defaults.routes6],
    neighbours: [],
    ...dhcpIptables(dhcp, release),
    sysctls: dhcpSysctls(dhcp, release),
    origin: because("l3/qdhcp", cause, view.host.pointer),
  });
}

function dhcpDevice(view: HostSlice, { network, wired }: HostDhcp, release: Release): Device {
  const origin = because("l3/dhcp-device", wired.port.pointer, network.pointer);
  const own = wired.port.fixedIps
    .filter(({ subnet }) => subnet.enableDhcp && (release.features.has("dhcp-slaac-address") || !isAutoAddress(subnet)))
    .map((fixedIp) => interfaceAddress(portCidr(fixedIp), origin));
  return internalDevice(wired, [...own, ...metadataAddresses(view, network.subnets, release)], origin);
}

/** Source: Neutron `ipv6_utils.is_auto_address_subnet`. */
function isAutoAddress({ ipv6AddressMode, ipv6RaMode }: ResolvedSubnet): boolean {
  return [ipv6AddressMode, ipv6RaMode].some((mode) => mode === "slaac" || mode === "dhcpv6-stateless");
}

/** Addresses by which the DHCP agent serves metadata where routers do not. Source: Neutron `DeviceManager.setup`. */
function metadataAddresses(view: HostSlice, subnets: readonly ResolvedSubnet[], release: Release): InterfaceAddress[] {
  const { enableIsolatedMetadata, forceMetadata } = view.host.agent;
  if (!enableIsolatedMetadata && !forceMetadata) return [];
  const origin = because("l3/dhcp-metadata", view.host.pointer);
  const ipv4 = release.features.has("dhcp-metadata-host-prefix") ? hostCidr(metadataV4) : toCidr(metadataV4, 16);
  const bySubnet = release.features.has("dhcp-metadata-ipv6-by-subnet");
  const ipv6 = release.features.has("dhcp-metadata-ipv6") && (!bySubnet || subnets.some(({ version }) => version === 6));
  const ipv6Cidr = release.features.has("dhcp-metadata-ipv6-host-prefix") ? hostCidr(metadataV6) : toCidr(metadataV6, 64);
  return [interfaceAddress(ipv4, origin), ...(ipv6 ? [interfaceAddress(ipv6Cidr, origin)] : [])];
}

/** Source: Neutron `DeviceManager._set_default_route`. */
function defaultRoutes({ network, wired, defaultGateway4, defaultGateway6 }: HostDhcp, release: Release): Routes {
  const origin = because("l3/dhcp-default-route", network.pointer);
  const byVersion = (via: Ip | undefined, version: IpVersion): Route[] => {
    if (via === undefined) return [];
    const subnets = network.subnets.filter(({ enableDhcp, gatewayIp }) => enableDhcp && gatewayIp === via).slice(0, 1);
    const hosts = gatewayHostRoutes(wired, subnets, release);
    return [
      agentRoute({ destination: "default", via, dev: wired.device, origin }, release),
      ...(version === 4 ? hosts.routes : hosts.routes6),
    ];
  };
  return {
    routes: byVersion(defaultGateway4, 4),
    routes6: release.features.has("dhcp-default-route-ipv6") ? byVersion(defaultGateway6, 6) : [],
  };
}

/** The namespace takes no addresses from router advertisements. Source: Neutron `DeviceManager.setup`. */
function dhcpSysctls({ network }: HostDhcp, release: Release): Sysctl[] {
  if (!release.features.has("sysctl-dhcp")) return [];
  const origin = because("l3/sysctl-dhcp", network.pointer);
  return [
    { key: "net.ipv4.ip_nonlocal_bind", value: "1", origin },
    { key: "net.ipv6.conf.default.accept_ra", value: "0", origin },
  ];
}
