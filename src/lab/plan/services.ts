import type { HostState } from "../../ir/host-state.js";
import type { Namespace } from "../../ir/namespace.js";
import type { HostDhcp, HostView } from "../../model/host-view.js";
import type { ResolvedSubnet } from "../../model/resolved.js";
import { cidrAddress } from "../../net/cidr.js";
import { ipVersion } from "../../net/ip.js";

/** A DHCP server of a host: where it runs and what it is told. */
export interface DhcpService {
  readonly namespace: string;
  /** Text of its dnsmasq configuration. */
  readonly configuration: string;
}

/** A place where a server asks for metadata. */
export interface MetadataService {
  readonly namespace: string;
  readonly port: number;
}

/** The DHCP servers of a host: one in each qdhcp namespace, for IPv4. Source: Neutron `Dnsmasq`; dnsmasq(8). */
export function dhcpServices({ dhcps }: HostView): readonly DhcpService[] {
  return dhcps.map((dhcp) => ({ namespace: `qdhcp-${dhcp.network.id}`, configuration: dnsmasqConfiguration(dhcp) }));
}

function dnsmasqConfiguration({ network, wired }: HostDhcp): string {
  const subnets = network.subnets.filter(({ version, enableDhcp }) => version === 4 && enableDhcp);
  const lines = [
    "port=0",
    "user=root",
    "bind-dynamic",
    "except-interface=lo",
    `interface=${wired.device}`,
    `pid-file=/run/dnsmasq-${network.id}.pid`,
    `dhcp-leasefile=/run/dnsmasq-${network.id}.leases`,
    "dhcp-authoritative",
    `dhcp-option-force=option:mtu,${network.mtu}`,
    ...subnets.flatMap(subnetLines),
    ...network.ports.flatMap(({ mac, fixedIps }) =>
      fixedIps.flatMap(({ ip, subnet }) => (subnets.includes(subnet) ? [`dhcp-host=${mac},host-${ip.replaceAll(".", "-")},${ip}`] : [])),
    ),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function subnetLines(subnet: ResolvedSubnet): string[] {
  const { id, cidr, gatewayIp, dnsNameservers, hostRoutes } = subnet;
  const servers = dnsNameservers.filter((server) => ipVersion(server) === 4);
  const routes = [
    ...hostRoutes.map(({ destination, nexthop }) => `${destination},${nexthop}`),
    ...(gatewayIp === undefined ? [] : [`0.0.0.0/0,${gatewayIp}`]),
  ];
  return [
    `dhcp-range=set:subnet-${id},${cidrAddress(cidr)},static,86400s`,
    gatewayIp === undefined ? `dhcp-option=tag:subnet-${id},option:router` : `dhcp-option=tag:subnet-${id},option:router,${gatewayIp}`,
    ...(hostRoutes.length === 0 ? [] : [`dhcp-option=tag:subnet-${id},option:classless-static-route,${routes.join(",")}`]),
    ...(servers.length === 0 ? [] : [`dhcp-option=tag:subnet-${id},option:dns-server,${servers.join(",")}`]),
  ];
}

/** Where a host's namespaces send metadata requests: the port of a redirect, or HTTP's own where a namespace has the address itself. */
export function metadataServices({ namespaces }: HostState): readonly MetadataService[] {
  return namespaces.flatMap((namespace) => [...metadataPorts(namespace)].map((port) => ({ namespace: namespace.name, port })));
}

function metadataPorts({ iptables, ip6tables, devices }: Namespace): ReadonlySet<number> {
  const redirects = [...iptables, ...ip6tables].flatMap(({ chains }) =>
    chains.flatMap(({ rules }) => rules.flatMap(({ target }) => (target?.kind === "redirect" ? [Number(target.toPorts)] : []))),
  );
  const isMetadataHost = devices.some(({ addresses }) => addresses.some(({ cidr }) => cidrAddress(cidr) === "169.254.169.254"));
  return new Set([...redirects, ...(isMetadataHost ? [80] : [])]);
}
