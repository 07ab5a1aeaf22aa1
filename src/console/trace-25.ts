import { printActions } from "../formats/openflow/print-action.js";
import { printMatch } from "../formats/openflow/print-match.js";
import type { FlowKey } from "../virtual/flow-key.js";
import type { OfprotoTrace, TraceSection } from "../virtual/ofproto-trace.js";
import type { PipelineNote, TraceNode } from "../virtual/pipeline-trace.js";
import { type DatapathNames, datapathText } from "./datapath-text.js";
import { flowText } from "./flow-text.js";
import { megaflowText } from "./megaflow-text.js";

/**
 * A trace in the grammar of Open vSwitch 2.5 and 2.6: one tab for each nested lookup. What happens after the connection tracker is not in it.
 *
 * Source: Open vSwitch 2.5 `ofproto/ofproto-dpif.c`, `ofproto_trace`, `trace_resubmit`.
 */
export function printTrace25(trace: OfprotoTrace, names: DatapathNames): string {
  const [section] = trace.sections;
  if (section === undefined) return "";
  const initial = flowText(section.initial, "ovs-2.5");
  const final = flowText(section.final, "ovs-2.5");
  return (
    `Bridge: ${trace.bridge.name}\nFlow: ${initial}\n\n` +
    new Printer(section, names).nodes(section.nodes, 0) +
    `\nFinal flow: ${final === initial ? "unchanged" : final}\n` +
    `Megaflow: ${megaflowText(section, "ovs-2.5")}\n` +
    `Datapath actions: ${datapathText(section.datapath, names)}\n${slowPath(section)}`
  );
}

function slowPath({ datapath }: TraceSection): string {
  if (!datapath.some((action) => action.kind === "set-arp")) return "";
  return "This flow is handled by the userspace slow path because it:\n\t- Uses action(s) not supported by datapath.\n";
}

class Printer {
  #lastFlow: string;

  constructor(
    readonly section: TraceSection,
    readonly names: DatapathNames,
  ) {
    this.#lastFlow = flowText(section.initial, "ovs-2.5");
  }

  nodes(nodes: readonly TraceNode[], level: number): string {
    return nodes.map((node) => this.#node(node, level)).join("");
  }

  #node(node: TraceNode, level: number): string {
    switch (node.kind) {
      case "bridge":
        return this.nodes(node.inner, level);
      case "table":
        return `${this.#table(node, level)}${this.nodes(node.inner, level + 1)}`;
      case "note": {
        const text = noteText(node.note);
        return text === undefined ? "" : `${"\t".repeat(Math.max(level - 1, 0))}${text}\n`;
      }
      case "thaw":
      case "action":
      case "drop":
        return "";
    }
  }

  #table(node: TraceNode & { readonly kind: "table" }, level: number): string {
    const indent = "\t".repeat(level);
    return (level === 0 ? "" : this.#resubmitted(node, indent)) + ruleText(node, indent);
  }

  #resubmitted({ key, done, looked }: TraceNode & { readonly kind: "table" }, indent: string): string {
    const flow = flowText(key, "ovs-2.5");
    const shown = flow === this.#lastFlow ? "unchanged" : flow;
    this.#lastFlow = flow;
    return (
      `\n${indent}Resubmitted flow: ${shown}\n` +
      `${indent}Resubmitted regs: ${registers(key)}\n` +
      `${indent}Resubmitted  odp: ${datapathText(done, this.names)}\n` +
      `${indent}Resubmitted megaflow: ${megaflowText({ initial: this.section.initial, wildcards: looked ?? this.section.wildcards }, "ovs-2.5")}\n`
    );
  }
}

function ruleText({ table, flow }: TraceNode & { readonly kind: "table" }, indent: string): string {
  if (flow === undefined) return `${indent}No match\n`;
  return (
    `${indent}Rule: table=${table} cookie=0x${flow.cookie.toString(16)} ${printMatch(flow.match, flow.priority)}\n` +
    `${indent}OpenFlow actions=${printActions(flow.actions)}\n`
  );
}

function registers(key: Readonly<FlowKey>): string {
  const values = [key.reg0, key.reg1, key.reg2, key.reg3, key.reg4, key.reg5, key.reg6, key.reg7];
  return values.map((value, index) => `reg${index}=0x${value.toString(16)}`).join(" ");
}

function noteText(note: PipelineNote): string | undefined {
  switch (note.kind) {
    case "flooding":
      return "no learned MAC for destination, flooding";
    case "forwarding-learned":
      return "forwarding to learned port";
    case "learned-is-input":
      return "learned port is input port, dropping";
    case "output-to-input":
      return "skipping output to input port";
    case "port-missing":
      return "Nonexistent output port";
    case "reserved-destination":
      return "packet has reserved destination MAC, dropping";
    case "too-deep":
      return "resubmit actions recursed over 64 times";
    default:
      return undefined;
  }
}
