import type { Device, DeviceKind, InterfaceAddress } from "../../ir/namespace.js";
import { type Cidr, parseCidr } from "../../net/cidr.js";
import { type Ipv4, parseIpv4 } from "../../net/ip.js";
import { type Mac, parseMac } from "../../net/mac.js";
import type { Origin } from "../../source/origin.js";
import {
  type Attempt,
  dumpOrigin,
  eachLine,
  type Parsed,
  type ParseOptions,
  type Problem,
  problem,
  refused,
  understood,
} from "../parsed.js";
import { parseCount, wordsOf } from "../words.js";

interface Draft extends Omit<Device, "mac" | "type"> {
  type: DeviceKind;
  mac: Mac | undefined;
  readonly addresses: InterfaceAddress[];
}

/** What the first line of a device tells. */
interface Link {
  readonly index: number;
  readonly name: string;
  readonly peer: string | undefined;
  readonly flags: readonly string[];
  readonly state: string;
  readonly mtu: number;
  readonly master: string | undefined;
}

/**
 * Reads the output of `ip addr` in a namespace, of any iproute2.
 *
 * What the output does not tell stays empty: the bridge of an Open vSwitch port, the name of a veth's peer in another namespace. Addresses that the kernel
 * learnt from router advertisements (`dynamic`) are dynamic state and passed over.
 * Errors: a problem for each line that is not understood, and for a device without an address of its own.
 */
export function parseDevices(text: string, namespace: string, options: ParseOptions = {}): Parsed<Device[]> {
  const value: Device[] = [];
  const problems: Problem[] = [];
  const originOf = options.originOf ?? dumpOrigin;
  let draft: Draft | undefined;
  let draftPlace = { line: 0, text: "" };
  const finish = (): void => {
    if (draft === undefined) return;
    if (draft.mac === undefined) problems.push(problem(draftPlace.line, draftPlace.text, "a device has no link address"));
    else value.push({ ...draft, mac: draft.mac });
    draft = undefined;
  };
  eachLine(text, problems, (line, number) => {
    if (line === "") return;
    if (line.charCodeAt(0) !== 32) {
      finish();
      draftPlace = { line: number, text: line };
      const link = parseLink(line);
      if (link.ok) draft = startDevice(link.value, namespace, originOf(number));
      else problems.push(problem(number, line, link.reason));
    } else {
      const reason = draft === undefined ? "a line belongs to no device" : readDetail(draft, line, originOf(number));
      if (reason !== undefined) problems.push(problem(number, line, reason));
    }
  });
  finish();
  return { value, problems };
}

function parseLink(line: string): Attempt<Link> {
  const [, indexText = "", label = "", flags = "", rest = ""] = /^(\d{1,9}): (\S+?): <([A-Z0-9_,-]*)>(.*)$/s.exec(line) ?? [];
  const words = wordsOf(rest);
  const mtu = parseCount(words[words.indexOf("mtu") + 1] ?? "", 0xffffffff);
  if (indexText === "" || mtu === undefined || !words.includes("mtu")) return refused("not a device");
  const at = label.lastIndexOf("@");
  const state = words.includes("state") ? (words[words.indexOf("state") + 1] ?? "") : "";
  return understood({
    index: Number(indexText),
    name: at < 0 ? label : label.slice(0, at),
    peer: at < 0 ? undefined : label.slice(at + 1),
    flags: flags.split(","),
    state,
    mtu,
    master: words.includes("master") ? words[words.indexOf("master") + 1] : undefined,
  });
}

function startDevice(link: Link, namespace: string, origin: Origin): Draft {
  const { name, index, mtu, master } = link;
  const draft = { name, index, type: kindOf(link, namespace), mac: undefined, mtu, addresses: [], origin };
  return master === undefined ? draft : { ...draft, master };
}

function kindOf(link: Link, namespace: string): DeviceKind {
  if (link.flags.includes("LOOPBACK")) return { kind: "loopback" };
  if (link.peer === undefined) {
    if (link.master !== undefined) return { kind: "tap" };
    return link.state === "UP" ? { kind: "bridge" } : { kind: "ovs-internal", bridge: "" };
  }
  const [, peerIndex] = /^if(\d{1,9})$/.exec(link.peer) ?? [];
  if (peerIndex === undefined) return { kind: "veth", peer: link.peer, peerNamespace: namespace, peerIndex: 0 };
  return { kind: "veth", peer: "", peerNamespace: "", peerIndex: Number(peerIndex) };
}

/** Reads a line under a device. Answers why it cannot. */
function readDetail(draft: Draft, line: string, origin: Origin): string | undefined {
  const words = wordsOf(line);
  const [first = "", second = ""] = words;
  if (first === "valid_lft" || first === "altname") return undefined;
  if (first.startsWith("link/")) return readLinkAddress(draft, words);
  if (first !== "inet" && first !== "inet6") return "unknown line of a device";
  const cidr = parseCidr(second);
  if (cidr === undefined || cidr.includes(":") !== (first === "inet6")) return "wrong address";
  if (words.includes("dynamic")) return undefined;
  const address = parseAddress(cidr, words.slice(2), origin);
  if (address === undefined) return "unknown word of an address";
  draft.addresses.push(address);
  return undefined;
}

function readLinkAddress(draft: Draft, words: readonly string[]): string | undefined {
  const mac = parseMac(words[1] ?? "");
  if (mac === undefined) return "wrong link address";
  draft.mac = mac;
  const netns = words.indexOf("link-netns");
  const { type } = draft;
  if (netns > 0 && type.kind === "veth") draft.type = { ...type, peerNamespace: words[netns + 1] ?? "" };
  return undefined;
}

/** Words after which the tool names the address's history or label. */
const addressFlags: ReadonlySet<string> = new Set([
  "secondary",
  "noprefixroute",
  "tentative",
  "dadfailed",
  "deprecated",
  "permanent",
  "mngtmpaddr",
  "nodad",
  "dadfailed",
  "optimistic",
  "temporary",
  "stable-privacy",
  "autojoin",
]);

function parseAddress(cidr: Cidr, words: readonly string[], origin: Origin): InterfaceAddress | undefined {
  let broadcast: Ipv4 | undefined;
  let scope: InterfaceAddress["scope"] | undefined;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "brd") broadcast = parseIpv4(words[++at] ?? "");
    else if (word === "proto" || word === "metric") at++;
    else if (word === "scope") {
      const named = words[++at];
      if (named !== "global" && named !== "link" && named !== "host") return undefined;
      scope = named;
    } else if (!addressFlags.has(word) && at !== words.length - 1) return undefined;
  }
  if (scope === undefined) return undefined;
  return broadcast === undefined ? { cidr, scope, origin } : { cidr, broadcast, scope, origin };
}
