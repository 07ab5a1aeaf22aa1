import type { RouterFipLink } from "../../model/host-view.js";
import type { ResolvedFloatingIp, ResolvedNetwork, ResolvedRouter } from "../../model/resolved.js";
import { type Ipv4, ipv4FromNumber, ipv4ToNumber, parseIpv4 } from "../../net/ip.js";
import { type Mac, macFromNumber, parseMac } from "../../net/mac.js";
import type { Release } from "../../releases/release.js";
import { fipRulePriorities27, linkLocalPairs } from "../cpython/sequences.js";
import { readNumber } from "../ledger.js";
import { firstFree, lowestFree } from "../settle.js";
import type { HostChoices } from "./choices.js";
import { deviceName } from "./names.js";

/** A router of the host, and the fip namespace that it is linked to. */
export interface LinkedPart {
  readonly router: ResolvedRouter;
  readonly fipNetwork: ResolvedNetwork | undefined;
  /** Floating IPs that the host serves. */
  readonly served: readonly ResolvedFloatingIp[];
}

/** Links to fip namespaces: pairs and interface indexes are given out for each external network apart. */
export function settleLinks(choices: HostChoices, parts: readonly LinkedPart[], release: Release): Map<ResolvedRouter, RouterFipLink> {
  const byNetwork = new Map<ResolvedNetwork, ResolvedRouter[]>();
  for (const { router, fipNetwork } of parts) {
    if (fipNetwork === undefined) continue;
    const known = byNetwork.get(fipNetwork);
    if (known === undefined) byNetwork.set(fipNetwork, [router]);
    else known.push(router);
  }
  const links = new Map<ResolvedRouter, RouterFipLink>();
  for (const routers of byNetwork.values()) settleNetworkLinks(choices, routers, release, links);
  return links;
}

function settleNetworkLinks(
  choices: HostChoices,
  routers: readonly ResolvedRouter[],
  release: Release,
  links: Map<ResolvedRouter, RouterFipLink>,
): void {
  const pairs = new Map<ResolvedRouter, string>();
  const { order } = release.floatingIp.linkLocal;
  choices.settle<string>(
    "link_local_pair",
    routers.map((router) => ({ owner: router.key, pointer: router.pointer, assign: (pair) => void pairs.set(router, pair) })),
    {
      what: "link-local pair",
      name: "169.254.64.0/18",
      locksMayRepeat: true,
      read: (value) => (typeof value === "string" && lowerAddress(value) !== undefined ? value : undefined),
      expected: "a pair such as 169.254.64.0/31",
      propose: firstFree(() => linkLocalPairs(order)),
    },
  );
  const indexes = settleFprIndexes(choices, routers);
  for (const router of routers) {
    const lower = lowerAddress(pairs.get(router) ?? "");
    if (lower === undefined) continue;
    links.set(router, {
      rfpIp: lower,
      fprIp: ipv4FromNumber(ipv4ToNumber(lower) + 1),
      rfpDevice: deviceName("rfp-", router.id),
      fprDevice: deviceName("fpr-", router.id),
      rfpMac: randomMac(choices, "rfp_mac", router.key),
      fprMac: randomMac(choices, "fpr_mac", router.key),
      rfpIfindex: firstInNamespace,
      fprIfindex: indexes.get(router) ?? firstInNamespace,
    });
  }
}

/** Interface index of the first device that is born in a namespace, after lo. */
const firstInNamespace = 2;

function settleFprIndexes(choices: HostChoices, routers: readonly ResolvedRouter[]): Map<ResolvedRouter, number> {
  const indexes = new Map<ResolvedRouter, number>();
  choices.settle<number>(
    "fpr_ifindex",
    routers.map((router) => ({ owner: router.key, pointer: router.pointer, assign: (value) => void indexes.set(router, value) })),
    {
      what: "interface index",
      name: "the fip namespace",
      read: readNumber,
      expected: "an interface index",
      fits: (_, value) => value >= firstInNamespace,
      propose: lowestFree(firstInNamespace, 2 ** 31 - 1),
    },
  );
  return indexes;
}

function lowerAddress(pair: string): Ipv4 | undefined {
  if (!pair.endsWith("/31")) return undefined;
  const address = parseIpv4(pair.slice(0, -"/31".length));
  return address !== undefined && ipv4ToNumber(address) % 2 === 0 ? address : undefined;
}

/** A MAC that the kernel draws: unicast and locally administered. */
function randomMac(choices: HostChoices, what: string, owner: string): Mac {
  return choices.derive(
    what,
    owner,
    parseMac,
    "a MAC address",
    (mac) => mac,
    (hex) => {
      const first = (Number.parseInt(hex.slice(0, 2), 16) & 0xfc) | 2;
      return macFromNumber(first * 2 ** 40 + Number.parseInt(hex.slice(20, 30), 16));
    },
  );
}

/** Rule priorities of the floating IPs served here, out of one pool for each external network. Source: Neutron `FipRulePriorityAllocator`. */
export function settlePriorities(choices: HostChoices, parts: readonly LinkedPart[], release: Release): Map<ResolvedFloatingIp, number> {
  const byNetwork = new Map<ResolvedNetwork, ResolvedFloatingIp[]>();
  for (const { fipNetwork, served } of parts) {
    if (fipNetwork === undefined) continue;
    const known = byNetwork.get(fipNetwork);
    if (known === undefined) byNetwork.set(fipNetwork, [...served]);
    else known.push(...served);
  }
  const priorities = new Map<ResolvedFloatingIp, number>();
  const { first, count, order } = release.floatingIp.rulePriorities;
  for (const floatingIps of byNetwork.values()) {
    choices.settle<number>(
      "fip_rule_priority",
      floatingIps.map((one) => ({ owner: one.key, pointer: one.pointer, assign: (value) => void priorities.set(one, value) })),
      {
        what: "rule priority",
        name: `${first} to ${first + count - 1}`,
        read: readNumber,
        expected: "a rule priority",
        fits: (_, value) => value >= first && value < first + count,
        propose: order === "ascending" ? lowestFree(first, first + count - 1) : firstFree(() => fipRulePriorities27(first, count)),
      },
    );
  }
  return priorities;
}
