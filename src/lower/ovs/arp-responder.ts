import type { Ipv4 } from "../../net/ip.js";
import type { Action } from "../../ir/action.js";
import { etherType } from "../../ir/match.js";
import type { ResolvedPort } from "../../model/resolved.js";
import type { Release } from "../../releases/release.js";
import { move, setArpSpa, setMac, setNumber } from "./actions.js";
import { cause } from "./cause.js";
import type { FlowDraft } from "./flow-set.js";

/** ARP's reply operation (RFC 826). */
const arpReply = 2;

/** What is the same in every answer: a large cloud has hundreds of thousands. */
const asReply = setNumber("arpOp", arpReply);
const toAsker = [move("NXM_NX_ARP_SHA", "NXM_NX_ARP_THA"), move("NXM_OF_ARP_SPA", "NXM_OF_ARP_TPA")] as const;
const backToSender = move("NXM_OF_ETH_SRC", "NXM_OF_ETH_DST");
const inPort: Action = { kind: "in-port" };

/**
 * Turns an ARP request for a known address into its answer and sends it back.
 *
 * Source: Neutron native `install_arp_responder`; the order of the actions is its.
 */
export function arpResponderFlow(release: Release, localVlan: number, ip: Ipv4, port: ResolvedPort): FlowDraft {
  return {
    table: release.flowTables.brTun.arpResponder,
    priority: 1,
    match: { ethType: etherType.arp, vlanVid: localVlan, arpTpa: ip },
    actions: [asReply, ...toAsker, setMac("arpSha", port.mac), setArpSpa(ip), backToSender, setMac("ethSrc", port.mac), inPort],
    origin: cause("l2pop/arp", port.pointer),
  };
}
