import type { IptablesMatch, IptablesTarget } from "../../ir/iptables.js";
import type { WiredPort } from "../../model/host-view.js";
import type { ResolvedPort } from "../../model/resolved.js";
import { type Cidr, cidrLength, cidrVersion, hostCidr, parseCidr, toCidr } from "../../net/cidr.js";
import { type Ip, type Ipv6, type IpVersion, linkLocal } from "../../net/ip.js";
import type { Mac } from "../../net/mac.js";
import type { Release } from "../../releases/release.js";
import type { Origin } from "../../source/origin.js";
import type { IptablesBuilder } from "../l3/iptables/builder.js";
import { comment, fromPrefix, toPrefix } from "../l3/iptables/rule.js";
import { because } from "./because.js";
import { dhcpServers, routerAdvertisers } from "./network-services.js";
import { groupRules } from "./group-rules.js";
import type { RootSlice } from "../slices.js";

/** Ports of DHCP: server and client. */
const dhcpPorts: Readonly<Record<IpVersion, { readonly server: number; readonly client: number }>> = {
  4: { server: 67, client: 68 },
  6: { server: 547, client: 546 },
};

const icmpv6 = {
  multicastListenerQuery: 130,
  multicastListenerReport: 131,
  routerAdvertisement: 134,
  solicitation: 135,
  advertisement: 136,
} as const;
const multicastListenerReport2 = 143;

const returnTarget: IptablesTarget = { kind: "return" };
const drop: IptablesTarget = { kind: "drop" };

/** What builds the chains of one port in one version. */
export interface PortChains {
  readonly builder: IptablesBuilder;
  readonly view: RootSlice;
  readonly wired: WiredPort;
  readonly version: IpVersion;
  readonly release: Release;
}

/** Name of a port's chain without the agent's: towards the machine `i`, from it `o`, its addresses `s`. Source: Neutron `OVSHybridIptablesFirewallDriver._port_chain_name`. */
export function chainName(letter: "i" | "o" | "s", port: ResolvedPort): string {
  return `${letter}${port.id}`.slice(0, 11);
}

/** The chain of packets to a machine. Source: Neutron `IptablesFirewallDriver._add_rules_by_security_group`. */
export function addIngressChain(chains: PortChains): void {
  const { release, version, wired } = chains;
  const chain = addPortChain(chains, "i");
  if (version === 6) {
    const { multicastListenerQuery, routerAdvertisement, solicitation, advertisement } = icmpv6;
    const types = release.features.has("hybrid-dhcp-by-destination")
      ? [multicastListenerQuery, solicitation, advertisement]
      : [multicastListenerQuery, routerAdvertisement, solicitation, advertisement];
    for (const type of types) chain(icmpv6Type(type), returnTarget, because("hybrid/icmpv6", wired.port.pointer));
  }
  addGroupRules(chains, chain, "ingress");
}

/** The chain of packets from a machine. Source: Neutron `IptablesFirewallDriver._add_fixed_egress_rules`. */
export function addEgressChain(chains: PortChains): void {
  const { builder, version, wired } = chains;
  const { server, client } = dhcpPorts[version];
  const chain = addPortChain(chains, "o");
  const pointer = wired.port.pointer;
  const dhcp = because("hybrid/dhcp", pointer);
  const discovery = because("hybrid/icmpv6", pointer);
  const fromClient = [comment("Allow DHCP client traffic.")];
  const toServer = udpPorts(client, server);
  if (version === 4) {
    chain([...between("0.0.0.0/32", "255.255.255.255/32"), ...toServer, ...fromClient], returnTarget, dhcp);
  } else {
    const { multicastListenerReport, solicitation } = icmpv6;
    for (const type of [multicastListenerReport, solicitation, multicastListenerReport2]) {
      chain([...between("::/128", "ff02::/16"), ...icmpv6Type(type), comment("Allow IPv6 ICMP traffic.")], returnTarget, discovery);
    }
  }
  if (addSpoofingChain(chains)) chain([], builder.jumpTo(chainName("s", wired.port)), because("hybrid/spoofing", pointer));
  if (version === 6) {
    chain([...icmpv6Type(icmpv6.routerAdvertisement), comment("Drop IPv6 Router Advts from VM Instance.")], drop, discovery);
    chain([{ kind: "protocol", protocol: "ipv6-icmp" }, comment("Allow IPv6 ICMP traffic.")], returnTarget, discovery);
  }
  chain([...toServer, ...fromClient], returnTarget, dhcp);
  chain([...udpPorts(server, client), comment("Prevent DHCP Spoofing by VM.")], drop, dhcp);
  addGroupRules(chains, chain, "egress");
}

type AddRule = (matches: readonly IptablesMatch[], target: IptablesTarget, origin: Origin) => void;

function addPortChain({ builder, wired }: PortChains, letter: "i" | "o"): AddRule {
  const name = chainName(letter, wired.port);
  return (matches, target, origin) => {
    builder.addRule("filter", name, matches, target, origin);
  };
}

/** The chain of a port's own addresses; none where the port has no address of the version. Source: Neutron `_setup_spoof_filter_chain`. */
function addSpoofingChain({ builder, wired, version }: PortChains): boolean {
  const sources = allowedSources(wired.port, version);
  if (sources.length === 0) return false;
  const chain = chainName("s", wired.port);
  const origin = because("hybrid/spoofing", wired.port.pointer);
  builder.addChain("filter", chain, origin);
  for (const { prefix, mac } of sources) {
    const matches: IptablesMatch[] = [{ kind: "mac-source", mac }, comment("Allow traffic from defined IP/MAC pairs.")];
    if (prefix !== undefined && cidrLength(prefix) > 0) matches.unshift(fromPrefix(prefix));
    builder.addRule("filter", chain, matches, returnTarget, origin);
  }
  builder.addRule("filter", chain, [comment("Drop traffic without an IP/MAC allow rule.")], drop, origin);
  return true;
}

interface AllowedSource {
  /** Undefined: any address. */
  readonly prefix: Cidr | undefined;
  readonly mac: Mac;
}

/** Allowed address pairs, then the port's own; IPv6 with the MAC's link-local address, once. Source: Neutron `_build_ipv4v6_mac_ip_list`. */
function allowedSources(port: ResolvedPort, version: IpVersion): AllowedSource[] {
  const sources = [
    ...port.allowedAddressPairs.map(({ ip, mac }) => ({ prefix: ip, mac })),
    ...port.fixedIps.map(({ ip }) => ({ prefix: hostCidr(ip), mac: port.mac })),
  ].filter(({ prefix }) => cidrVersion(prefix) === version);
  const result: AllowedSource[] = [];
  for (const source of sources) {
    result.push(source);
    const own = hostCidr(linkLocal(source.mac));
    if (version === 6 && !result.some(({ prefix, mac }) => prefix === own && mac === source.mac))
      result.push({ prefix: own, mac: source.mac });
  }
  if (port.fixedIps.length === 0) result.push({ prefix: undefined, mac: port.mac });
  return result;
}

/** Rules of every chain's end: known connections, services of the network, the groups' rules, the rest. Source: Neutron `_convert_sgr_to_iptables_rules`. */
function addGroupRules(chains: PortChains, chain: AddRule, direction: "ingress" | "egress"): void {
  const { builder, view, wired, version, release } = chains;
  const known = because("hybrid/known", wired.port.pointer);
  const established = [comment("Direct packets associated with a known session to the RETURN chain.")];
  chain([state("RELATED", "ESTABLISHED"), ...established], returnTarget, known);
  if (direction === "ingress") addServiceRules(chains, chain);
  for (const { matches, rule } of groupRules(view, wired.port, direction, version, release)) {
    chain(matches, returnTarget, because("hybrid/group-rule", rule.pointer, wired.port.pointer));
  }
  const invalid = "Drop packets that appear related to an existing connection (e.g. TCP ACK/FIN) but do not have an entry in conntrack.";
  chain([state("INVALID"), comment(invalid)], drop, known);
  const fallback = [comment("Send unmatched traffic to the fallback chain.")];
  chain(fallback, builder.jumpTo("sg-fallback"), because("hybrid/fallback", wired.port.pointer));
}

/** Router advertisements and DHCP answers that the server lets in by itself. Source: Neutron `SecurityGroupServerRpcMixin._apply_provider_rule`. */
function addServiceRules({ wired: { port }, version, release }: PortChains, chain: AddRule): void {
  const { server, client } = dhcpPorts[version];
  const answer = udpPorts(server, client);
  const dhcp = because("hybrid/dhcp", port.pointer);
  const discovery = because("hybrid/icmpv6", port.pointer);
  if (!release.features.has("hybrid-dhcp-by-destination")) {
    const protocol: IptablesMatch = { kind: "protocol", protocol: "ipv6-icmp" };
    if (version === 6)
      for (const router of routerAdvertisers(port.network)) chain([fromPrefix(hostCidr(router)), protocol], returnTarget, discovery);
    for (const source of dhcpServers(port.network, version)) chain([fromPrefix(hostCidr(source)), ...answer], returnTarget, dhcp);
    return;
  }
  const own = port.fixedIps.filter(({ ip }) => cidrVersion(hostCidr(ip)) === version).map(({ ip }) => hostCidr(ip));
  if (version === 6 && own.length > 0) chain(icmpv6Type(icmpv6.routerAdvertisement), returnTarget, discovery);
  const shared = version === 4 ? prefixOf("255.255.255.255/32") : toCidr("fe80::" as Ipv6, 64);
  for (const destination of [...own, shared]) chain([toPrefix(destination), ...answer], returnTarget, dhcp);
}

function between(source: string, destination: string): IptablesMatch[] {
  return [fromPrefix(prefixOf(source)), toPrefix(prefixOf(destination))];
}

function prefixOf(text: string): Cidr {
  return parseCidr(text) ?? hostCidr(text as Ip);
}

function udpPorts(source: number, destination: number): IptablesMatch[] {
  return [
    { kind: "protocol", protocol: "udp" },
    { kind: "ports", module: "udp", sport: String(source), dport: String(destination) },
  ];
}

function icmpv6Type(type: number): IptablesMatch[] {
  return [
    { kind: "protocol", protocol: "ipv6-icmp" },
    { kind: "icmp", module: "icmp6", type: String(type) },
  ];
}

function state(...states: readonly string[]): IptablesMatch {
  return { kind: "ctstate", states, module: "state" };
}
