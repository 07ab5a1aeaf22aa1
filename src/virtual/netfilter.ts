import type { IpSet, IptablesChain, IptablesRule, IptablesTable, IptablesTarget } from "../ir/iptables.js";
import { ipVersion, parseIp, type Ip } from "../net/ip.js";
import type { Clock } from "./clock.js";
import { type Connection, type Conntrack, mirrored, type Tuple } from "./conntrack.js";
import { connectionMark, type HookPacket, matchesPacket } from "./iptables-match.js";
import { translatePacket } from "./nat.js";
import type { Decision } from "./trail.js";

/** The five hooks of netfilter. */
export type Hook = "PREROUTING" | "INPUT" | "FORWARD" | "OUTPUT" | "POSTROUTING";

/** Tables asked at each hook, in the kernel's order of priorities: raw -300, tracking -200, mangle -150, DNAT -100, filter 0, SNAT 100. */
const tablesOf: Readonly<Record<Hook, readonly (IptablesTable["name"] | "conntrack")[]>> = {
  PREROUTING: ["raw", "conntrack", "mangle", "nat"],
  INPUT: ["mangle", "filter", "nat"],
  FORWARD: ["mangle", "filter"],
  OUTPUT: ["raw", "conntrack", "mangle", "nat", "filter"],
  POSTROUTING: ["mangle", "nat"],
};

type Ruling = { readonly verdict: "accept" | "drop"; readonly decision: Decision } | { readonly verdict: "next" };

/** What a hook did with a packet: it goes on, or it was dropped by a rule or a policy. */
export interface HookResult {
  readonly accepted: boolean;
  /** The rules that changed the packet, and the one that dropped it, last. */
  readonly decisions: readonly { readonly decision: Decision; readonly effect: string }[];
}

/**
 * Netfilter of one network namespace: its tables at the hooks, in the kernel's order, with connection tracking and address translation.
 *
 * Source: iptables(8), iptables-extensions(8); Linux `include/uapi/linux/netfilter_ipv4.h` for the order.
 */
export class Netfilter {
  readonly #chains: Readonly<Record<4 | 6, ReadonlyMap<string, ReadonlyMap<string, IptablesChain>>>>;
  readonly #sets: ReadonlyMap<string, IpSet>;

  constructor(
    tables: { readonly four: readonly IptablesTable[]; readonly six: readonly IptablesTable[]; readonly sets: readonly IpSet[] },
    readonly conntrack: Conntrack,
    readonly clock: Clock,
  ) {
    this.#chains = { 4: indexed(tables.four), 6: indexed(tables.six) };
    this.#sets = new Map(tables.sets.map((set) => [set.name, set]));
  }

  /** Takes a packet through the tables of a hook; targets change it in place. */
  run(hook: Hook, at: HookPacket): HookResult {
    const decisions: { decision: Decision; effect: string }[] = [];
    for (const table of tablesOf[hook]) {
      if (table === "conntrack") {
        this.#track(at);
      } else if (table === "nat") {
        this.#translate(hook, at, decisions);
      } else {
        const ruling = this.#table(table, hook, at, decisions);
        if (ruling.verdict !== "drop") continue;
        decisions.push({ decision: ruling.decision, effect: "drop" });
        return { accepted: false, decisions };
      }
    }
    if ((hook === "INPUT" || hook === "POSTROUTING") && typeof at.tracked === "object" && at.tracked.connection !== undefined) {
      this.conntrack.confirm(at.tracked.connection);
    }
    return { accepted: true, decisions };
  }

  #track(at: HookPacket): void {
    at.tracked ??= this.conntrack.track(at.packet, at.zone, this.clock.now);
  }

  #table(table: IptablesTable["name"], hook: Hook, at: HookPacket, decisions: { decision: Decision; effect: string }[]): Ruling {
    const chain = this.#chains[ipVersion(at.packet.source)].get(table)?.get(hook);
    if (chain === undefined) return { verdict: "next" };
    const ruling = this.#chain(table, chain, at, decisions, 0);
    if (ruling.verdict !== "next" || chain.policy !== "DROP") return ruling;
    return { verdict: "drop", decision: { kind: "policy", table, chain: chain.name } };
  }

  #chain(
    table: IptablesTable["name"],
    chain: IptablesChain,
    at: HookPacket,
    decisions: { decision: Decision; effect: string }[],
    depth: number,
  ): Ruling {
    for (const rule of chain.rules) {
      if (rule.target === undefined || !rule.matches.every((match) => matchesPacket(match, at, this.#sets))) continue;
      const decision: Decision = { kind: "iptables", table, chain: chain.name, rule };
      const outcome = this.#target(table, rule, rule.target, decision, at, decisions, depth);
      if (outcome === "return") return { verdict: "next" };
      if (outcome !== "next") return outcome;
    }
    return { verdict: "next" };
  }

  #target(
    table: IptablesTable["name"],
    rule: IptablesRule,
    target: IptablesTarget,
    decision: Decision,
    at: HookPacket,
    decisions: { decision: Decision; effect: string }[],
    depth: number,
  ): Ruling | "next" | "return" {
    switch (target.kind) {
      case "jump":
      case "goto": {
        const inner = this.#chains[ipVersion(at.packet.source)].get(table)?.get(target.chain);
        const ruling =
          inner === undefined || depth > 64 ? ({ verdict: "next" } as const) : this.#chain(table, inner, at, decisions, depth + 1);
        if (ruling.verdict !== "next") return ruling;
        return target.kind === "goto" ? "return" : "next";
      }
      case "accept":
      case "drop":
        return { verdict: target.kind, decision };
      case "return":
        return "return";
      case "dnat":
      case "snat":
      case "redirect":
        return { verdict: "accept", decision };
      case "set-mark":
        at.mark = ((at.mark & ~target.mark.mask) ^ target.mark.value) >>> 0;
        decisions.push({ decision, effect: `mark 0x${at.mark.toString(16)}` });
        return "next";
      case "save-mark":
        saveMark(at, target.nfMask, target.ctMask);
        return "next";
      case "restore-mark":
        at.mark = ((at.mark & ~target.nfMask) ^ (connectionMark(at) & target.ctMask)) >>> 0;
        return "next";
      case "notrack":
        at.tracked = "untracked";
        return "next";
      case "ct-zone":
        at.zone = target.zone;
        return "next";
      case "checksum-fill":
      case "other":
        return "next";
    }
  }

  #translate(hook: Hook, at: HookPacket, decisions: { decision: Decision; effect: string }[]): void {
    if (typeof at.tracked !== "object" || at.tracked.connection === undefined) return;
    const { connection } = at.tracked;
    const side = hook === "PREROUTING" || hook === "OUTPUT" ? "destination" : "source";
    if (at.tracked.state === "new" && !connection.confirmed) this.#decide(hook, side, at, connection, decisions);
    at.packet = translatePacket(at.packet, at.tracked, connection, side);
  }

  #decide(
    hook: Hook,
    side: "destination" | "source",
    at: HookPacket,
    connection: Connection,
    decisions: { decision: Decision; effect: string }[],
  ): void {
    const decided = side === "destination" ? connection.destinationDecided : connection.sourceDecided;
    if (decided) return;
    if (side === "destination") connection.destinationDecided = true;
    else connection.sourceDecided = true;
    const ruling = this.#table("nat", hook, at, decisions);
    if (ruling.verdict === "next" || ruling.decision.kind !== "iptables") return;
    const target = ruling.decision.rule.target;
    const goal = target === undefined ? undefined : natGoal(target, at);
    if (goal === undefined) return;
    connection.reply = this.#freeReply(connection, side, goal);
    decisions.push({
      decision: ruling.decision,
      effect: `${side} becomes ${goal.address}${goal.port === undefined ? "" : `:${goal.port}`}`,
    });
  }

  #freeReply(
    connection: Connection,
    side: "destination" | "source",
    goal: { readonly address: Ip; readonly port: number | undefined },
  ): Tuple {
    const { reply, zone } = connection;
    if (side === "destination") return { ...reply, source: goal.address, sourcePort: goal.port ?? reply.sourcePort };
    let port = goal.port ?? reply.destinationPort;
    let wanted: Tuple = { ...reply, destination: goal.address, destinationPort: port };
    const isEcho = reply.type !== 0 || mirrored(reply).type !== 0;
    while (this.conntrack.taken(zone, wanted, this.clock.now)) {
      port = port >= 65535 ? 1024 : port + 1;
      wanted = { ...wanted, destinationPort: port, ...(isEcho ? { sourcePort: port } : {}) };
    }
    return wanted;
  }
}

function natGoal(target: IptablesTarget, at: HookPacket): { readonly address: Ip; readonly port: number | undefined } | undefined {
  if (target.kind === "redirect") return { address: at.inAddress ?? at.packet.destination, port: Number(target.toPorts.split("-")[0]) };
  if (target.kind !== "dnat" && target.kind !== "snat") return undefined;
  const first = target.to.split("-")[0] ?? target.to;
  const plain = parseIp(first);
  if (plain !== undefined) return { address: plain, port: undefined };
  const colon = first.lastIndexOf(":");
  const address = parseIp(first.slice(0, colon).replace(/^\[|\]$/g, ""));
  return address === undefined ? undefined : { address, port: Number(first.slice(colon + 1)) };
}

function saveMark(at: HookPacket, nfMask: number, ctMask: number): void {
  if (typeof at.tracked !== "object" || at.tracked.connection === undefined) return;
  const { connection } = at.tracked;
  connection.mark = ((connection.mark & ~ctMask) ^ (at.mark & nfMask)) >>> 0;
}

function indexed(tables: readonly IptablesTable[]): ReadonlyMap<string, ReadonlyMap<string, IptablesChain>> {
  return new Map(tables.map((table) => [table.name, new Map(table.chains.map((chain) => [chain.name, chain]))]));
}
