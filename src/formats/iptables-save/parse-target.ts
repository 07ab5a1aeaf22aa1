import type { IptablesTarget } from "../../ir/iptables.js";
import { parseCount } from "../words.js";
import { parseMaskedMark } from "./marks.js";

/** Targets that are no chains and have no options of their own. */
const extensionTargets: ReadonlySet<string> = new Set(
  "AUDIT CLASSIFY CLUSTERIP CONNSECMARK DNPT DSCP ECN HL HMARK IDLETIMER LED LOG MASQUERADE NETMAP NFLOG NFQUEUE QUEUE RATEEST REJECT SECMARK SET SNPT SYNPROXY TCPMSS TCPOPTSTRIP TEE TOS TPROXY TRACE TTL ULOG".split(
    " ",
  ),
);

/** Reads a rule's target from its words, the first of which is `-j` or `-g`. What dvrc does not model is kept as text. */
export function parseTarget(words: readonly string[], text: string): IptablesTarget {
  const [flag, name = "", ...options] = words;
  const known = flag === "-g" ? parseGoto(name, options) : parseJump(name, options);
  return known ?? { kind: "other", text };
}

function parseGoto(chain: string, options: readonly string[]): IptablesTarget | undefined {
  return options.length === 0 && chain !== "" ? { kind: "goto", chain } : undefined;
}

function parseJump(name: string, options: readonly string[]): IptablesTarget | undefined {
  switch (name) {
    case "ACCEPT":
      return options.length === 0 ? { kind: "accept" } : undefined;
    case "DROP":
      return options.length === 0 ? { kind: "drop" } : undefined;
    case "RETURN":
      return options.length === 0 ? { kind: "return" } : undefined;
    case "DNAT":
      return parseDnat(options);
    case "SNAT":
      return parseSnat(options);
    case "REDIRECT": {
      const [option, toPorts, ...more] = options;
      return option === "--to-ports" && toPorts !== undefined && more.length === 0 ? { kind: "redirect", toPorts } : undefined;
    }
    case "MARK":
      return parseSetMark(options);
    case "CONNMARK":
      return parseConnmark(options);
    case "CT":
      return parseCt(options);
    case "NOTRACK":
      return options.length === 0 ? { kind: "notrack" } : undefined;
    case "CHECKSUM":
      return options.length === 1 && options[0] === "--checksum-fill" ? { kind: "checksum-fill" } : undefined;
    default:
      return options.length > 0 || name === "" || extensionTargets.has(name) ? undefined : { kind: "jump", chain: name };
  }
}

function parseDnat(options: readonly string[]): IptablesTarget | undefined {
  const [option, to, ...more] = options;
  return option === "--to-destination" && to !== undefined && more.length === 0 ? { kind: "dnat", to } : undefined;
}

function parseSnat(options: readonly string[]): IptablesTarget | undefined {
  const [option, to, random, ...more] = options;
  if (option !== "--to-source" || to === undefined || more.length > 0) return undefined;
  if (random !== undefined && random !== "--random-fully") return undefined;
  return { kind: "snat", to, randomFully: random !== undefined };
}

function parseSetMark(options: readonly string[]): IptablesTarget | undefined {
  const [option, text = "", ...more] = options;
  const mark = option === "--set-xmark" || option === "--set-mark" ? parseMaskedMark(text) : undefined;
  return mark === undefined || more.length > 0 ? undefined : { kind: "set-mark", mark };
}

function parseConnmark(options: readonly string[]): IptablesTarget | undefined {
  const [option, nf, nfText, ct, ctText, ...more] = options;
  if ((option !== "--save-mark" && option !== "--restore-mark") || more.length > 0) return undefined;
  const nfMask = nf === undefined ? 0xffffffff : nf === "--nfmask" ? parseCount(nfText ?? "", 0xffffffff) : undefined;
  const ctMask = ct === undefined ? 0xffffffff : ct === "--ctmask" ? parseCount(ctText ?? "", 0xffffffff) : undefined;
  if (nfMask === undefined || ctMask === undefined) return undefined;
  return { kind: option === "--save-mark" ? "save-mark" : "restore-mark", nfMask, ctMask };
}

function parseCt(options: readonly string[]): IptablesTarget | undefined {
  const [option, text = "", ...more] = options;
  if (option === "--notrack" && options.length === 1) return { kind: "notrack" };
  const zone = option === "--zone" && more.length === 0 ? parseCount(text, 65535) : undefined;
  return zone === undefined ? undefined : { kind: "ct-zone", zone };
}
