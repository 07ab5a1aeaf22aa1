import { parseDevices } from "../formats/ip-addr/parse.js";
import { parseNeighbours } from "../formats/ip-neigh/parse.js";
import { parseRoutes } from "../formats/ip-route/parse.js";
import { parseIpRules } from "../formats/ip-rule/parse.js";
import { parseIpSets } from "../formats/ipset-save/parse.js";
import { parseIptables } from "../formats/iptables-save/parse.js";
import { parseShow } from "../formats/ovs-vsctl-show/parse.js";
import type { OriginOf, Problem } from "../formats/parsed.js";
import { parseSysctls } from "../formats/sysctl/parse.js";
import type { Bridge } from "../ir/bridge.js";
import type { HostState } from "../ir/host-state.js";
import type { IptablesMatch, IptablesTable } from "../ir/iptables.js";
import type { Device, Namespace, NamespaceKind } from "../ir/namespace.js";
import { iptablesProtocolName } from "../net/ip-protocol.js";
import { because } from "../source/origin.js";
import { loadBridge, type ReadDump } from "./load-bridge.js";

/** The dumps of one host by path below its folder, as `dvrc collect` and the artefact tree lay them out. */
export type HostDump = ReadonlyMap<string, string>;

/** A line of a dump that was not understood, and its file. */
export interface DumpProblem extends Problem {
  readonly path: string;
}

/** A host as its dumps tell it. */
export interface LoadedHost {
  readonly state: HostState;
  /** Files of the dump, understood or not. */
  readonly paths: ReadonlySet<string>;
  readonly problems: readonly DumpProblem[];
}

/**
 * Reads a host's state off its dumps: the inverse of writing the artefact tree. The origin of each entry is its line: document `<host>/<path>`, pointer `/<line>`.
 *
 * Order: bridges and namespaces by name, as in a compiled host.
 * Errors: a problem for each line that is not understood; what was understood stays.
 */
export function loadHostDump(host: string, dump: HostDump): LoadedHost {
  const problems: DumpProblem[] = [];
  const read: ReadDump = (path, parse, empty) => {
    const text = dump.get(path);
    if (text === undefined || text.trim() === "") return empty;
    const originOf: OriginOf = (line) => because("dump", `/${host}/${path}/${line}`);
    const parsed = parse(text, { originOf });
    for (const problem of parsed.problems) problems.push({ ...problem, path });
    return parsed.value;
  };
  const namespaces = linkPeers(namespaceNames(dump).map((name) => loadNamespace(name, read)));
  const shown = new Map(read("bridges.txt", parseShow, []).map((bridge) => [bridge.name, bridge]));
  const bridges = bridgeNames(dump, shown.keys()).map((name) => loadBridge(name, host, shown.get(name), read));
  const root = ["iptables-save.txt", "ip6tables-save.txt"].some((path) => dump.has(path)) ? loadNamespace("", read) : undefined;
  return {
    state: {
      host,
      bridges,
      namespaces: plugDevices(namespaces, bridges),
      root,
      ipSets: read("ipset.txt", parseIpSets, []),
    },
    paths: new Set(dump.keys()),
    problems,
  };
}

function loadNamespace(name: string, read: ReadDump): Namespace {
  const at = (file: string): string => (name === "" ? file : `${name}/${file}`);
  return {
    name,
    kind: kindOf(name),
    devices: read(at("ip-addr.txt"), (text, options) => parseDevices(text, name, options), []),
    ipRules: read(at("ip-rule.txt"), (text, options) => parseIpRules(text, 4, options), []),
    ip6Rules: read(at("ip6-rule.txt"), (text, options) => parseIpRules(text, 6, options), []),
    routes: read(at("ip-route.txt"), (text, options) => parseRoutes(text, 4, options), []),
    routes6: read(at("ip6-route.txt"), (text, options) => parseRoutes(text, 6, options), []),
    neighbours: read(at("ip-neigh.txt"), parseNeighbours, []),
    iptables: withNamedProtocols(read(at("iptables-save.txt"), parseIptables, [])),
    ip6tables: withNamedProtocols(read(at("ip6tables-save.txt"), parseIptables, [])),
    sysctls: read(at("sysctl.txt"), parseSysctls, []),
    origin: because("dump", `/${name}`),
  };
}

/** Tables of iptables-save(8) of any release: which protocols it prints by name and which by number depends on that. */
function withNamedProtocols(tables: readonly IptablesTable[]): readonly IptablesTable[] {
  const named = (match: IptablesMatch): IptablesMatch => {
    if (match.kind !== "protocol" || !/^\d{1,3}$/.test(match.protocol)) return match;
    return { ...match, protocol: iptablesProtocolName(Number(match.protocol)) };
  };
  return tables.map((table) => ({
    ...table,
    chains: table.chains.map((chain) => ({
      ...chain,
      rules: chain.rules.map((rule) => ({ ...rule, matches: rule.matches.map(named) })),
    })),
  }));
}

function kindOf(name: string): NamespaceKind {
  if (name === "") return "root";
  const [prefix] = name.split("-");
  return prefix === "qrouter" || prefix === "snat" || prefix === "fip" || prefix === "qdhcp" ? prefix : "other";
}

function namespaceNames(dump: HostDump): readonly string[] {
  const names = new Set<string>();
  for (const path of dump.keys()) {
    const slash = path.indexOf("/");
    if (slash > 0) names.add(path.slice(0, slash));
  }
  return [...names].sort();
}

/** A bridge whose flows were not dumped is there all the same if the switch's database shows it. */
function bridgeNames(dump: HostDump, shown: Iterable<string>): readonly string[] {
  const rank = (name: string): number => ["br-int", "br-tun"].indexOf(name) & 3;
  const dumped = [...dump.keys()].flatMap((path) =>
    path.endsWith(".flows") && !path.includes("/") ? [path.slice(0, -".flows".length)] : [],
  );
  return [...new Set([...dumped, ...shown])].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** The peer of a veth by its index in the peer's namespace, which `ip addr` tells, and its name, which it does not. */
function linkPeers(namespaces: readonly Namespace[]): readonly Namespace[] {
  const byName = new Map(namespaces.map((namespace) => [namespace.name, namespace]));
  const linked = (device: Device): Device => {
    const { type } = device;
    if (type.kind !== "veth" || type.peer !== "") return device;
    const peer = byName.get(type.peerNamespace)?.devices.find((each) => each.index === type.peerIndex);
    return peer === undefined ? device : { ...device, type: { ...type, peer: peer.name } };
  };
  return namespaces.map((namespace) => ({ ...namespace, devices: namespace.devices.map(linked) }));
}

/** The bridge of each device that is an internal port. */
function plugDevices(namespaces: readonly Namespace[], bridges: readonly Bridge[]): readonly Namespace[] {
  const bridgeOf = new Map(bridges.flatMap((bridge) => bridge.ports.map((port) => [port.name, bridge.name] as const)));
  return namespaces.map((namespace) => ({
    ...namespace,
    devices: namespace.devices.map((device) => {
      const bridge = bridgeOf.get(device.name);
      return device.type.kind === "veth" || device.type.kind === "loopback" || bridge === undefined
        ? device
        : { ...device, type: { kind: "ovs-internal", bridge } };
    }),
  }));
}
