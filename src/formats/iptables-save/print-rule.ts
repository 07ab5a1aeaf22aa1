import { assertNever } from "../../base/assert-never.js";
import type { IptablesMatch, IptablesRule, IptablesTarget } from "../../ir/iptables.js";
import type { Masked } from "../../ir/match.js";

/**
 * A rule as iptables-save(8) prints it after `-A <chain>`, one leading blank for each part; empty where it matches everything and does nothing.
 *
 * Source: iptables 1.8.9, read from its output.
 */
export function printRule(rule: IptablesRule): string {
  let text = "";
  for (const match of rule.matches) text += ` ${printIptablesMatch(match)}`;
  if (rule.target !== undefined) text += ` ${printTarget(rule.target)}`;
  return text;
}

/** One match as iptables-save(8) prints it: `! -o qg-1`, `-m mark --mark 0x1/0xffff`. */
export function printIptablesMatch(match: IptablesMatch): string {
  switch (match.kind) {
    case "source":
      return `${not(match)}-s ${match.prefix}`;
    case "destination":
      return `${not(match)}-d ${match.prefix}`;
    case "in-interface":
      return `${not(match)}-i ${match.name}`;
    case "out-interface":
      return `${not(match)}-o ${match.name}`;
    case "protocol":
      return `${not(match)}-p ${match.protocol}`;
    case "ports": {
      const sport = match.sport === undefined ? "" : ` --sport ${match.sport}`;
      return `-m ${match.module}${sport}${match.dport === undefined ? "" : ` --dport ${match.dport}`}`;
    }
    case "multiport":
      return `-m multiport --${match.direction} ${match.ports}`;
    case "icmp":
      return match.module === "icmp" ? `-m icmp --icmp-type ${match.type}` : `-m icmp6 --icmpv6-type ${match.type}`;
    case "mark":
    case "connmark":
      return `-m ${match.kind} ${not(match)}--mark ${printMark(match.mark)}`;
    case "ctstate": {
      const states = match.states.join(",");
      return match.module === "state" ? `-m state ${not(match)}--state ${states}` : `-m conntrack ${not(match)}--ctstate ${states}`;
    }
    case "comment":
      return `-m comment --comment ${quote(match.text)}`;
    case "mac-source":
      return `-m mac ${not(match)}--mac-source ${match.mac}`;
    case "physdev": {
      const incoming = match.in === undefined ? "" : ` --physdev-in ${match.in}`;
      const outgoing = match.out === undefined ? "" : ` --physdev-out ${match.out}`;
      return `-m physdev${incoming}${outgoing}${match.isBridged === true ? " --physdev-is-bridged" : ""}`;
    }
    case "match-set":
      return `-m set ${not(match)}--match-set ${match.set} ${match.flags}`;
    case "other":
      return match.text;
    default:
      return assertNever(match);
  }
}

function printTarget(target: IptablesTarget): string {
  switch (target.kind) {
    case "jump":
      return `-j ${target.chain}`;
    case "goto":
      return `-g ${target.chain}`;
    case "accept":
      return "-j ACCEPT";
    case "drop":
      return "-j DROP";
    case "return":
      return "-j RETURN";
    case "dnat":
      return `-j DNAT --to-destination ${target.to}`;
    case "snat":
      return `-j SNAT --to-source ${target.to}${target.randomFully ? " --random-fully" : ""}`;
    case "redirect":
      return `-j REDIRECT --to-ports ${target.toPorts}`;
    case "set-mark":
      return `-j MARK --set-xmark ${hexWord(target.mark.value)}/${hexWord(target.mark.mask)}`;
    case "save-mark":
    case "restore-mark":
      return `-j CONNMARK --${target.kind} --nfmask ${hexWord(target.nfMask)} --ctmask ${hexWord(target.ctMask)}`;
    case "notrack":
      return "-j CT --notrack";
    case "ct-zone":
      return `-j CT --zone ${target.zone}`;
    case "checksum-fill":
      return "-j CHECKSUM --checksum-fill";
    case "other":
      return target.text;
    default:
      return assertNever(target);
  }
}

/** A mark, its mask left out where it takes all bits. */
export function printMark(mark: Masked<number>): string {
  return mark.mask === 0xffffffff ? hexWord(mark.value) : `${hexWord(mark.value)}/${hexWord(mark.mask)}`;
}

/** A number as iptables prints marks: zero has its prefix too. */
export function hexWord(value: number): string {
  return `0x${value.toString(16)}`;
}

/** A word as iptables quotes it. Source: iptables `xtables_save_string`. */
export function quote(text: string): string {
  return /^[-\w]+$/.test(text) ? text : `"${text.replace(/["\\']/g, "\\$&")}"`;
}

function not(match: { readonly not?: true }): string {
  return match.not === true ? "! " : "";
}
