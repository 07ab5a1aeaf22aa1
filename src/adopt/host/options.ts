import type { AgentDocument } from "../../dsl/types.generated.js";
import type { BridgePortKind } from "../../ir/bridge.js";
import type { IptablesRule } from "../../ir/iptables.js";
import type { Mac } from "../../net/mac.js";
import { byText } from "../../base/order.js";
import type { Release } from "../../releases/release.js";
import { type DumpedHost, macSetBy } from "./facts.js";

/** Options of the agents that the API does not give and a host's state shows. What it does not show is left out. */
export function inferOptions(dump: DumpedHost, release: Release): AgentDocument {
  return {
    ...firewallDriver(dump, release),
    ...tunnelOptions(dump),
    ...egressDirect(dump, release),
    ...routerOptions(dump),
    ...metadataOptions(dump),
  };
}

function firewallDriver(dump: DumpedHost, release: Release): AgentDocument {
  if (dump.bridge("br-int") === undefined) return {};
  const chains = dump.state.root?.iptables.flatMap((table) => table.chains.map(({ name }) => name)) ?? [];
  if (dump.flows("br-int", release.flowTables.brInt.baseEgress).length > 0) return { firewall_driver: "openvswitch" };
  return { firewall_driver: chains.some((name) => name.startsWith("neutron-openvswi-")) ? "iptables_hybrid" : "noop" };
}

function tunnelOptions(dump: DumpedHost): AgentDocument {
  const tunnel = dump
    .bridge("br-tun")
    ?.ports.map(({ type }) => type)
    .find((type): type is Extract<BridgePortKind, { kind: "tunnel" }> => type.kind === "tunnel");
  if (tunnel === undefined) return {};
  const port = tunnel.options["dst_port"];
  return {
    ...(port === undefined ? {} : { vxlan_udp_port: Number(port) }),
    ...(tunnel.options["csum"] === "true" ? { tunnel_csum: true } : {}),
    ...(tunnel.options["df_default"] === "false" ? { dont_fragment: false } : {}),
  };
}

function egressDirect(dump: DumpedHost, release: Release): AgentDocument {
  const { pipeline } = release.flowTables.brInt;
  if (pipeline === undefined) return {};
  const direct = [...dump.flows("br-int", pipeline.acceptedEgressNormal), ...dump.flows("br-int", pipeline.localMacDirect)];
  return direct.some(({ priority }) => priority === 12) ? { explicitly_egress_direct: true } : {};
}

function routerOptions(dump: DumpedHost): AgentDocument {
  const rules = rulesOf(dump, (name) => name.startsWith("qrouter-") || name.startsWith("snat-"));
  const snat = rules.flatMap(({ target }) => (target?.kind === "snat" ? [target.randomFully] : []));
  const routers = dump.state.namespaces.filter(({ kind }) => kind === "qrouter");
  const redirects = rules.some(({ target }) => target?.kind === "redirect");
  return {
    ...(snat.length > 0 && !snat.includes(true) ? { use_random_fully: false } : {}),
    ...(routers.length > 0 && routers.every(({ iptables }) => iptables.length > 0) && !redirects ? { enable_metadata_proxy: false } : {}),
  };
}

function rulesOf(dump: DumpedHost, wanted: (namespace: string) => boolean): readonly IptablesRule[] {
  return dump.state.namespaces
    .filter(({ name }) => wanted(name))
    .flatMap(({ iptables }) => iptables.flatMap(({ chains }) => chains.flatMap(({ rules }) => rules)));
}

/** The metadata address in a DHCP namespace: on every network where forced, on those without a router where isolated. */
function metadataOptions(dump: DumpedHost): AgentDocument {
  const dhcp = dump.state.namespaces.filter(({ kind }) => kind === "qdhcp");
  const serving = dhcp.filter(({ devices }) =>
    devices.some(({ addresses }) => addresses.some(({ cidr }) => cidr.startsWith("169.254.169.254/"))),
  );
  if (serving.length === 0) return {};
  return serving.length === dhcp.length ? { force_metadata: true } : { enable_isolated_metadata: true };
}

/**
 * The MAC by which a host hides its distributed routers: br-int expects replies to it, br-tun and physical bridges write it.
 *
 * Errors: undefined where the dump does not show it: a host of a release without ARP reply flows and without a distributed router.
 */
export function dvrMacOf(dump: DumpedHost, release: Release): Mac | undefined {
  const { pipeline } = release.flowTables.brInt;
  for (const flow of dump.flows("br-int", 0)) {
    const { ethDst } = flow.match;
    const replies = flow.actions.some((action) => action.kind === "goto-table" && action.table === pipeline?.arpDvrMacToDstMac);
    if (replies && typeof ethDst === "string") return ethDst;
  }
  const written = [
    ...dump.flows("br-tun", release.flowTables.brTun.dvrProcess),
    ...dump.state.bridges.flatMap(({ name }) =>
      name === "br-int" || name === "br-tun" ? [] : dump.flows(name, release.flowTables.brPhys.dvrProcess),
    ),
  ];
  for (const flow of written) {
    const mac = macSetBy(flow, "ethSrc");
    if (mac !== undefined) return mac;
  }
  return undefined;
}

/** DVR MACs of hosts: those that a dump shows, and for the one host that none shows, the one that the others know and nobody has. */
export function dvrMacs(dumps: ReadonlyMap<string, DumpedHost>, hosts: readonly string[], release: Release): Map<string, Mac> {
  const found = new Map<string, Mac>();
  const known = new Set<Mac>();
  for (const [host, dump] of dumps) {
    const mac = dvrMacOf(dump, release);
    if (mac !== undefined) found.set(host, mac);
    for (const { match } of dump.flows("br-tun", release.flowTables.brTun.dvrNotLearn))
      if (typeof match.ethSrc === "string") known.add(match.ethSrc);
  }
  for (const mac of found.values()) known.delete(mac);
  const unknown = hosts.filter((host) => !found.has(host)).sort(byText);
  const [host] = unknown;
  const [mac] = known;
  if (unknown.length === 1 && known.size === 1 && host !== undefined && mac !== undefined) found.set(host, mac);
  return found;
}

/** The release whose flow tables a host's br-int has; undefined where it shows none of those known. */
export function inferRelease(dumps: Iterable<DumpedHost>, releases: readonly Release[]): Release | undefined {
  for (const dump of dumps) {
    const used = new Set((dump.bridge("br-int")?.flows ?? []).map(({ table }) => table));
    if (used.size === 0) continue;
    const fitting = releases.filter(({ flowTables: { brInt } }) => (brInt.pipeline?.limitChain ?? []).every((table) => used.has(table)));
    const longest = Math.max(...fitting.map(({ flowTables: { brInt } }) => brInt.pipeline?.limitChain.length ?? 0));
    const best = fitting.find(({ flowTables: { brInt } }) => (brInt.pipeline?.limitChain.length ?? 0) === longest);
    if (best !== undefined) return best;
  }
  return undefined;
}
