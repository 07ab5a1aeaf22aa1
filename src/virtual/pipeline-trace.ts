import type { Action, Subfield } from "../ir/action.js";
import type { Flow } from "../ir/flow.js";
import type { DatapathAction } from "./datapath-actions.js";
import type { FlowKey } from "./flow-key.js";
import type { Wildcards } from "./wildcards.js";

/** What the switch says beside an action. The words are each tool dialect's. */
export type PipelineNote =
  | { readonly kind: "flooding" | "forwarding-learned" | "learned-is-input" | "learn-suppressed" | "untracked" | "kernel-tunnel" }
  | { readonly kind: "reserved-destination" | "output-to-input" | "port-missing" | "too-deep" | "unsupported" }
  | { readonly kind: "access-port-tagged"; readonly vlan: number; readonly port: string; readonly access: number }
  | { readonly kind: "forked"; readonly table: number }
  | { readonly kind: "subfield-now"; readonly subfield: Subfield; readonly value: bigint };

/** One line of what a pipeline did, with what followed from it: the tree that `ofproto/trace` prints. */
export type TraceNode =
  | { readonly kind: "bridge"; readonly name: string; readonly inner: TraceNode[] }
  | { readonly kind: "thaw"; readonly table: number; readonly inner: TraceNode[] }
  | {
      readonly kind: "table";
      readonly bridge: string;
      readonly table: number;
      readonly flow: Flow | undefined;
      /** The id by which the flow was found, where conjunctions decided. */
      readonly conjunction: number | undefined;
      /** The packet as it came to the table, and what had been done to it until then. */
      readonly key: FlowKey;
      readonly done: readonly DatapathAction[];
      /** The bits that had decided when the flow was found; undefined where nobody asked. */
      readonly looked: Wildcards | undefined;
      readonly inner: TraceNode[];
    }
  | { readonly kind: "action"; readonly action: Action; readonly inner: TraceNode[] }
  | { readonly kind: "drop"; readonly inner: TraceNode[] }
  | { readonly kind: "note"; readonly note: PipelineNote; readonly inner: TraceNode[] };

/** A step on the way of a packet through a host's bridges, with what decided. */
export type PipelineStep =
  | { readonly kind: "flow"; readonly bridge: string; readonly table: number; readonly flow: Flow | undefined }
  | {
      readonly kind: "normal";
      readonly bridge: string;
      readonly vlan: number;
      readonly decision: "flooding" | "learned";
      readonly port?: string;
    }
  | { readonly kind: "conntrack"; readonly bridge: string; readonly zone: number; readonly state: number; readonly commit: boolean }
  | { readonly kind: "refused"; readonly bridge: string; readonly note: PipelineNote };
