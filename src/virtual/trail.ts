import type { Flow } from "../ir/flow.js";
import type { IptablesRule, IptablesTable } from "../ir/iptables.js";
import type { IpRule, Route } from "../ir/namespace.js";
import type { Ip } from "../net/ip.js";
import type { Mac } from "../net/mac.js";

/** What decided a step: the entry of the compiled state, or what the host had learned. */
export type Decision =
  | { readonly kind: "flow"; readonly table: number; readonly flow: Flow }
  | { readonly kind: "table-miss"; readonly table: number }
  | { readonly kind: "mac-table"; readonly vlan: number; readonly port: string | undefined }
  | { readonly kind: "conntrack"; readonly zone: number }
  | { readonly kind: "route"; readonly rule: IpRule | undefined; readonly route: Route }
  | { readonly kind: "no-route" }
  | { readonly kind: "local-address"; readonly address: Ip }
  | { readonly kind: "neighbour"; readonly ip: Ip; readonly lladdr: Mac; readonly state: string }
  | { readonly kind: "iptables"; readonly table: IptablesTable["name"]; readonly chain: string; readonly rule: IptablesRule }
  | { readonly kind: "policy"; readonly table: IptablesTable["name"]; readonly chain: string }
  | { readonly kind: "sysctl"; readonly key: string }
  | { readonly kind: "tunnel"; readonly port: string }
  | { readonly kind: "segment"; readonly segment: string };

/** Where a step happened. */
export interface Place {
  /** Undefined outside all hosts. */
  readonly host: string | undefined;
  readonly kind: "bridge" | "namespace" | "machine" | "segment" | "underlay";
  readonly name: string;
}

/** How a packet's way may end. Ignored is a copy that came to somebody whom it is not for. */
export type Ending = "delivered" | "dropped" | "ignored";

/** One step on a packet's way. */
export interface TrailStep {
  /** Milliseconds. */
  readonly time: number;
  readonly place: Place;
  /** What came about, in words: `forward to qr-..`, `drop`. */
  readonly effect: string;
  readonly decision: Decision | undefined;
  readonly ending?: Ending;
  /** The port or device by which the packet leaves the place, where it does. */
  readonly leaves?: string;
}

/** A packet on its way, or a copy of it: copies made by flooding have one parent. */
export interface Span {
  readonly id: number;
  readonly parent: Span | undefined;
  /** The packet that this one answers, or that waits for it. */
  readonly cause: Span | undefined;
  /** What the packet is: `icmp type 8 10.0.0.1 > 10.0.0.2`. */
  readonly subject: string;
  readonly steps: TrailStep[];
}

/** Records the ways of packets. */
export class Trail {
  #count = 0;
  readonly #listeners = new Set<(span: Span, step: TrailStep) => void>();

  /** A packet that somebody sends. */
  begin(subject: string, cause?: Span): Span {
    return { id: this.#count++, parent: undefined, cause, subject, steps: [] };
  }

  /** A copy of a packet, or what was made of it. */
  branch(parent: Span): Span {
    return { id: this.#count++, parent, cause: undefined, subject: parent.subject, steps: [] };
  }

  /** Notes a step. */
  note(span: Span, step: TrailStep): void {
    span.steps.push(step);
    for (const listener of this.#listeners) listener(span, step);
  }

  /** Has every step told to a listener until the returned function is called. */
  listen(listener: (span: Span, step: TrailStep) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** The steps of a packet from its beginning to the end of a span, without the branches that went elsewhere. */
export function stepsTo(span: Span): readonly TrailStep[] {
  const spans: Span[] = [];
  for (let at: Span | undefined = span; at !== undefined; at = at.parent) spans.unshift(at);
  return spans.flatMap((each) => each.steps);
}

/** The first span of a packet: its identity among copies. */
export function rootOf(span: Span): Span {
  let root = span;
  while (root.parent !== undefined) root = root.parent;
  return root;
}
