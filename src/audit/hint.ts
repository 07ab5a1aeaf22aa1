import type { Flow } from "../ir/flow.js";
import { printActions } from "../formats/openflow/print-action.js";
import { printMatch } from "../formats/openflow/print-match.js";
import type { Entry } from "./entry.js";
import type { Finding } from "./finding.js";

/** What to do about a difference. */
export interface Hint {
  /** The agent whose restart programs its part of the host again. */
  readonly agent: string;
  /** Commands, one after the other, that mend the one line meanwhile; each is a list of words, none of them quoted. */
  readonly commands: readonly (readonly string[])[];
}

const openVswitchAgent = "neutron-openvswitch-agent";
const l3Agent = "neutron-l3-agent";
const dhcpAgent = "neutron-dhcp-agent";

/** What to do about a difference: which agent programs such entries, and which commands mend the one at hand. */
export function hintOf(finding: Finding): Hint {
  const { expected, live } = finding;
  const entry = expected?.entry ?? live?.entry;
  return { agent: entry === undefined ? agentOfPath(finding.artefact) : agentOf(entry), commands: commandsOf(finding) };
}

function agentOf(entry: Entry): string {
  if (!("namespace" in entry)) return openVswitchAgent;
  return agentOfPath(typeof entry.namespace === "string" ? entry.namespace : entry.namespace.name);
}

function agentOfPath(path: string): string {
  if (path.startsWith("qdhcp-")) return dhcpAgent;
  return /^(?:qrouter|snat|fip)-/.test(path) ? l3Agent : openVswitchAgent;
}

/** Entries whose setting replaces what was there. */
const replaced: ReadonlySet<Entry["kind"]> = new Set(["flow", "neighbour", "sysctl", "port"]);

function commandsOf({ kind, about, expected, live }: Finding): readonly (readonly string[])[] {
  if (kind === "moved") return [];
  const make = expected === undefined ? undefined : addition(expected.entry, expected.text);
  const drop = live === undefined ? undefined : removal(live.entry, live.text);
  if (expected !== undefined && make === undefined) return [];
  const sameKey = expected !== undefined && replaced.has(expected.entry.kind) && about !== "another match" && about !== "another priority";
  return [...(live === undefined || sameKey ? [] : [drop]), make].filter((command) => command !== undefined);
}

/** Makes an entry. Chains keep their order only where the agent writes them, so rules of chains are not added by hand. */
function addition(entry: Entry, text: string): readonly string[] | undefined {
  const words = text.split(/\s+/);
  switch (entry.kind) {
    case "flow":
      return [
        "ovs-ofctl",
        "-O",
        "OpenFlow13",
        "add-flow",
        entry.bridge,
        `${flowKey(entry.flow)} actions=${printActions(entry.flow.actions)}`,
      ];
    case "ip-rule":
      return [...inside(entry.namespace), ...ip(entry.version), "rule", "add", ...words.slice(1), "priority", String(entry.rule.priority)];
    case "route":
      return [...inside(entry.namespace), ...ip(entry.version), "route", "replace", ...withoutPreference(words)];
    case "neighbour":
      return [...inside(entry.namespace), "ip", "neigh", "replace", ...words.slice(0, -1), "nud", "permanent"];
    case "address": {
      const { cidr, broadcast } = entry.address;
      const brd = broadcast === undefined ? [] : ["brd", broadcast];
      return [...inside(entry.namespace), "ip", "addr", "add", cidr, ...brd, "dev", entry.device];
    }
    case "sysctl":
      return [...inside(entry.namespace), "sysctl", "-w", `${entry.sysctl.key}=${entry.sysctl.value}`];
    case "port":
      return entry.port.tag === undefined ? undefined : ["ovs-vsctl", "set", "port", entry.port.name, `tag=${entry.port.tag}`];
    case "ip-set-member":
      return ["ipset", "-exist", "add", entry.set.name, entry.member];
    default:
      return undefined;
  }
}

function removal(entry: Entry, text: string): readonly string[] | undefined {
  const words = text.split(/\s+/);
  switch (entry.kind) {
    case "flow":
      return ["ovs-ofctl", "-O", "OpenFlow13", "--strict", "del-flows", entry.bridge, flowKey(entry.flow)];
    case "ip-rule":
      return [...inside(entry.namespace), ...ip(entry.version), "rule", "del", ...words.slice(1), "priority", String(entry.rule.priority)];
    case "route":
      return [...inside(entry.namespace), ...ip(entry.version), "route", "del", ...withoutPreference(words)];
    case "neighbour":
      return [...inside(entry.namespace), "ip", "neigh", "del", entry.neighbour.ip, "dev", entry.neighbour.dev];
    case "address":
      return [...inside(entry.namespace), "ip", "addr", "del", entry.address.cidr, "dev", entry.device];
    case "iptables-rule": {
      // A quoted comment is more than one word.
      if (text.includes('"')) return undefined;
      const tool = entry.version === 4 ? "iptables" : "ip6tables";
      return [...inside(entry.namespace), tool, "-t", entry.table, "-D", ...words.slice(1)];
    }
    case "namespace":
      return ["ip", "netns", "delete", entry.namespace.name];
    case "port":
      return ["ovs-vsctl", "--if-exists", "del-port", entry.bridge, entry.port.name];
    case "ip-set-member":
      return ["ipset", "-exist", "del", entry.set.name, entry.member];
    default:
      return undefined;
  }
}

function flowKey({ table, priority, match }: Flow): string {
  const matched = printMatch(match, priority).replace(/^priority=\d+,?/, "");
  return `table=${table},priority=${priority}${matched === "" ? "" : `,${matched}`}`;
}

function inside(namespace: string): readonly string[] {
  return namespace === "" ? [] : ["ip", "netns", "exec", namespace];
}

function ip(version: 4 | 6): readonly string[] {
  return version === 6 ? ["ip", "-6"] : ["ip"];
}

/** `ip -6 route` prints a preference that it does not take. */
function withoutPreference(words: readonly string[]): readonly string[] {
  return words.at(-2) === "pref" ? words.slice(0, -2) : words;
}
