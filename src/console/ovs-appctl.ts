import { parseMatch } from "../formats/openflow/parse-match.js";
import { macFromNumber } from "../net/mac.js";
import { localPort, parseCtFlags } from "../virtual/flow-key.js";
import { ageSeconds } from "../virtual/mac-learning.js";
import { keyOfMatch, traceFlow } from "../virtual/ofproto-trace.js";
import type { VirtualBridge } from "../virtual/virtual-bridge.js";
import type { VirtualHost } from "../virtual/virtual-host.js";
import { type Answer, listed, printed, refusal, type Tool, type Where } from "./answer.js";
import { localDatapathPorts } from "./datapath-text.js";
import { linesOf } from "./pipe.js";
import { printTrace25 } from "./trace-25.js";
import { printTrace31 } from "./trace-31.js";

type Subcommand = (words: readonly string[], host: VirtualHost, where: Where) => Answer;

const subcommands: ReadonlyMap<string, Subcommand> = new Map<string, Subcommand>([
  ["fdb/show", fdbShow],
  ["fdb/flush", fdbFlush],
  ["ofproto/trace", ofprotoTrace],
  ["ofproto/list", (_, host) => printed([...host.bridges.keys()])],
  ["dpif/show", (_, host) => printed(dpifShow(host))],
]);

/** ovs-appctl(8): what the running switch knows. Of its targets only ovs-vswitchd, which it has by default, runs here. */
export const ovsAppctl: Tool = {
  name: "ovs-appctl",
  on: "hosts",
  run: (words, where) => {
    const [name = "", ...rest] = words.join(" ").startsWith("-t ovs-vswitchd ")
      ? words.slice(2)
      : words.filter((word, index) => index > 0 || word !== "--target=ovs-vswitchd");
    const subcommand = subcommands.get(name);
    if (subcommand === undefined || where.host === undefined) {
      return refusal(`ovs-appctl has no command ${JSON.stringify(name)} here; it has ${[...subcommands.keys()].join(", ")}.`);
    }
    return subcommand(rest, where.host, where);
  },
};

/** The bridge of a name. Errors: a refusal that lists the host's bridges. */
export function bridgeOf(host: VirtualHost, name: string | undefined): VirtualBridge | Answer {
  const bridge = host.bridges.get(name ?? "");
  if (bridge !== undefined) return bridge;
  const has = `Host ${JSON.stringify(host.name)} has ${listed(host.bridges.keys(), "no bridges")}.`;
  return refusal(name === undefined ? `The command needs a bridge. ${has}` : `There is no bridge ${JSON.stringify(name)}. ${has}`);
}

function fdbShow(words: readonly string[], host: VirtualHost, { world }: Where): Answer {
  const bridge = bridgeOf(host, words[0]);
  if ("kind" in bridge) return bridge;
  const { now } = world.clock;
  const rows = bridge.macs.entries(now).map((entry) => {
    const port = entry.port === localPort ? "LOCAL" : String(entry.port);
    const age = String(ageSeconds(entry, now)).padStart(3);
    return `${port.padStart(5)}  ${String(entry.vlan).padStart(4)}  ${macFromNumber(entry.mac)}  ${age}`;
  });
  return printed([" port  VLAN  MAC                Age", ...rows]);
}

function fdbFlush(words: readonly string[], host: VirtualHost): Answer {
  const chosen = words[0] === undefined ? [...host.bridges.values()] : [bridgeOf(host, words[0])];
  for (const bridge of chosen) {
    if ("kind" in bridge) return bridge;
    bridge.macs.flush();
  }
  return printed(["table successfully flushed"]);
}

function ofprotoTrace(words: readonly string[], host: VirtualHost, { world, dialects }: Where): Answer {
  const arguments_ = readTraceWords(words);
  if ("kind" in arguments_) return arguments_;
  const bridge = bridgeOf(host, arguments_.bridge);
  if ("kind" in bridge) return bridge;
  const match = parseMatch(arguments_.flow, {
    resolvePort: (name) => (name === bridge.name ? "local" : bridge.portNamed(name)?.ofport),
  });
  if (!match.ok) {
    const ports = match.reason.includes("in_port") ? ` Ports: ${listed(bridge.ports.map((port) => port.name))}.` : "";
    return refusal(`${bridge.name}: ${match.reason}.${ports}`);
  }
  const key = keyOfMatch(match.value.match);
  if (key === undefined) return refusal("The flow has a field that the simulation does not model.");
  const trace = traceFlow(host, bridge, key, arguments_.ctNext, world.clock.now);
  const names = { bridges: host.bridges, dialect: dialects.trace };
  return printed(linesOf(dialects.trace === "ovs-2.5" ? printTrace25(trace, names) : printTrace31(trace, names)));
}

function readTraceWords(
  words: readonly string[],
): { readonly bridge: string; readonly flow: string; readonly ctNext: readonly number[] } | Answer {
  const ctNext: number[] = [];
  const plain: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "-generate" || word === "--generate") continue;
    if (word !== "--ct-next" && !word.startsWith("--ct-next=")) {
      plain.push(word);
      continue;
    }
    const text = word === "--ct-next" ? (words[++at] ?? "") : word.slice("--ct-next=".length);
    const flags = parseCtFlags(text);
    if (flags === undefined)
      return refusal(`${JSON.stringify(text)} is no conntrack state; flags are new, est, rel, rpl, inv, trk, snat, dnat.`);
    ctNext.push(flags.value);
  }
  const [bridge, ...flow] = plain;
  if (bridge === undefined || flow.length === 0)
    return refusal("ofproto/trace needs a bridge and a flow: ofproto/trace br-int in_port=1,dl_vlan=1.");
  return { bridge, flow: flow.join(","), ctNext };
}

function dpifShow(host: VirtualHost): readonly string[] {
  const local = localDatapathPorts(host.bridges);
  const bridges = [...host.bridges.values()];
  const type = bridges.some((bridge) => bridge.state.datapathType === "netdev") ? "netdev@ovs-netdev" : "system@ovs-system";
  return [
    `${type}: hit:0 missed:0`,
    ...bridges.flatMap((bridge) => [
      `  ${bridge.name}:`,
      `    ${bridge.name} 65534/${local.get(bridge.name) ?? "none"}: (internal)`,
      ...bridge.ports.map((port) => {
        const number = port.type.kind === "patch" ? "none" : String(port.datapathPort);
        return `    ${port.name} ${port.ofport}/${number}: (${portDescription(port)})`;
      }),
    ]),
  ];
}

function portDescription({ type }: VirtualBridge["ports"][number]): string {
  switch (type.kind) {
    case "internal":
      return "internal";
    case "system":
      return "system";
    case "patch":
      return `patch: peer=${type.peer}`;
    case "tunnel": {
      const options = Object.entries({ ...type.options, remote_ip: type.remoteIp }).sort(([a], [b]) => (a < b ? -1 : 1));
      return `${type.type}: ${options.map(([name, value]) => `${name}=${value}`).join(", ")}`;
    }
  }
}
