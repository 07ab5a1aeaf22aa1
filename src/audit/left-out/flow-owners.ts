import { printActions } from "../../formats/openflow/print-action.js";
import type { Action } from "../../ir/action.js";
import type { Bridge } from "../../ir/bridge.js";
import type { Flow } from "../../ir/flow.js";
import type { LeftOut } from "../../model/left-out.js";

/** What is left out of a network, and the hosts that have it. */
interface Segment {
  readonly owner: LeftOut;
  readonly hosts: Set<string>;
}

/** Whose the flows of one host are. */
export class FlowOwners {
  /** By MAC. */
  readonly #macs = new Map<string, LeftOut>();
  /** By `tunnel key, address`: tenants' addresses need not be unique. */
  readonly #addresses = new Map<string, LeftOut>();
  /** By tunnel key. */
  readonly #segments = new Map<number, Segment>();
  /** Tunnel keys by local VLAN. */
  readonly #keys = new Map<number, number>();
  /** By `bridge ofport`. */
  readonly #ports = new Map<string, LeftOut>();
  /** Local VLANs on which there is nothing else. */
  readonly #vlans = new Map<number, LeftOut>();
  /** Ports to which a router that is left out delivers, by `vlan mac`. */
  readonly #delivered = new Map<string, LeftOut>();

  /** `ownerOf` knows devices by name; `differing` are the flows that somebody may own. */
  constructor(
    leftOut: readonly LeftOut[],
    bridges: readonly Bridge[],
    ownerOf: (device: string) => LeftOut | undefined,
    differing: readonly Flow[],
  ) {
    for (const one of leftOut) this.#add(one);
    for (const { name, ports, flows } of bridges) {
      for (const port of ports) {
        const owner = ownerOf(port.name);
        if (owner !== undefined) this.#ports.set(`${name} ${port.ofport}`, owner);
      }
      for (const { match, actions } of flows) {
        const vlan = vlanSet(actions);
        if (typeof match.tunId === "number" && vlan !== undefined) this.#keys.set(vlan, match.tunId);
      }
    }
    this.#findVlans(bridges, ownerOf);
    for (const { match, actions } of differing) {
      const owner = this.#masking(actions);
      if (owner !== undefined && typeof match.ethDst === "string") this.#delivered.set(`${match.vlanVid ?? 0} ${match.ethDst}`, owner);
    }
  }

  /** The resource that a flow is for. */
  of(bridge: string, { match, actions }: Flow): LeftOut | undefined {
    const { ethSrc, ethDst, arpSha, arpTha, arpSpa, arpTpa, ipSrc, ipDst, ipv6Src, ipv6Dst, ndTarget, inPort, reg5 } = match;
    const vlan = match.vlanVid ?? vlanSet(actions) ?? 0;
    const key = this.#keys.get(vlan) ?? "";
    const known = [
      ...[ethSrc, ethDst, arpSha, arpTha].map((mac) => (typeof mac === "string" ? this.#macs.get(mac) : undefined)),
      ...[arpSpa, arpTpa, ipSrc, ipDst, ipv6Src, ipv6Dst, ndTarget].map((ip) => this.#addresses.get(`${key} ${ip ?? ""}`)),
      ...[inPort, reg5].map((port) => (typeof port === "number" ? this.#ports.get(`${bridge} ${port}`) : undefined)),
      this.#masking(actions),
      typeof ethDst === "string" ? this.#delivered.get(`${vlan} ${ethDst}`) : undefined,
      this.#vlans.get(vlan),
    ];
    return known.find((owner) => owner !== undefined);
  }

  /** The resource on whose account broadcasts of a network go to more hosts than expected. */
  ofFlood(expected: Flow, live: Flow): LeftOut | undefined {
    const key = live.actions.flatMap((action) => (action.kind === "set-field" && action.field === "tunId" ? action.value : []))[0];
    const segment = this.#segments.get(key ?? -1);
    const more = outputs(live) - outputs(expected);
    const isSame = withoutOutputs(expected) === withoutOutputs(live);
    return segment !== undefined && isSame && more > 0 && more <= segment.hosts.size ? segment.owner : undefined;
  }

  #add(one: LeftOut): void {
    for (const { mac, ips, host, tunnelKey } of one.ports) {
      this.#macs.set(mac, one);
      if (tunnelKey === undefined) continue;
      for (const ip of ips) this.#addresses.set(`${tunnelKey} ${ip}`, one);
      if (host === undefined) continue;
      const segment = this.#segments.get(tunnelKey) ?? { owner: one, hosts: new Set<string>() };
      this.#segments.set(tunnelKey, segment);
      segment.hosts.add(host);
    }
  }

  #findVlans(bridges: readonly Bridge[], ownerOf: (device: string) => LeftOut | undefined): void {
    const others = new Set<number>();
    for (const { name, tag } of bridges.find((bridge) => bridge.name === "br-int")?.ports ?? []) {
      const owner = ownerOf(name);
      if (tag === undefined) continue;
      if (owner === undefined) others.add(tag);
      else this.#vlans.set(tag, owner);
    }
    for (const tag of others) this.#vlans.delete(tag);
  }

  /** Whose MAC a frame gets. */
  #masking(actions: readonly Action[]): LeftOut | undefined {
    const macs = actions.flatMap((action) =>
      action.kind === "set-field" && (action.field === "ethSrc" || action.field === "ethDst") ? action.value : [],
    );
    return macs.flatMap((mac) => this.#macs.get(mac) ?? [])[0];
  }
}

/** The local VLAN that a frame gets. */
function vlanSet(actions: readonly Action[]): number | undefined {
  return actions.flatMap((action) => (action.kind === "set-field" && action.field === "vlanVid" ? action.value : []))[0];
}

function outputs({ actions }: Flow): number {
  return actions.filter(({ kind }) => kind === "output").length;
}

function withoutOutputs({ actions }: Flow): string {
  return printActions(actions.filter(({ kind }) => kind !== "output"));
}
