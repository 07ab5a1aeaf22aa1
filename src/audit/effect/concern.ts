import type { HostState } from "../../ir/host-state.js";
import { ipProtocol, type Match } from "../../ir/match.js";
import type { ResolvedNetwork, ResolvedPort, ResolvedRouter, ResolvedServer, ResolvedTopology } from "../../model/resolved.js";
import { type Entry, textOf } from "../entry.js";
import type { ProbeKind } from "./probe.js";

/** Whom an entry of a host's state has to do with. */
export interface Concern {
  readonly servers: Set<ResolvedServer>;
  readonly networks: Set<ResolvedNetwork>;
  readonly routers: Set<ResolvedRouter>;
  /** Hosts that the entry names: by a tunnel, or by a DVR MAC. */
  readonly hosts: Set<string>;
  /** Transport ports that it lets pass or stops. */
  readonly kinds: ProbeKind[];
}

/** A topology by everything that an entry may name it by. */
export class ConcernIndex {
  readonly #ports = new Map<string, ResolvedPort[]>();
  readonly #routers = new Map<string, ResolvedRouter>();
  readonly #networks = new Map<string, ResolvedNetwork>();
  readonly #tunnels = new Map<number, ResolvedNetwork>();
  readonly #hosts = new Map<string, string>();

  constructor(readonly topology: ResolvedTopology) {
    for (const port of topology.ports) {
      for (const key of [port.mac, port.id.slice(0, 10), ...port.fixedIps.map(({ ip }) => ip)]) this.#add(key, port);
      for (const { ip } of port.allowedAddressPairs) this.#add(ip.replace(/\/(?:32|128)$/, ""), port);
    }
    for (const { ip, target } of topology.floatingIps) if (target !== undefined) this.#add(ip, target.port);
    for (const router of topology.routers) this.#routers.set(router.id, router);
    for (const network of topology.networks) {
      this.#networks.set(network.id, network);
      if (network.segmentationId !== undefined) this.#tunnels.set(network.segmentationId, network);
    }
    for (const { name, dvrMac, localIp } of topology.hosts) {
      if (dvrMac !== undefined) this.#hosts.set(dvrMac, name);
      if (localIp !== undefined) this.#hosts.set(localIp, name);
    }
  }

  /** Whom an entry has to do with; the state is that of the side that has it, for its port numbers and local VLANs. */
  concernOf(entry: Entry, state: HostState): Concern {
    const concern: Concern = { servers: new Set(), networks: new Set(), routers: new Set(), hosts: new Set(), kinds: [] };
    for (const word of textOf(entry).split(/[\s,=()[\]>]+/)) this.#word(word.replace(/^set_field:|->?$|-$/g, ""), concern);
    if ("namespace" in entry) this.#namespace(typeof entry.namespace === "string" ? entry.namespace : entry.namespace.name, concern);
    if (entry.kind === "flow") {
      const { match, actions } = entry.flow;
      const set = actions.flatMap((action) => (action.kind === "set-field" && typeof action.value === "number" ? [action] : []));
      for (const vlan of [
        match.vlanVid,
        match.reg6,
        match.ctZone,
        ...set.map(({ field, value }) => (field === "vlanVid" || field === "reg6" ? value : undefined)),
      ]) {
        if (typeof vlan === "number") this.#localVlan(vlan, state, concern);
      }
      for (const key of [match.tunId, ...set.map(({ field, value }) => (field === "tunId" ? value : undefined))]) {
        const network = typeof key === "number" ? this.#tunnels.get(key) : undefined;
        if (network !== undefined) concern.networks.add(network);
      }
      const outputs = actions.map((action) => (action.kind === "output" ? action.port : undefined));
      for (const port of [match.inPort, match.reg5, ...outputs])
        if (typeof port === "number") this.#ofport(entry.bridge, port, state, concern);
      concern.kinds.push(...kindsOf(match));
    }
    if (entry.kind === "iptables-rule") {
      for (const match of entry.rule.matches) {
        if (match.kind !== "ports" || (match.module !== "tcp" && match.module !== "udp")) continue;
        const port = Number(match.dport?.split(":")[0]);
        if (port > 0) concern.kinds.push({ protocol: match.module, port });
      }
    }
    if (entry.kind === "port") this.#word(entry.port.name, concern);
    return concern;
  }

  #add(key: string, port: ResolvedPort): void {
    const known = this.#ports.get(key);
    if (known === undefined) this.#ports.set(key, [port]);
    else known.push(port);
  }

  #word(word: string, concern: Concern): void {
    const bare = word.replace(/\/\d+$/, "");
    const device = /^(?:tap|qvo|qvb|qbr|qr-|qg-|sg-|fg-|neutron-openvswi-[ios])([0-9a-f]{8}-[0-9a-f])/.exec(word)?.[1];
    for (const port of this.#ports.get(device ?? bare) ?? []) this.#port(port, concern);
    const host = this.#hosts.get(bare);
    if (host !== undefined) concern.hosts.add(host);
  }

  #port(port: ResolvedPort, { servers, networks, routers }: Concern): void {
    networks.add(port.network);
    if (port.server !== undefined) servers.add(port.server);
    if (port.router !== undefined) routers.add(port.router);
  }

  #namespace(name: string, { networks, routers }: Concern): void {
    const dash = name.indexOf("-");
    const id = name.slice(dash + 1);
    const router = this.#routers.get(id);
    const network = this.#networks.get(id);
    if (router !== undefined) routers.add(router);
    if (network !== undefined) networks.add(network);
  }

  #localVlan(vlan: number, { bridges }: HostState, concern: Concern): void {
    for (const bridge of bridges) {
      const port = bridge.ports.find(({ tag }) => tag === vlan);
      const [found] = port === undefined ? [] : (this.#ports.get(/[0-9a-f]{8}-[0-9a-f]/.exec(port.name)?.[0] ?? "") ?? []);
      if (found !== undefined) concern.networks.add(found.network);
    }
  }

  #ofport(bridge: string, ofport: number, { bridges }: HostState, concern: Concern): void {
    const port = bridges.find(({ name }) => name === bridge)?.ports.find((one) => one.ofport === ofport);
    if (port === undefined) return;
    if (port.type.kind === "tunnel") this.#word(port.type.remoteIp, concern);
    else this.#word(port.name, concern);
  }
}

/** The transport port of a firewall flow. A masked one stands for its first. */
function kindsOf({ ipProto, tpDst }: Match): ProbeKind[] {
  const port = typeof tpDst === "object" ? tpDst.value : tpDst;
  if (port === undefined || port === 0) return [];
  return ipProto === ipProtocol.tcp ? [{ protocol: "tcp", port }] : ipProto === ipProtocol.udp ? [{ protocol: "udp", port }] : [];
}
