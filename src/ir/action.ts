import type { Ipv4, Ipv6 } from "../net/ip.js";
import type { Mac } from "../net/mac.js";
import type { OfPort } from "./match.js";

/** Part of a field: `NXM_NX_REG6[0..15]`. `field` is the NXM or OXM name, bits inclusive; the whole field where bits are absent. */
export interface Subfield {
  readonly field: string;
  readonly bits?: readonly [first: number, last: number];
}

/**
 * `set_field:VALUE->FIELD`; field and value types are tied. `vlanVid` is the plain VLAN id (OpenFlow adds the 0x1000 bit in print), `ipDscp` the upper six bits
 * of the type of service.
 */
export type SetField =
  | { readonly kind: "set-field"; readonly field: "ethSrc" | "ethDst" | "arpSha" | "arpTha"; readonly value: Mac }
  | {
      readonly kind: "set-field";
      readonly field: "vlanVid" | "tunId" | "arpOp" | "ipDscp" | "ctMark" | "pktMark" | `reg${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7}`;
      readonly value: number;
    }
  | { readonly kind: "set-field"; readonly field: "arpSpa" | "arpTpa" | "ipSrc" | "ipDst"; readonly value: Ipv4 }
  | { readonly kind: "set-field"; readonly field: "ipv6Src" | "ipv6Dst"; readonly value: Ipv6 };

/** One item of `learn(...)`: a match copied or fixed, a load, or an output, as ovs-actions(7) lists them. */
export type LearnSpec =
  | { readonly kind: "match-field"; readonly destination: Subfield; readonly source: Subfield }
  | { readonly kind: "match-value"; readonly destination: Subfield; readonly value: bigint }
  | { readonly kind: "load-field"; readonly source: Subfield; readonly destination: Subfield }
  | { readonly kind: "load-value"; readonly value: bigint; readonly destination: Subfield }
  | { readonly kind: "output"; readonly source: Subfield };

/** `ct(...)`: sends the packet through the connection tracker. */
export interface ConntrackAction {
  readonly kind: "ct";
  readonly commit: boolean;
  /** Table in which processing goes on with the tracked state; none where the packet only is committed. */
  readonly table?: number;
  readonly zone?: number | Subfield;
  /** `exec(...)`: actions on the connection's own fields. */
  readonly exec?: readonly Action[];
}

/** An OpenFlow action or instruction. A flow with none drops. */
export type Action =
  | { readonly kind: "output"; readonly port: OfPort }
  | { readonly kind: "output-field"; readonly source: Subfield }
  | { readonly kind: "normal" }
  | { readonly kind: "in-port" }
  | { readonly kind: "flood" }
  | { readonly kind: "controller" }
  | { readonly kind: "goto-table"; readonly table: number }
  | { readonly kind: "resubmit"; readonly table: number; readonly port?: OfPort }
  /** In the flow's own table. */
  | { readonly kind: "resubmit"; readonly table?: never; readonly port: OfPort }
  | { readonly kind: "set-queue"; readonly queue: number }
  | { readonly kind: "pop-queue" }
  | { readonly kind: "push-vlan"; readonly etherType: number }
  | { readonly kind: "pop-vlan" }
  | { readonly kind: "mod-vlan-vid"; readonly vlanVid: number }
  | SetField
  | { readonly kind: "move"; readonly source: Subfield; readonly destination: Subfield }
  | { readonly kind: "load"; readonly value: bigint; readonly destination: Subfield }
  | {
      readonly kind: "learn";
      readonly table: number;
      readonly priority: number;
      /** Seconds; 0 is never. */
      readonly idleTimeout: number;
      /** Seconds; 0 is never. */
      readonly hardTimeout: number;
      readonly cookie: bigint;
      readonly specs: readonly LearnSpec[];
    }
  | ConntrackAction
  | { readonly kind: "ct-clear" }
  | { readonly kind: "conjunction"; readonly id: number; readonly clause: number; readonly clauses: number }
  /** An action that dvrc does not model, as a dump had it. Only parsers make it. */
  | { readonly kind: "other"; readonly text: string };
