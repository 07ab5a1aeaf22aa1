import { canonicalFlows, openflow10 } from "../formats/openflow/dialect.js";
import { parseMatch } from "../formats/openflow/parse-match.js";
import { printFlow, printFlowsHeader, writeFlows } from "../formats/openflow/print.js";
import { printSwitch } from "../formats/ovs-ofctl-show/print.js";
import type { ShownSwitch } from "../formats/ovs-ofctl-show/shown.js";
import type { Flow } from "../ir/flow.js";
import type { Match } from "../ir/match.js";
import { macFromNumber } from "../net/mac.js";
import { compileMatch, maskValue } from "../virtual/key-match.js";
import type { VirtualBridge } from "../virtual/virtual-bridge.js";
import { type Answer, printed, refusal, type Tool, type Where } from "./answer.js";
import { type Flags, readFlags } from "./command-line.js";
import { bridgeOf } from "./ovs-appctl.js";

const subcommands = ["dump-flows", "show", "dump-ports-desc"];

/** ovs-ofctl(8): what the switch says by OpenFlow. It speaks 1.0 unless told otherwise, as the tool does. */
export const ovsOfctl: Tool = {
  name: "ovs-ofctl",
  on: "hosts",
  run: (words, where) => {
    const flags = readFlags(words, {
      withValue: ["-O", "--protocols"],
      alone: ["--no-stats", "--no-names", "--names", "--sort", "--rsort", "-m", "--stats"],
    });
    if ("reason" in flags) return refusal(`ovs-ofctl: ${flags.reason}`);
    const [subcommand = "", bridgeName, ...rest] = flags.words;
    if (where.host === undefined || !subcommands.includes(subcommand)) {
      return refusal(`ovs-ofctl has no command ${JSON.stringify(subcommand)} here; it has ${subcommands.join(", ")}.`);
    }
    const bridge = bridgeOf(where.host, bridgeName);
    if ("kind" in bridge) return bridge;
    const openflow = flags.values.get("-O") ?? flags.values.get("--protocols");
    const newer = openflow?.some((version) => /OpenFlow1[1-5]/i.test(version)) === true;
    if (subcommand === "dump-flows") return dumpFlows(bridge, rest.join(","), newer, flags, where);
    const lines = printSwitch(shownSwitch(bridge), newer ? "1.3" : "1.0");
    return printed(subcommand === "show" ? lines : [`OFPST_PORT_DESC reply${newer ? " (OF1.3)" : ""} (xid=0x2):`, ...portLines(lines)]);
  },
};

function portLines(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => /^ \S+\(/.test(line));
  return first < 0 ? [] : lines.slice(first, -1);
}

function dumpFlows(bridge: VirtualBridge, filter: string, newer: boolean, flags: Flags, { world }: Where): Answer {
  const chosen = readFilter(filter, bridge);
  if ("kind" in chosen) return chosen;
  const stats = !flags.values.has("--no-stats");
  const dialect = { ...(newer ? canonicalFlows : openflow10), stats };
  const flows = bridge.flows(world.clock.now).filter((flow) => chosen.accepts(flow));
  const lines: string[] = [];
  if (flags.values.has("--sort") || flags.values.has("--rsort")) {
    const sign = flags.values.has("--sort") ? 1 : -1;
    lines.push(...[...flows].sort((a, b) => sign * (a.priority - b.priority)).map((flow) => printFlow(flow, dialect)));
  } else {
    writeFlows(flows, (text) => lines.push(text), dialect);
  }
  return printed(stats ? [printFlowsHeader(dialect), ...lines] : lines);
}

/** `table=20,dl_vlan=1`: flows that are at least as particular. Source: ovs-ofctl(8), flow syntax of dump-flows. */
function readFilter(text: string, bridge: VirtualBridge): { readonly accepts: (flow: Flow) => boolean } | Answer {
  let table: number | undefined;
  let cookie: bigint | undefined;
  const fields: string[] = [];
  for (const item of text.split(/[,\s]+/).filter((each) => each !== "")) {
    const [, number] = /^table=(\d+)$/.exec(item) ?? [];
    const [, bits] = /^cookie=(0x[0-9a-f]+|\d+)(?:\/.*)?$/i.exec(item) ?? [];
    if (number !== undefined) table = Number(number);
    else if (bits !== undefined) cookie = BigInt(bits);
    else fields.push(item);
  }
  const match = parseMatch(fields.join(","), { resolvePort: (name) => (name === bridge.name ? "local" : bridge.portNamed(name)?.ofport) });
  if (!match.ok) return refusal(`ovs-ofctl: ${match.reason}.`);
  const wanted = match.value.match;
  return {
    accepts: (flow) =>
      (table === undefined || flow.table === table) && (cookie === undefined || flow.cookie === cookie) && isAtLeast(flow.match, wanted),
  };
}

function isAtLeast(match: Match, wanted: Match): boolean {
  const has = new Map((compileMatch(match) ?? []).map((part) => [part.field, part]));
  return (compileMatch(wanted) ?? []).every(({ field, value, mask }) => {
    const part = has.get(field);
    return part !== undefined && maskValue(part.mask, mask) === mask && maskValue(part.value, mask) === value;
  });
}

function shownSwitch(bridge: VirtualBridge): ShownSwitch {
  const { state } = bridge;
  const unknownMac = macFromNumber(0);
  const own = macFromNumber(Number.parseInt(state.datapathId.slice(4), 16) || 0);
  return {
    datapathId: state.datapathId,
    ports: [
      ...bridge.ports.map((port) => ({
        ofport: port.ofport,
        name: port.name,
        mac: port.mac ?? unknownMac,
        config: "",
        state: "",
        speed: 0,
      })),
      { ofport: "local" as const, name: state.name, mac: own, config: "PORT_DOWN", state: "LINK_DOWN", speed: 0 },
    ],
  };
}
