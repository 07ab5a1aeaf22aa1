import type { Frame } from "./packet.js";

/** Who is on a physical segment: a host's uplink, or a machine outside. */
export type SegmentMember =
  | { readonly kind: "host"; readonly host: string; readonly bridge: string }
  | { readonly kind: "machine"; readonly machine: string; readonly device: string; readonly vlan: number | undefined };

/**
 * The switch of a physical network, which hosts' uplinks and upstream routers are plugged into: it learns addresses, so that what is known goes one way.
 */
export class Segment {
  readonly #learned = new Map<string, SegmentMember>();

  constructor(
    readonly name: string,
    readonly members: readonly SegmentMember[],
  ) {}

  /** Who gets a frame that a member sends. The VLAN is 0 for untagged frames. */
  receivers(from: SegmentMember, frame: Frame): readonly SegmentMember[] {
    const vlan = frame.vlans[0]?.vid ?? 0;
    this.#learned.set(`${vlan} ${frame.source}`, from);
    const known = this.#learned.get(`${vlan} ${frame.destination}`);
    if (known !== undefined) return sameMember(known, from) ? [] : [known];
    return this.members.filter((member) => !sameMember(member, from));
  }
}

function sameMember(a: SegmentMember, b: SegmentMember): boolean {
  if (a.kind === "host") return b.kind === "host" && a.host === b.host && a.bridge === b.bridge;
  return b.kind === "machine" && a.machine === b.machine && a.device === b.device;
}
