import type { AgentDocument } from "../../dsl/types.generated.js";
import type { BridgePort } from "../../ir/bridge.js";
import type { IptablesRule } from "../../ir/iptables.js";
import type { Device, Namespace } from "../../ir/namespace.js";
import { cidrCanonical } from "../../net/cidr.js";
import type { Release } from "../../releases/release.js";
import { maskingFlows } from "./dvr-macs.js";
import type { DumpedHost } from "./facts.js";

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

/**
 * Whether distributed routers deliver to DHCP ports on subnets of theirs.
 *
 * A port that was wired before them tells; to one that came later they deliver in any case.
 */
function dhcpOptions(dump: DumpedHost, release: Release): AgentDocument {
  if (!release.features.has("host-dvr-for-dhcp")) return {};
  const { dvrToSrcMac, dvrToSrcMacPhysical } = release.flowTables.brInt;
  const deliveries = [...dump.flows("br-int", dvrToSrcMac), ...dump.flows("br-int", dvrToSrcMacPhysical)];
  const delivered = new Set(deliveries.flatMap(({ match }) => match.ethDst ?? []));
  const masked = new Set(maskingFlows(dump, release).map(({ match }) => match.ethSrc));
  const ports = new Map((dump.bridge("br-int")?.ports ?? []).map((port) => [port.name, port]));
  const subnetsOn = ({ name, addresses }: Device): string[] =>
    addresses.flatMap(({ cidr, scope }) => (scope === "global" ? `${ports.get(name)?.tag ?? ""} ${cidrCanonical(cidr)}` : []));
  const wiredAt = ({ name }: Device): number => ports.get(name)?.ofport ?? 0;
  const interfaces = devicesIn(dump, "qrouter").filter(({ mac }) => masked.has(mac));
  const routedSince = new Map<string, number>();
  for (const device of interfaces) {
    for (const subnet of subnetsOn(device)) routedSince.set(subnet, Math.min(wiredAt(device), routedSince.get(subnet) ?? Infinity));
  }
  const taps = devicesIn(dump, "qdhcp").filter((device) => subnetsOn(device).some((subnet) => routedSince.has(subnet)));
  const isEarly = (tap: Device): boolean => subnetsOn(tap).every((subnet) => wiredAt(tap) < (routedSince.get(subnet) ?? Infinity));
  if (delivered.size === 0) return {};
  if (taps.some((tap) => delivered.has(tap.mac) && isEarly(tap))) return { host_dvr_for_dhcp: true };
  return taps.some(({ mac }) => !delivered.has(mac)) ? { host_dvr_for_dhcp: false } : {};
}

function devicesIn({ state }: DumpedHost, wanted: Namespace["kind"]): Device[] {
  return state.namespaces.flatMap(({ kind, devices }) => (kind === wanted ? devices : []));
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
