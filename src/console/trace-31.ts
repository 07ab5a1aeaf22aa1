import { printAction } from "../formats/openflow/print-action.js";
import { printMatch } from "../formats/openflow/print-match.js";
import { ipv4FromNumber, ipv6FromBigInt } from "../net/ip.js";
import { macFromNumber } from "../net/mac.js";
import type { OfprotoTrace, TraceSection } from "../virtual/ofproto-trace.js";
import type { PipelineNote, TraceNode } from "../virtual/pipeline-trace.js";
import { keyPart } from "../virtual/subfield.js";
import { isWide } from "../virtual/flow-key.js";
import { type DatapathNames, datapathText } from "./datapath-text.js";
import { ctStateText, flowText } from "./flow-text.js";
import { megaflowText } from "./megaflow-text.js";

/**
 * A trace in the grammar of Open vSwitch 2.7 and later, as 3.1 prints it.
 *
 * Source: Open vSwitch `ofproto/ofproto-dpif-trace.c`.
 */
export function printTrace31(trace: OfprotoTrace, names: DatapathNames): string {
  return trace.sections.map((section) => sectionText(section, names)).join("\n");
}

function sectionText(section: TraceSection, names: DatapathNames): string {
  const final = flowText(section.final, "ovs-3.1");
  const initial = flowText(section.initial, "ovs-3.1");
  return (
    `${resumption(section)}Flow: ${initial}\n` +
    nodesText(section.nodes, 0) +
    `\nFinal flow: ${final === initial ? "unchanged" : final}\n` +
    `Megaflow: ${megaflowText(section, "ovs-3.1")}\n` +
    `Datapath actions: ${datapathText(section.datapath, names)}\n${slowPath(section)}`
  );
}

function resumption({ recircId, ctState }: TraceSection): string {
  if (ctState === undefined) return "";
  const state = ctState.isDefault ? "default ct_state=trk|new (use --ct-next to customize)" : `ct_state=${ctStateText(ctState.bits)}`;
  const bar = "=".repeat(79);
  return `${bar}\nrecirc(0x${recircId.toString(16)}) - resume conntrack with ${state}\n${bar}\n\n`;
}

/** ARP headers cannot be rewritten by the datapath. */
function slowPath({ datapath }: TraceSection): string {
  if (!datapath.some((action) => action.kind === "set-arp")) return "";
  return "This flow is handled by the userspace slow path because it:\n  - Uses action(s) not supported by datapath.\n";
}

function nodesText(nodes: readonly TraceNode[], level: number): string {
  return nodes
    .map((node, index) => {
      const indented = index < nodes.length - 1 || isTerminal(node) ? level + 1 : level;
      const indent = "    ".repeat(indented);
      return nodeLines(node, indent) + nodesText(node.inner, indented === level ? level : level + 2);
    })
    .join("");
}

function isTerminal(node: TraceNode): boolean {
  return node.kind === "action" || node.kind === "drop" || node.kind === "note" || node.kind === "thaw";
}

function nodeLines(node: TraceNode, indent: string): string {
  switch (node.kind) {
    case "bridge": {
      const title = `bridge("${node.name}")`;
      return `\n${indent}${title}\n${indent}${"-".repeat(title.length)}\n`;
    }
    case "thaw":
      return `${indent}thaw\n${indent}    Resuming from table ${node.table}\n`;
    case "table":
      return `${indent}${tableText(node)}\n`;
    case "action":
      return `${indent}${printAction(node.action)}\n`;
    case "drop":
      return `${indent}drop\n`;
    case "note":
      return `${indent}${noteText(node.note)}\n`;
  }
}

function tableText({ table, flow }: TraceNode & { readonly kind: "table" }): string {
  const number = `${String(table).padStart(2)}. `;
  if (flow === undefined) return `${number}No match.`;
  const match = printMatch(flow.match);
  const cookie = flow.cookie === 0n ? "" : `, cookie 0x${flow.cookie.toString(16)}`;
  return `${number}${match === "" ? "" : `${match}, `}priority ${flow.priority}${cookie}`;
}

function noteText(note: PipelineNote): string {
  switch (note.kind) {
    case "flooding":
      return " -> no learned MAC for destination, flooding";
    case "forwarding-learned":
      return " -> forwarding to learned port";
    case "learned-is-input":
      return " -> learned port is input port, dropping";
    case "learn-suppressed":
      return " >> suppressing side effects, so learn action ignored";
    case "untracked":
      return " -> Sets the packet to an untracked state, and clears all the conntrack fields.";
    case "forked":
      return ` -> A clone of the packet is forked to recirculate. The forked pipeline will be resumed at table ${note.table}.`;
    case "kernel-tunnel":
      return " -> output to kernel tunnel";
    case "reserved-destination":
      return " -> packet has reserved destination MAC, dropping";
    case "output-to-input":
      return " >> skipping output to input port";
    case "port-missing":
      return " >> Nonexistent output port";
    case "too-deep":
      return " >>>> over max translation depth 64 <<<<";
    case "unsupported":
      return " >> dvrc does not model this action";
    case "access-port-tagged":
      return ` >> dropping VLAN ${note.vlan} tagged packet received on port ${note.port} configured as VLAN ${note.access} access port`;
    case "subfield-now":
      return ` -> ${note.subfield.field}[] is now ${subfieldValue(note)}`;
  }
}

function subfieldValue({ subfield, value }: PipelineNote & { readonly kind: "subfield-now" }): string {
  const field = keyPart(subfield)?.field;
  switch (field) {
    case "ethSrc":
    case "ethDst":
    case "arpSha":
    case "arpTha":
      return macFromNumber(Number(value));
    case "ipSrc":
    case "ipDst":
      return ipv4FromNumber(Number(value));
    default:
      return field !== undefined && isWide(field) ? ipv6FromBigInt(value) : `0x${value.toString(16)}`;
  }
}
