import { assertNever } from "../base/assert-never.js";
import { printNeighbour } from "../formats/ip-neigh/print.js";
import { printRoute } from "../formats/ip-route/print.js";
import { printIpRule } from "../formats/ip-rule/print.js";
import { printRule } from "../formats/iptables-save/print-rule.js";
import { printFlow } from "../formats/openflow/print.js";
import { printSysctl } from "../formats/sysctl/print.js";
import type { Bridge, BridgePort } from "../ir/bridge.js";
import type { Flow } from "../ir/flow.js";
import type { IpSet, IptablesChain, IptablesRule, IptablesTable } from "../ir/iptables.js";
import type { Device, InterfaceAddress, IpRule, Namespace, Neighbour, Route, Sysctl } from "../ir/namespace.js";
import type { Cidr } from "../net/cidr.js";
import type { IpVersion } from "../net/ip.js";
import type { Origin } from "../source/origin.js";

/** Where in a host's netfilter a rule is. The namespace is empty for the host's own. */
export interface ChainPlace {
  readonly namespace: string;
  readonly version: IpVersion;
  readonly table: IptablesTable["name"];
}

/** A bridge without what is compared by itself: who keeps a difference should not keep all flows with it. */
export type BridgeRow = Omit<Bridge, "ports" | "flows">;

/** A namespace without what is in it. */
export type NamespaceRow = Pick<Namespace, "name" | "kind" | "origin">;

/** One thing that is compared: an entry of a host's state and where it is. */
export type Entry =
  | { readonly kind: "bridge"; readonly bridge: BridgeRow }
  | { readonly kind: "port"; readonly bridge: string; readonly port: BridgePort }
  | { readonly kind: "flow"; readonly bridge: string; readonly flow: Flow }
  | { readonly kind: "namespace"; readonly namespace: NamespaceRow }
  | { readonly kind: "device"; readonly namespace: string; readonly device: Device }
  | { readonly kind: "address"; readonly namespace: string; readonly device: string; readonly address: InterfaceAddress }
  | { readonly kind: "ip-rule"; readonly namespace: string; readonly version: IpVersion; readonly rule: IpRule }
  | { readonly kind: "route"; readonly namespace: string; readonly version: IpVersion; readonly route: Route }
  | { readonly kind: "neighbour"; readonly namespace: string; readonly neighbour: Neighbour }
  | ({ readonly kind: "chain"; readonly chain: IptablesChain } & ChainPlace)
  | ({ readonly kind: "iptables-rule"; readonly chain: string; readonly rule: IptablesRule } & ChainPlace)
  | { readonly kind: "ip-set"; readonly set: IpSet }
  | { readonly kind: "ip-set-member"; readonly set: IpSet; readonly member: Cidr }
  | { readonly kind: "sysctl"; readonly namespace: string; readonly sysctl: Sysctl };

/** A bridge as an entry. */
export function bridgeEntry({ ports: _ports, flows: _flows, ...bridge }: Bridge): Entry & { readonly kind: "bridge" } {
  return { kind: "bridge", bridge };
}

/** A namespace as an entry. */
export function namespaceEntry({ name, kind, origin }: Namespace): Entry & { readonly kind: "namespace" } {
  return { kind: "namespace", namespace: { name, kind, origin } };
}

/** The artefact that has an entry, below the host's folder. */
export function pathOf(entry: Entry): string {
  switch (entry.kind) {
    case "bridge":
    case "port":
      return "bridges.txt";
    case "flow":
      return `${entry.bridge}.flows`;
    case "namespace":
      return `${entry.namespace.name}/`;
    case "device":
    case "address":
      return inNamespace(entry.namespace, "ip-addr.txt");
    case "ip-rule":
      return inNamespace(entry.namespace, entry.version === 4 ? "ip-rule.txt" : "ip6-rule.txt");
    case "route":
      return inNamespace(entry.namespace, entry.version === 4 ? "ip-route.txt" : "ip6-route.txt");
    case "neighbour":
      return inNamespace(entry.namespace, "ip-neigh.txt");
    case "chain":
    case "iptables-rule":
      return inNamespace(entry.namespace, entry.version === 4 ? "iptables-save.txt" : "ip6tables-save.txt");
    case "ip-set":
    case "ip-set-member":
      return "ipset.txt";
    case "sysctl":
      return inNamespace(entry.namespace, "sysctl.txt");
    default:
      return assertNever(entry);
  }
}

/** Path of a namespace's artefact; the host's own have no folder. */
export function inNamespace(namespace: string, file: string): string {
  return namespace === "" ? file : `${namespace}/${file}`;
}

/** The entry for people, as the tool of its artefact prints it. */
export function textOf(entry: Entry): string {
  switch (entry.kind) {
    case "bridge":
      return bridgeText(entry.bridge);
    case "port":
      return portText(entry.port);
    case "flow":
      return printFlow({ ...entry.flow, cookie: 0n }).trim();
    case "namespace":
      return `namespace ${entry.namespace.name}`;
    case "device":
      return deviceText(entry.device);
    case "address":
      return addressText(entry.device, entry.address);
    case "ip-rule":
      return printIpRule(entry.rule).trim().replace("\t", " ");
    case "route":
      return routeText(entry.route, entry.version);
    case "neighbour":
      return printNeighbour(entry.neighbour).trim();
    case "chain":
      return `-P ${entry.chain.name} ${entry.chain.policy ?? "-"}`;
    case "iptables-rule":
      return `-A ${entry.chain}${printRule(entry.rule)}`;
    case "ip-set":
      return `create ${entry.set.name} ${entry.set.type} family ${entry.set.family}`;
    case "ip-set-member":
      return `add ${entry.set.name} ${entry.member}`;
    case "sysctl":
      return printSysctl(entry.sysctl);
    default:
      return assertNever(entry);
  }
}

/** A route on one line, its next hops included. */
export function routeText(route: Route, version: IpVersion): string {
  return printRoute(route, version)
    .map((line) => line.trim())
    .join(" ");
}

/** An address with its device, as `ip -o addr` has them. */
export function addressText(device: string, { cidr, broadcast, scope }: InterfaceAddress): string {
  return `${device} inet${cidr.includes(":") ? "6" : ""} ${cidr}${broadcast === undefined ? "" : ` brd ${broadcast}`} scope ${scope}`;
}

function deviceText({ name, mac, mtu, master }: Device): string {
  return `${name} mtu ${mtu} link ${mac}${master === undefined ? "" : ` master ${master}`}`;
}

function bridgeText({ name, failMode, datapathType, controllers }: BridgeRow): string {
  return `Bridge ${name} fail_mode=${failMode} datapath_type=${datapathType}${controllers.map((target) => ` controller=${target}`).join("")}`;
}

function portText({ name, tag, type }: BridgePort): string {
  const words = [`Port ${name}`];
  if (tag !== undefined) words.push(`tag=${tag}`);
  if (type.kind === "patch") words.push("type=patch", `peer=${type.peer}`);
  else if (type.kind === "tunnel") {
    const options = Object.entries({ ...type.options, remote_ip: type.remoteIp }).sort(([a], [b]) => (a < b ? -1 : 1));
    words.push(`type=${type.type}`, ...options.map(([key, value]) => `${key}=${value}`));
  } else words.push(`type=${type.kind}`);
  return words.join(" ");
}

/** Why an entry is there: the rule and the declarations of a compiled one, the line of a dumped one. */
export function originOf(entry: Entry): Origin {
  switch (entry.kind) {
    case "bridge":
      return entry.bridge.origin;
    case "port":
      return entry.port.origin;
    case "flow":
      return entry.flow.origin;
    case "namespace":
      return entry.namespace.origin;
    case "device":
      return entry.device.origin;
    case "address":
      return entry.address.origin;
    case "ip-rule":
    case "iptables-rule":
      return entry.rule.origin;
    case "route":
      return entry.route.origin;
    case "neighbour":
      return entry.neighbour.origin;
    case "chain":
      return entry.chain.origin;
    case "ip-set":
    case "ip-set-member":
      return entry.set.origin;
    case "sysctl":
      return entry.sysctl.origin;
    default:
      return assertNever(entry);
  }
}
