import type { Cidr } from "../net/cidr.js";
import type { Mac } from "../net/mac.js";
import type { Origin } from "../source/origin.js";
import type { Masked } from "./match.js";

/** A match that may be negated with `!`. */
export interface Negatable {
  readonly not?: true;
}

/** One match of a rule: iptables(8), iptables-extensions(8). Order in a rule is print order. */
export type IptablesMatch =
  | ({ readonly kind: "source" | "destination"; readonly prefix: Cidr } & Negatable)
  | ({ readonly kind: "in-interface" | "out-interface"; readonly name: string } & Negatable)
  | ({ readonly kind: "protocol"; readonly protocol: string } & Negatable)
  /** `-m tcp --sport .. --dport ..`; a port is `22` or `8000:8100`. */
  | {
      readonly kind: "ports";
      readonly module: "tcp" | "udp" | "sctp" | "dccp" | "udplite";
      readonly sport?: string;
      readonly dport?: string;
    }
  | { readonly kind: "multiport"; readonly direction: "sports" | "dports"; readonly ports: string }
  /** `--icmp-type` or `--icmpv6-type`. */
  | { readonly kind: "icmp"; readonly module: "icmp" | "icmp6"; readonly type: string }
  | ({ readonly kind: "mark" | "connmark"; readonly mark: Masked<number> } & Negatable)
  /** `-m conntrack --ctstate` or `-m state --state`. */
  | ({ readonly kind: "ctstate"; readonly states: readonly string[]; readonly module?: "state" | "conntrack" } & Negatable)
  | { readonly kind: "comment"; readonly text: string }
  | ({ readonly kind: "mac-source"; readonly mac: Mac } & Negatable)
  | { readonly kind: "physdev"; readonly in?: string; readonly out?: string; readonly isBridged?: boolean }
  | ({ readonly kind: "match-set"; readonly set: string; readonly flags: string } & Negatable)
  /** A match that dvrc does not model, as a dump had it. Only parsers make it. */
  | { readonly kind: "other"; readonly text: string };

/** What a rule does with a packet. */
export type IptablesTarget =
  | { readonly kind: "jump"; readonly chain: string }
  | { readonly kind: "goto"; readonly chain: string }
  | { readonly kind: "accept" | "drop" | "return" }
  | { readonly kind: "dnat"; readonly to: string }
  | { readonly kind: "snat"; readonly to: string; readonly randomFully: boolean }
  | { readonly kind: "redirect"; readonly toPorts: string }
  | { readonly kind: "set-mark"; readonly mark: Masked<number> }
  | { readonly kind: "save-mark" | "restore-mark"; readonly nfMask: number; readonly ctMask: number }
  | { readonly kind: "notrack" }
  | { readonly kind: "ct-zone"; readonly zone: number }
  | { readonly kind: "checksum-fill" }
  /** A target that dvrc does not model, as a dump had it. Only parsers make it. */
  | { readonly kind: "other"; readonly text: string };

/** A rule of a chain, without counters. */
export interface IptablesRule {
  readonly matches: readonly IptablesMatch[];
  readonly target: IptablesTarget | undefined;
  readonly origin: Origin;
}

/** A chain. Built-in ones have a policy; user chains have none. */
export interface IptablesChain {
  readonly name: string;
  readonly policy?: "ACCEPT" | "DROP";
  /** In order of evaluation. */
  readonly rules: readonly IptablesRule[];
  readonly origin: Origin;
}

/** One netfilter table. */
export interface IptablesTable {
  readonly name: "mangle" | "raw" | "filter" | "nat" | "security";
  /** Built-in chains in hook order, then user chains in ASCII order: as iptables-save(8) of the nf_tables back end lists them. */
  readonly chains: readonly IptablesChain[];
}

/** A set of addresses: ipset(8). */
export interface IpSet {
  readonly name: string;
  readonly type: "hash:net";
  readonly family: "inet" | "inet6";
  /** In order of `ipset save`'s sorted print. */
  readonly members: readonly Cidr[];
  readonly origin: Origin;
}
