import type { AgentDocument } from "../../dsl/types.generated.js";
import type { BridgePort } from "../../ir/bridge.js";
import type { IptablesRule } from "../../ir/iptables.js";
import type { Mac } from "../../net/mac.js";
import { byText } from "../../base/order.js";
import type { Release } from "../../releases/release.js";
import { type DumpedHost, macSetBy } from "./facts.js";

/** Options of the agents that the API does not give and a host's state shows, default or not. What it does not show is left out. */
export function inferOptions(dump: DumpedHost, release: Release): AgentDocument {
  return {
    ...firewallDriver(dump, release),
    ...tunnelOptions(dump),
    ...egressDirect(dump, release),
    ...routerOptions(dump),
    ...metadataOptions(dump),
    ...dhcpOptions(dump, release),
    ...startOptions(dump, release),
  };
}

/** The bridge into which the L3 agent has plugged external ports itself: undefined where it has none, or they are on br-int. */
export function externalBridgeOf({ state }: DumpedHost): string | undefined {
  return state.bridges.find(({ name, ports }) => name !== "br-int" && ports.some((port) => /^(?:qg|fg)-/.test(port.name)))?.name;
}

function machinePorts(dump: DumpedHost): readonly BridgePort[] {
  const own = new Set(
    dump.state.namespaces.filter(({ kind }) => kind !== "other").flatMap(({ devices }) => devices.map(({ name }) => name)),
  );
  return (dump.bridge("br-int")?.ports ?? []).filter(({ name }) => /^(?:tap|qvo)/.test(name) && !own.has(name));
}

function firewallDriver(dump: DumpedHost, release: Release): AgentDocument {
  if (dump.bridge("br-int") === undefined) return {};
  if (dump.flows("br-int", release.flowTables.brInt.baseEgress).length > 0) return { firewall_driver: "openvswitch" };
  const machines = machinePorts(dump);
  const chains = dump.state.root?.iptables.flatMap((table) => table.chains.map(({ name }) => name)) ?? [];
  const isHybrid = machines.some(({ name }) => name.startsWith("qvo")) || chains.some((name) => name.startsWith("neutron-openvswi-"));
  if (isHybrid) return { firewall_driver: "iptables_hybrid" };
  // Without a port the hybrid driver leaves no trace either, and dumps may lack the host's own iptables.
  return machines.length > 0 || dump.state.root !== undefined ? { firewall_driver: "noop" } : {};
}

function tunnelOptions(dump: DumpedHost): AgentDocument {
  const tunnels = (dump.bridge("br-tun")?.ports ?? []).flatMap(({ type }) => (type.kind === "tunnel" ? [type] : []));
  const [tunnel] = tunnels;
  if (tunnel === undefined) return {};
  const vxlan = tunnels.find(({ type }) => type === "vxlan");
  const port = Number(vxlan?.options["dst_port"] ?? standardVxlanPort);
  return {
    ...(vxlan === undefined || !Number.isInteger(port) ? {} : { vxlan_udp_port: port }),
    tunnel_csum: tunnel.options["csum"] === "true",
    dont_fragment: tunnel.options["df_default"] !== "false",
  };
}

/** Source: RFC 7348. */
const standardVxlanPort = 4789;

/** Without the openvswitch firewall the option has flows of its own from the start, with it only where there is a port, or later releases' one flow. */
function egressDirect(dump: DumpedHost, release: Release): AgentDocument {
  const { brInt } = release.flowTables;
  if (brInt.pipeline === undefined || dump.bridge("br-int") === undefined) return {};
  const { localMacDirect, transient, acceptedEgressNormal } = brInt.pipeline;
  const hasFirewall = dump.flows("br-int", brInt.baseEgress).length > 0;
  if (!hasFirewall) return { explicitly_egress_direct: dump.flows("br-int", localMacDirect).length > 0 };
  const direct = dump.flows("br-int", acceptedEgressNormal).some(({ priority }) => priority > 1);
  const fromPatch = dump.flows("br-int", transient).some(({ priority, match }) => priority === 2 && Object.keys(match).length === 0);
  if (direct || fromPatch) return { explicitly_egress_direct: true };
  const hasPorts = (dump.bridge("br-int")?.ports ?? []).some(({ tag }) => tag !== undefined);
  return hasPorts || release.features.has("egress-direct-from-patch") ? { explicitly_egress_direct: false } : {};
}

function routerOptions(dump: DumpedHost): AgentDocument {
  const rules = rulesOf(dump, (name) => name.startsWith("qrouter-") || name.startsWith("snat-"));
  const snat = rules.flatMap(({ target }) => (target?.kind === "snat" ? [target.randomFully] : []));
  const routers = dump.state.namespaces.filter(({ kind, iptables }) => kind === "qrouter" && iptables.length > 0);
  const redirects = rules.some(({ target }) => target?.kind === "redirect");
  return {
    ...(snat.length > 0 ? { use_random_fully: snat.includes(true) } : {}),
    ...(routers.length > 0 ? { enable_metadata_proxy: redirects } : {}),
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

/** Whether distributed routers deliver to DHCP ports on networks that have one. */
function dhcpOptions(dump: DumpedHost, release: Release): AgentDocument {
  if (!release.features.has("host-dvr-for-dhcp")) return {};
  const tags = new Map((dump.bridge("br-int")?.ports ?? []).map(({ name, tag }) => [name, tag]));
  const delivered = new Set(dump.flows("br-int", release.flowTables.brInt.dvrToSrcMac).map(({ match }) => match.ethDst));
  const routed = new Set([...tags].flatMap(([name, tag]) => (name.startsWith("qr-") ? [tag] : [])));
  const taps = dump.state.namespaces
    .filter(({ kind }) => kind === "qdhcp")
    .flatMap(({ devices }) => devices.filter(({ name }) => name.startsWith("tap") && routed.has(tags.get(name))));
  if (delivered.size < 2 || taps.length === 0) return {};
  return { host_dvr_for_dhcp: taps.some(({ mac }) => delivered.has(mac)) };
}

/** Options of the first release only. */
function startOptions(dump: DumpedHost, release: Release): AgentDocument {
  const { arpSpoof, localSwitching } = release.flowTables.brInt;
  if (dump.bridge("br-int") === undefined) return {};
  const wipes = release.features.has("dvr-start-wipes-br-int") && dump.flows("br-int", arpSpoof).every(({ priority }) => priority !== 0);
  const spoofing = !release.features.has("arp-spoofing-always-prevented") && machinePorts(dump).length > 0;
  const isPrevented = dump.flows("br-int", localSwitching).some(({ priority }) => priority === 9 || priority === 10);
  const filters = dump.flows("br-int", release.flowTables.brInt.baseEgress).length > 0;
  return {
    ...(wipes ? { drop_flows_on_start: true } : {}),
    ...(spoofing && !filters ? { prevent_arp_spoofing: isPrevented } : {}),
  };
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

/**
 * DVR MACs of hosts: those that a dump shows, and for hosts without one those that the others know and nobody has.
 *
 * Which of these is whose cannot be told where there are several; on the hosts that were dumped it makes no difference.
 */
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
  [...known].sort(byText).forEach((mac, index) => {
    const host = unknown[index];
    if (host !== undefined) found.set(host, mac);
  });
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
