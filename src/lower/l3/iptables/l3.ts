import type { IptablesTable } from "../../../ir/iptables.js";
import type { HostRouter } from "../../../model/host-view.js";
import type { Ip, IpVersion, Ipv4, Ipv6 } from "../../../net/ip.js";
import type { AgentOptions } from "../../../model/agent-options.js";
import type { Release } from "../../../releases/release.js";
import type { Origin } from "../../../source/origin.js";
import { because } from "../because.js";
import { addScopeChains } from "../address-scope.js";
import { baseIptables, l3AgentBinary } from "./base.js";
import type { IptablesBuilder } from "./builder.js";
import { inDevice, routerMark, setRouterMark, tcpTo, toHost } from "./rule.js";

/** What an agent's iptables depend on besides the router. */
export interface L3Iptables {
  readonly release: Release;
  readonly agent: AgentOptions;
}

/** Tables of both address families. */
export interface DualTables {
  readonly iptables: IptablesTable[];
  readonly ip6tables: IptablesTable[];
}

/** Mark of metadata requests. Source: Neutron option `metadata_access_mark`. */
const metadataMark = 0x1;

/** Port of the metadata proxy. Source: Neutron option `metadata_port`. */
const metadataPort = 9697;

const httpPort = 80;

/** Address of the metadata service. Source: neutron_lib `constants.METADATA_V4_IP`, `METADATA_V6_IP`. */
const metadataAddress: Readonly<Record<IpVersion, Ip>> = { 4: "169.254.169.254" as Ipv4, 6: "fe80::a9fe:a9fe" as Ipv6 };

/** Every inner device of a router. */
const innerDevices = "qr-+";

/** What the L3 agent's manager starts with in one address family. */
export function l3Base(version: IpVersion, { release }: L3Iptables, origin: Origin): IptablesBuilder {
  const nat = version === 4 ? "whole" : release.features.has("ip6tables-nat") ? "prerouting" : "none";
  return baseIptables(l3AgentBinary, version, { mangle: true, nat }, origin);
}

/** What a router's manager starts with: the base with address scopes, and metadata in a qrouter namespace. */
export function routerBase(version: IpVersion, router: HostRouter, metadata: boolean, options: L3Iptables): IptablesBuilder {
  const builder = l3Base(version, options, because("l3/iptables-base", router.router.pointer));
  addScopeChains(builder, version, because("l3/scope-chains", router.router.pointer));
  if (metadata) addMetadata(builder, version, router, options);
  return builder;
}

/** SNAT picks source ports at random where release and option say so. Source: Neutron `IptablesManager.random_fully`. */
export function isRandomFully({ release, agent }: L3Iptables): boolean {
  return release.features.has("random-fully") && agent.useRandomFully;
}

/** Leads requests for metadata to the proxy on the host. Source: Neutron `metadata.driver.MetadataDriver`, `RouterInfo.initialize_metadata_iptables`. */
function addMetadata(builder: IptablesBuilder, version: IpVersion, router: HostRouter, { release, agent }: L3Iptables): void {
  if (version === 6 && !release.features.has("metadata-ipv6")) return;
  const origin = because("l3/metadata", router.router.pointer);
  const request = [toHost(metadataAddress[version]), inDevice(innerDevices), ...tcpTo(httpPort)];
  if (agent.enableMetadataProxy || release.features.has("metadata-mark-always")) {
    builder.addRule("mangle", "PREROUTING", request, setRouterMark(metadataMark), origin);
  }
  if (!agent.enableMetadataProxy) return;
  builder.addRule("filter", "INPUT", [routerMark(metadataMark)], { kind: "accept" }, origin);
  builder.addRule("filter", "INPUT", tcpTo(metadataPort), { kind: "drop" }, origin);
  builder.addRule("nat", "PREROUTING", request, { kind: "redirect", toPorts: String(metadataPort) }, origin);
}
