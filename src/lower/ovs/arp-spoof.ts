import { etherType, ipProtocol } from "../../ir/match.js";
import { type Cidr, cidrLength, cidrVersion, hostCidr } from "../../net/cidr.js";
import { linkLocal } from "../../net/ip.js";
import type { Mac } from "../../net/mac.js";
import type { Release } from "../../releases/release.js";
import { gotoTable, normal } from "./actions.js";
import { isIpv4Match, matchAddress } from "./addresses.js";
import { cause } from "./cause.js";
import type { FlowDraft } from "./flow-set.js";
import { type IntegrationPort, isTrusted } from "./host-facts.js";
import { switchLocally } from "./local-switching.js";
import type { IntegrationSlice } from "../slices.js";

/** ICMPv6 neighbour advertisement (RFC 4861). */
const neighbourAdvertisement = 136;

/**
 * The anti-spoofing flows of br-int for every firewall driver that does not bring its own.
 *
 * An IPv4 address pair of prefix length 0 takes the neighbour discovery part away too: the agent deletes both at once.
 * Source: Neutron `OVSNeutronAgent.setup_arp_spoofing_protection`, `OVSIntegrationBridge.delete_arp_spoofing_protection`.
 */
export function* arpSpoofingFlows(view: IntegrationSlice, release: Release, ports: readonly IntegrationPort[]): Generator<FlowDraft> {
  if (!view.host.agent.preventArpSpoofing && !release.features.has("arp-spoofing-always-prevented")) return;
  for (const port of ports) if (!isTrusted(port.wired)) yield* portFlows(view, release, port);
}

function* portFlows(view: IntegrationSlice, release: Release, { wired }: IntegrationPort): Generator<FlowDraft> {
  const { port, ofport } = wired;
  const { localSwitching, macSpoof, arpSpoof, pipeline } = release.flowTables.brInt;
  const pairs = port.allowedAddressPairs;
  const macs = new Set<Mac>([port.mac, ...pairs.map((pair) => pair.mac)]);
  const addresses = [...port.fixedIps.map(({ ip }) => hostCidr(ip)), ...pairs.map((pair) => pair.ip)];
  const pointers = [...pairs.map((pair) => pair.pointer), view.host.pointer];

  const mac = cause("arp-spoof/mac", port.pointer, ...pointers);
  yield { table: localSwitching, priority: 9, match: { inPort: ofport }, actions: [gotoTable(macSpoof)], origin: mac };
  const afterMac = pipeline === undefined ? normal : gotoTable(pipeline.localEgress);
  for (const address of macs)
    yield { table: macSpoof, priority: 2, match: { inPort: ofport, ethSrc: address }, actions: [afterMac], origin: mac };

  const ipv4 = addresses.filter((address) => cidrVersion(address) === 4);
  if (ipv4.some(matchesAll)) return;
  const arp = cause("arp-spoof/arp", port.pointer, ...pointers);
  const arpMatch = { inPort: ofport, ethType: etherType.arp };
  yield { table: localSwitching, priority: 10, match: arpMatch, actions: [gotoTable(arpSpoof)], origin: arp };
  for (const address of ipv4) {
    const arpSpa = matchAddress(address);
    if (arpSpa === undefined || !isIpv4Match(arpSpa)) continue;
    yield { table: arpSpoof, priority: 2, match: { ...arpMatch, arpSpa }, actions: [gotoTable(macSpoof)], origin: arp };
  }

  const ipv6 = [...addresses.filter((address) => cidrVersion(address) === 6), ...[...macs].map((own) => hostCidr(linkLocal(own)))];
  if (ipv6.some(matchesAll)) return;
  const nd = cause("arp-spoof/nd", port.pointer, ...pointers);
  const ndMatch = { inPort: ofport, ethType: etherType.ipv6, ipProto: ipProtocol.icmpv6, icmpType: neighbourAdvertisement };
  yield { table: localSwitching, priority: 10, match: ndMatch, actions: [gotoTable(arpSpoof)], origin: nd };
  for (const address of ipv6) {
    const ndTarget = matchAddress(address);
    if (ndTarget === undefined || isIpv4Match(ndTarget)) continue;
    yield { table: arpSpoof, priority: 2, match: { ...ndMatch, ndTarget }, actions: [switchLocally(release)], origin: nd };
  }
}

function matchesAll(prefix: Cidr): boolean {
  return cidrLength(prefix) === 0;
}
