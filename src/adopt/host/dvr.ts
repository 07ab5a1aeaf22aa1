import type { DvrDelivery, HostView } from "../../model/host-view.js";
import type { Flow } from "../../ir/flow.js";
import { cidrContains, cidrAddress, cidrLength } from "../../net/cidr.js";
import { ipVersion } from "../../net/ip.js";
import type { ResolvedPort } from "../../model/resolved.js";
import type { Mac } from "../../net/mac.js";
import type { Release } from "../../releases/release.js";
import { type DumpedHost, macSetBy } from "./facts.js";
import type { Adopt } from "./numbers.js";

/** What is left of several interfaces on one network or subnet, and which flows a port kept: chance and history. */
export function adoptDvr(view: HostView, dump: DumpedHost, release: Release, adopt: Adopt): void {
  const tables = release.flowTables.brInt;
  const deliveries = [...dump.flows("br-int", tables.dvrToSrcMac), ...dump.flows("br-int", tables.dvrToSrcMacPhysical)];
  const { pipeline } = tables;
  const inTable = (table: number | undefined): readonly Flow[] => (table === undefined ? [] : dump.flows("br-int", table));
  const replies = [...inTable(pipeline?.arpDvrMacToDstMac), ...inTable(pipeline?.arpDvrMacToDstMacPhysical)];
  for (const { network, interfaces } of view.networks) {
    const macs = new Set(replies.map((flow) => macSetBy(flow, "ethDst")));
    const left = interfaces.filter(
      ({ device, port }) => macs.has(port.mac) && isReplyOf(replies, port.mac, dump.port("br-int", device)?.ofport),
    );
    if (interfaces.length > 1 && left.length === 1) adopt("arp_reply_interface", network.key, left[0]?.port.key);
  }
  adoptGateways(view, dump, deliveries, adopt);
  const direct = new Set(
    inTable(pipeline?.transient).flatMap((flow) => (flow.priority === release.flowPriorities.dvrDelivery ? (flow.match.ethDst ?? []) : [])),
  );
  for (const delivery of view.dvrDeliveries) adoptDelivery(delivery, deliveries, direct, adopt);
}

function isReplyOf(replies: readonly Flow[], mac: Mac, ofport: number | undefined): boolean {
  return replies.some(
    (flow) => macSetBy(flow, "ethDst") === mac && flow.actions.some((action) => action.kind === "output" && action.port === ofport),
  );
}

/** The interface that is remembered for a subnet: its MAC is in the ARP flow, and the source of what is delivered to ports of the subnet alone. */
function adoptGateways(view: HostView, dump: DumpedHost, deliveries: readonly Flow[], adopt: Adopt): void {
  const remembered = new Set(dump.flows("br-int", 0).flatMap((flow) => flow.match.arpTha ?? []));
  const sourceOf = new Map(deliveries.map((flow) => [flow.match.ethDst, macSetBy(flow, "ethSrc")]));
  for (const { subnet } of view.subnetGateways) {
    const candidates = view.ports.filter(
      ({ port }) => port.deviceOwner === "network:router_interface_distributed" && port.fixedIps[0]?.subnet === subnet,
    );
    if (candidates.length < 2) continue;
    const alone = view.dvrDeliveries.filter(({ wired }) => wired.port.fixedIps.every((fixed) => fixed.subnet === subnet));
    const sources = new Set(alone.map(({ wired }) => sourceOf.get(wired.port.mac)));
    const bySource = candidates.filter(({ port }) => sources.has(port.mac));
    const chosen = bySource.length === 1 ? bySource : candidates.filter(({ port }) => remembered.has(port.mac));
    if (chosen.length === 1) adopt("subnet_gateway", subnet.key, chosen[0]?.port.key);
  }
}

/**
 * True for sg- ports on subnets at whose gateway address there is no port: one that an agent met before the router's interface has no delivery.
 *
 * Source: Neutron `DVRDbMixin.get_subnet_for_dvr`, which looks for the port with the subnet's `gateway_ip`.
 */
function mayBeGivenUp({ deviceOwner, fixedIps, network }: ResolvedPort): boolean {
  const [first] = fixedIps;
  if (deviceOwner !== "network:router_centralized_snat" || first === undefined) return false;
  const { subnet } = first;
  return !network.ports.some((port) => port.fixedIps.some((fixed) => fixed.subnet === subnet && fixed.ip === subnet.gatewayIp));
}

function adoptDelivery(
  { wired: { port, state }, network }: DvrDelivery,
  deliveries: readonly Flow[],
  direct: ReadonlySet<unknown>,
  adopt: Adopt,
): void {
  const source = deliveries
    .map((flow) => (flow.match.ethDst === port.mac ? macSetBy(flow, "ethSrc") : undefined))
    .find((mac) => mac !== undefined);
  if (source === undefined && state === "idle") adopt("idle_delivery", port.key, false);
  if (source === undefined && mayBeGivenUp(port)) adopt("snat_delivery", port.key, false);
  const byInterface = network.interfaces.find((one) => one.port.mac === source);
  const subnet = port.fixedIps.find((fixed) => byInterface?.port.fixedIps[0]?.subnet === fixed.subnet);
  if (port.fixedIps.length > 1) adopt("delivery_subnet", port.key, subnet?.subnet.key);
  if (port.portSecurity && direct.has(port.mac)) adopt("direct_delivery", port.key, true);
  const delivered = new Set(deliveries.map((flow) => flow.match.ethDst));
  const pairs = port.allowedAddressPairs.filter(({ ip, mac }) => {
    const address = cidrAddress(ip);
    const hostOnly = cidrLength(ip) === (ipVersion(address) === 4 ? 32 : 128);
    return mac !== port.mac && hostOnly && port.fixedIps.some(({ subnet: own }) => cidrContains(own.cidr, address));
  });
  if (pairs.length > 0)
    adopt(
      "pair_deliveries",
      port.key,
      [...new Set(pairs.map(({ mac }) => mac))].filter((mac) => delivered.has(mac)),
    );
}
