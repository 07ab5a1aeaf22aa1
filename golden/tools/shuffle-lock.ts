import { keyScope } from "../../src/resolve/keys.js";
import type { LockValue } from "../../src/resolve/lock.js";

/** Numbers from 0 up to 1, the same for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Choices whose values are exchanged between those who have one on the same host (and bridge). */
const exchanged: ReadonlySet<string> = new Set([
  "local_vlan",
  "ifindex",
  "fpr_ifindex",
  "conjunction_id",
  "conntrack_zone",
  "link_local_pair",
  "scope_mark",
]);

/** A lock whose hosts have chosen otherwise: other numbers, other random values, other outcomes of chance. */
export function shuffleLock(lock: ReadonlyMap<string, LockValue>, random: () => number): Map<string, LockValue> {
  const groups = new Map<string, string[]>();
  const shuffled = new Map(lock);
  for (const [key, value] of lock) {
    const scope = keyScope(key);
    if (key.startsWith("host/") && key.endsWith("/dvr_mac_address")) shuffled.set(key, otherMac("fa:16:3f", random));
    if (scope?.kind !== "host") continue;
    const { host, what, owner } = scope;
    if (exchanged.has(what) || (what === "ofport" && !owner.startsWith("bridge/") && !owner.startsWith("tunnel/"))) {
      const group = `${host} ${what} ${what === "ofport" && owner.includes("/gateway") ? owner : ""}`;
      groups.set(group, [...(groups.get(group) ?? []), key]);
    } else shuffled.set(key, otherValue(what, value, random));
    const names = candidates(lock, key, what, owner);
    const name = names[Math.floor(random() * names.length)];
    if (name !== undefined) shuffled.set(key, name);
    if (what === "ofport" && owner.startsWith("port/") && random() < 0.5) shuffled.set(key.replace("/ofport/", "/direct_delivery/"), true);
  }
  for (const keys of groups.values()) {
    const values = shuffle(
      keys.map((key) => lock.get(key)),
      random,
    );
    keys.forEach((key, index) => {
      const value = values[index];
      if (value !== undefined) shuffled.set(key, value);
    });
  }
  return shuffled;
}

/** Names among which a choice is made; one that does not fit is not taken. */
function candidates(lock: ReadonlyMap<string, LockValue>, key: string, what: string, owner: string): readonly string[] {
  const [, network = "", subnet = ""] = owner.split("/");
  const resources = (pattern: RegExp): string[] => [...lock.keys()].flatMap((one) => pattern.exec(one)?.[1] ?? []);
  const escaped = (name: string): string => name.replaceAll(/[^\w]/g, "\\$&");
  switch (what) {
    case "arp_reply_interface":
      return resources(new RegExp(`^(router/[^/]+/interface/${escaped(network)}/[^/]+)/id$`));
    case "subnet_gateway":
      return resources(new RegExp(`^(router/[^/]+/interface/${escaped(network)}/${escaped(subnet)})/id$`));
    case "delivery_subnet":
      return resources(/^(subnet\/.*)\/id$/);
    case "dhcp_gateway":
      return resources(new RegExp(`^(subnet/${escaped(network)}/[^/]+)/id$`));
    case "snat_next_hop":
      return (lock.get(key.replace("/snat_next_hop/", "/multipath_order/")) as readonly string[] | undefined) ?? [];
    default:
      return [];
  }
}

function otherValue(what: string, value: LockValue, random: () => number): LockValue {
  switch (what) {
    case "fip_rule_priority":
      return 32768 + Math.floor(random() * 40000);
    case "cookie":
      return `0x${Math.floor(random() * 2 ** 48).toString(16)}`;
    case "rfp_mac":
    case "fpr_mac":
      return otherMac("2e:00:00", random);
    case "scope_device_order":
    case "multipath_order":
    case "group_order":
      return shuffle(value as readonly string[], random);
    case "flood":
    case "pair_deliveries":
      return (value as readonly string[]).filter(() => random() < 0.5);
    default:
      return value;
  }
}

function otherMac(start: string, random: () => number): string {
  const byte = (): string => Math.floor(random() * 256).toString(16);
  return [start, ...[0, 0, 0].map(() => byte().padStart(2, "0"))].join(":");
}

function shuffle<T>(values: readonly T[], random: () => number): T[] {
  return values
    .map((value) => ({ value, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ value }) => value);
}
