import type { IpSet } from "../ir/iptables.js";
import type { Namespace } from "../ir/namespace.js";
import type { Clock } from "./clock.js";
import type { Conntrack } from "./conntrack.js";
import type { HookPacket } from "./iptables-match.js";
import { type Hook, Netfilter } from "./netfilter.js";
import type { Frame } from "./packet.js";
import type { Place, Span, Trail } from "./trail.js";

type PassOn = (frame: Frame, span: Span) => void;

/**
 * The Linux bridge between a server and br-int where `iptables_hybrid` filters: `tap` and `qvb` on `qbr`, `qvo` on br-int.
 *
 * IP packets pass the host's own netfilter as they cross the bridge (`bridge-nf-call-iptables`); ARP passes unseen.
 * Source: Neutron `iptables_firewall.OVSHybridIptablesFirewallDriver`; Nova `vif.py`; iptables-extensions(8), physdev.
 */
export class HybridBridge {
  readonly #netfilter: Netfilter;
  readonly #place: Place;

  /** `id` is the port's id as it ends the device names: `tap<id>`. */
  constructor(
    readonly id: string,
    tracker: Conntrack,
    root: Namespace,
    ipSets: readonly IpSet[],
    readonly surroundings: { readonly clock: Clock; readonly trail: Trail; readonly host: string },
  ) {
    this.#netfilter = new Netfilter({ four: root.iptables, six: root.ip6tables, sets: ipSets }, tracker, surroundings.clock);
    this.#place = { host: surroundings.host, kind: "bridge", name: `qbr${id}` };
  }

  /** A frame from the server on its way to br-int. */
  towardsSwitch(frame: Frame, span: Span, passOn: PassOn): void {
    this.#cross(frame, span, `tap${this.id}`, `qvb${this.id}`, passOn);
  }

  /** A frame from br-int on its way to the server. */
  towardsServer(frame: Frame, span: Span, passOn: PassOn): void {
    this.#cross(frame, span, `qvb${this.id}`, `tap${this.id}`, passOn);
  }

  #cross(frame: Frame, span: Span, bridgeIn: string, bridgeOut: string, passOn: PassOn): void {
    const { payload } = frame;
    if (payload.kind !== "ip") return passOn(frame, span);
    const device = `qbr${this.id}`;
    const at: HookPacket = {
      packet: payload,
      mark: 0,
      tracked: undefined,
      inDevice: device,
      outDevice: undefined,
      bridgeIn,
      sourceMac: frame.source,
      zone: 0,
    };
    if (!this.#hook("PREROUTING", at, span)) return;
    const out: HookPacket = { ...at, outDevice: device, bridgeOut };
    if (!this.#hook("FORWARD", out, span) || !this.#hook("POSTROUTING", out, span)) return;
    passOn({ ...frame, payload: out.packet }, span);
  }

  #hook(hook: Hook, at: HookPacket, span: Span): boolean {
    const { accepted, decisions } = this.#netfilter.run(hook, at);
    const { clock, trail } = this.surroundings;
    decisions.forEach(({ decision, effect }, index) => {
      const note = { time: clock.now, place: this.#place, effect, decision };
      trail.note(span, !accepted && index === decisions.length - 1 ? { ...note, ending: "dropped" } : note);
    });
    return accepted;
  }
}
