import { defined } from "../base/invariant.js";
import { parseFlows } from "../formats/openflow/parse.js";
import { parseMatch } from "../formats/openflow/parse-match.js";
import { parseIptables } from "../formats/iptables-save/parse.js";
import { parseIpRules } from "../formats/ip-rule/parse.js";
import { parseRoutes } from "../formats/ip-route/parse.js";
import type { Bridge, BridgePort } from "../ir/bridge.js";
import type { Flow } from "../ir/flow.js";
import type { IptablesTable } from "../ir/iptables.js";
import type { Device, IpRule, Namespace, Route } from "../ir/namespace.js";
import type { Cidr } from "../net/cidr.js";
import type { Mac } from "../net/mac.js";
import { because } from "../source/origin.js";
import type { FlowKey } from "../virtual/flow-key.js";
import { keyOfMatch } from "../virtual/ofproto-trace.js";

/** The origin of what tests make up. */
export const madeUp = because("test", "");

/** Flows from their text, one a line. */
export function flowsOf(...lines: readonly string[]): readonly Flow[] {
  const { value, problems } = parseFlows(lines.map((line) => `${line}\n`).join(""));
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return value;
}

/** A packet's key from a flow's text. */
export function keyOf(text: string): FlowKey {
  const match = parseMatch(text);
  if (!match.ok) throw new Error(match.reason);
  return defined(keyOfMatch(match.value.match), text);
}

/** A port of a bridge. */
export function portOf(ofport: number, name: string, rest: Partial<BridgePort> = {}): BridgePort {
  return { name, ofport, type: { kind: "internal" }, datapathPort: ofport + 10, origin: madeUp, ...rest };
}

/** A bridge. */
export function bridgeOf(name: string, ports: readonly BridgePort[], ...flows: readonly string[]): Bridge {
  return {
    name,
    datapathId: "0000000000000001",
    failMode: "secure",
    datapathType: "system",
    controllers: [],
    protocols: [],
    otherConfig: {},
    ports,
    flows: flowsOf(...flows),
    origin: madeUp,
  };
}

/** A device with addresses. */
export function deviceOf(name: string, index: number, mac: string, ...cidrs: readonly string[]): Device {
  return {
    name,
    index,
    type: { kind: "ovs-internal", bridge: "br-int" },
    mac: mac as Mac,
    mtu: 1500,
    addresses: cidrs.map((cidr) => ({ cidr: cidr as Cidr, scope: "global", origin: madeUp })),
    origin: madeUp,
  };
}

/** A namespace of devices; everything else from text. */
export function namespaceOf(
  name: string,
  devices: readonly Device[],
  rest: {
    readonly routes?: string;
    readonly rules?: string;
    readonly iptables?: string;
    readonly sysctls?: Readonly<Record<string, string>>;
  } = {},
): Namespace {
  return {
    name,
    kind: name.startsWith("qrouter-") ? "qrouter" : "other",
    devices,
    ipRules: rulesOf(rest.rules ?? ""),
    ip6Rules: [],
    routes: routesOf(rest.routes ?? ""),
    routes6: [],
    neighbours: [],
    iptables: tablesOf(rest.iptables ?? ""),
    ip6tables: [],
    sysctls: Object.entries(rest.sysctls ?? {}).map(([key, value]) => ({ key, value, origin: madeUp })),
    origin: madeUp,
  };
}

function routesOf(text: string): readonly Route[] {
  return parseRoutes(text, 4).value;
}

function rulesOf(text: string): readonly IpRule[] {
  return parseIpRules(text, 4).value;
}

/** iptables tables from what iptables-save prints. */
export function tablesOf(text: string): readonly IptablesTable[] {
  const { value, problems } = parseIptables(text);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return value;
}
