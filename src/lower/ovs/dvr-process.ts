import { etherType, ipProtocol } from "../../ir/match.js";
import type { LocalNetwork, WiredPort } from "../../model/host-view.js";
import { type Ip, isIpv4 } from "../../net/ip.js";
import type { Release } from "../../releases/release.js";
import { drop, gotoTable, setMac } from "./actions.js";
import { cause } from "./cause.js";
import type { FlowDraft } from "./flow-set.js";
import type { HostSlice } from "../slices.js";

/** ICMPv6 router advertisement (RFC 4861). */
const routerAdvertisement = 134;

/** The tables of the bridge that hide routers. */
export interface DvrProcessTables {
  readonly dvrProcess: number;
  readonly dvrDrops: number;
  /** Where masked frames go on. */
  readonly next: number;
}

/**
 * What keeps a distributed router's interfaces from being seen outside their host, for the networks that a bridge carries.
 *
 * Source: Neutron `OVSDVRProcessMixin`, `OVSDVRNeutronAgent._bind_distributed_router_interface_port`.
 */
export function* dvrProcessFlows(
  view: HostSlice,
  release: Release,
  tables: DvrProcessTables,
  networks: readonly LocalNetwork[],
): Generator<FlowDraft> {
  const { dvrMac } = view.host;
  if (dvrMac === undefined) return;
  for (const network of networks) {
    for (const wired of network.interfaces) {
      const { mac, pointer } = wired.port;
      const { localVlan } = network;
      yield {
        table: tables.dvrProcess,
        priority: 2,
        match: { vlanVid: localVlan, ethDst: mac },
        actions: drop,
        origin: cause("dvr-process/hide-local-router", pointer, view.host.pointer),
      };
      yield {
        table: tables.dvrProcess,
        priority: 1,
        match: { vlanVid: localVlan, ethSrc: mac },
        actions: [setMac("ethSrc", dvrMac), gotoTable(tables.next)],
        origin: cause("dvr-process/mask-source", pointer, view.host.pointer),
      };
      const silence = silenced(release, wired, localVlan, tables.dvrDrops, view);
      if (silence !== undefined) yield silence;
    }
  }
}

function silenced(release: Release, { port }: WiredPort, localVlan: number, table: number, view: HostSlice): FlowDraft | undefined {
  const address = silencedAddress(release, port.fixedIps[0]);
  if (address === undefined) return undefined;
  if (isIpv4(address)) {
    const match = { ethType: etherType.arp, vlanVid: localVlan, arpTpa: address };
    return { table, priority: 3, match, actions: drop, origin: cause("dvr-process/arp", port.pointer, view.host.pointer) };
  }
  const match = {
    ethType: etherType.ipv6,
    ipProto: ipProtocol.icmpv6,
    icmpType: routerAdvertisement,
    vlanVid: localVlan,
    ethSrc: port.mac,
  };
  const origin = cause("dvr-process/router-advertisement", port.pointer, view.host.pointer);
  return { table, priority: 3, match, actions: drop, origin };
}

/** The interface's own address; up to Newton the agent names the gateway of the subnet instead. */
function silencedAddress(release: Release, fixedIp: WiredPort["port"]["fixedIps"][number] | undefined): Ip | undefined {
  if (fixedIp === undefined) return undefined;
  const own = release.features.has("dvr-shared-subnets") || fixedIp.subnet.version === 6;
  return own ? fixedIp.ip : fixedIp.subnet.gatewayIp;
}
