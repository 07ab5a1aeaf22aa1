import { assertNever } from "../../base/assert-never.js";
import type { IptablesMatch, IptablesTarget } from "../../ir/iptables.js";
import { hexWord, printMark } from "../iptables-save/print-rule.js";
import type { ListDialect } from "./dialect.js";
import { icmpName, serviceName } from "./names.js";

/**
 * What `iptables -L` says of a match behind the columns, a leading blank included; addresses, protocol and interfaces have columns of their own.
 *
 * Source: the print functions of iptables 1.8.9's extensions, read from its output.
 */
export function listMatch(match: IptablesMatch, dialect: ListDialect): string {
  switch (match.kind) {
    case "source":
    case "destination":
    case "in-interface":
    case "out-interface":
    case "protocol":
      return "";
    case "ports": {
      const sport = match.sport === undefined ? "" : portRange("spt", match.sport, match.module, dialect);
      return ` ${match.module}${sport}${match.dport === undefined ? "" : portRange("dpt", match.dport, match.module, dialect)}`;
    }
    case "multiport":
      return ` multiport ${match.direction} ${match.ports}`;
    case "icmp":
      return listIcmp(match.module, match.type, dialect);
    case "mark":
      return ` mark match ${not(match)}${printMark(match.mark)}`;
    case "connmark":
      return ` connmark match ${match.not === true ? "!" : ""} ${printMark(match.mark)}`;
    case "ctstate":
      return ` ${not(match)}${match.module === "state" ? "state" : "ctstate"} ${match.states.join(",")}`;
    case "comment":
      return ` /* ${match.text} */`;
    case "mac-source":
      return ` MAC ${not(match)}${dialect.version === "1.4" ? match.mac.toUpperCase() : match.mac}`;
    case "physdev": {
      const incoming = match.in === undefined ? "" : ` --physdev-in ${match.in}`;
      const outgoing = match.out === undefined ? "" : ` --physdev-out ${match.out}`;
      return ` PHYSDEV match${incoming}${outgoing}${match.isBridged === true ? " --physdev-is-bridged" : ""}`;
    }
    case "match-set":
      return ` ${not(match)}match-set ${match.set} ${match.flags}`;
    case "other":
      return ` ${match.text}`;
    default:
      return assertNever(match);
  }
}

/** The name of a target in its column. */
export function targetName(target: IptablesTarget | undefined): string {
  switch (target?.kind) {
    case undefined:
      return "";
    case "jump":
    case "goto":
      return target.chain;
    case "redirect":
    case "dnat":
    case "snat":
    case "accept":
    case "drop":
    case "return":
      return target.kind.toUpperCase();
    case "set-mark":
      return "MARK";
    case "save-mark":
    case "restore-mark":
      return "CONNMARK";
    case "notrack":
    case "ct-zone":
      return "CT";
    case "checksum-fill":
      return "CHECKSUM";
    case "other":
      return target.text.split(" ")[1] ?? "";
    default:
      return assertNever(target);
  }
}

/** What `iptables -L` says of a target behind the matches, a leading blank included. */
export function listTarget(target: IptablesTarget | undefined): string {
  switch (target?.kind) {
    case "dnat":
      return ` to:${target.to}`;
    case "snat":
      return ` to:${target.to}${target.randomFully ? " random-fully" : ""}`;
    case "redirect":
      return ` redir ports ${target.toPorts}`;
    case "set-mark":
      return ` MARK ${setMark(target.mark.value, target.mark.mask)}`;
    case "save-mark":
      return ` CONNMARK save${markMasks("nfmask", target.nfMask, "ctmask", target.ctMask)}`;
    case "restore-mark":
      return ` CONNMARK restore${markMasks("ctmask", target.ctMask, "nfmask", target.nfMask)}`;
    case "notrack":
      return " CT notrack";
    case "ct-zone":
      return ` CT zone ${target.zone}`;
    case "checksum-fill":
      return " CHECKSUM fill";
    case "other":
      return ` ${target.text.split(" ").slice(2).join(" ")}`;
    default:
      return "";
  }
}

function portRange(name: string, ports: string, protocol: string, dialect: ListDialect): string {
  const [first = "", last] = ports.split(":");
  const named = (port: string): string => (dialect.numeric ? port : serviceName(protocol, port));
  return last === undefined ? ` ${name}:${named(first)}` : ` ${name}s:${named(first)}:${named(last)}`;
}

function listIcmp(module: "icmp" | "icmp6", type: string, dialect: ListDialect): string {
  const family = module === "icmp" ? "icmp" : "ipv6-icmp";
  const name = dialect.numeric ? undefined : icmpName(module, type);
  if (name !== undefined) return ` ${family} ${name}`;
  const [number = "", code] = type === "any" ? ["255"] : type.split("/");
  return ` ${family}type ${number}${code === undefined ? "" : ` code ${code}`}`;
}

function setMark(value: number, mask: number): string {
  if (value === 0) return `and ${hexWord(~mask >>> 0)}`;
  if (value === mask) return `or ${hexWord(value)}`;
  if (mask === 0) return `xor ${hexWord(value)}`;
  return mask === 0xffffffff ? `set ${hexWord(value)}` : `xset ${hexWord(value)}/${hexWord(mask)}`;
}

function markMasks(firstName: string, first: number, secondName: string, second: number): string {
  if (first === 0xffffffff && second === 0xffffffff) return "";
  return first === second ? ` mask ${hexWord(first)}` : ` ${firstName} ${hexWord(first)} ${secondName} ~${hexWord(second)}`;
}

function not(match: { readonly not?: true }): string {
  return match.not === true ? "! " : "";
}
