/** What a box stands for. A Linux bridge is what iptables_hybrid puts between a server and br-int; tunnels are the underlay of all of them. */
export type BoxKind = "server" | "linux-bridge" | "namespace" | "bridge" | "tunnels" | "segment" | "upstream";

/** A device or bridge port that a box shows. */
export interface BoxPort {
  readonly name: string;
  /** Addresses, VLAN. */
  readonly lines: readonly string[];
  /** Id of the network that it belongs to. */
  readonly network?: string;
}

/** A bridge, a namespace, a machine, or what joins hosts. */
export interface Box {
  /** Unique in the picture. */
  readonly id: string;
  readonly kind: BoxKind;
  readonly title: string;
  /** Further facts: floating IPs, what kind of network it is. */
  readonly lines: readonly string[];
  readonly ports: readonly BoxPort[];
}

/** Where a link ends: a box, and its port where there is one. */
export interface LinkEnd {
  readonly box: string;
  readonly port?: string;
}

/** A pair of ends between which frames go: a device and its bridge port, patch ports, a veth pair, a wire. */
export interface Link {
  /** The end that is drawn higher comes first. */
  readonly upper: LinkEnd;
  readonly lower: LinkEnd;
}

/** A host and what is on it. */
export interface HostPicture {
  readonly name: string;
  readonly boxes: readonly Box[];
}

/** Hosts as engineers draw them: what is on each, and how it is joined. */
export interface Picture {
  readonly hosts: readonly HostPicture[];
  /** What is on no host: tunnels, physical networks, upstream routers. */
  readonly outside: readonly Box[];
  readonly links: readonly Link[];
}

/** A link that a packet takes. */
export interface Passage {
  readonly link: Link;
  readonly downwards: boolean;
}

/** The way of a packet through a picture, in order, and of its answer. */
export interface Route {
  readonly there: readonly Passage[];
  readonly back: readonly Passage[];
  /** The box where the packet, or its answer, was dropped. */
  readonly lostAt?: string;
}
