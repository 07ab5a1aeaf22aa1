import type { Bridge, BridgePort, BridgePortKind } from "../../ir/bridge.js";
import { parseIp } from "../../net/ip.js";
import { parseMac } from "../../net/mac.js";
import type { Origin } from "../../source/origin.js";
import {
  type Attempt,
  dumpOrigin,
  eachLine,
  type Parsed,
  type ParseOptions,
  type Problem,
  problem,
  refused,
  understood,
} from "../parsed.js";
import { parseCount } from "../words.js";
import { parseRow, type PortRow, portTitles } from "./row.js";

/** A bridge without its flows, which another file has. */
export type PortsOfBridge = Omit<Bridge, "flows">;

/**
 * Reads `br-*.ports`. The value is undefined where the bridge's own row is missing.
 *
 * Errors: a problem for each row with a missing column, unknown type or wrong number.
 */
export function parsePorts(text: string, options: ParseOptions = {}): Parsed<PortsOfBridge | undefined> {
  const problems: Problem[] = [];
  const ports: BridgePort[] = [];
  const originOf = options.originOf ?? dumpOrigin;
  let bridge: Omit<PortsOfBridge, "ports"> | undefined;
  eachLine(text, problems, (line, number) => {
    if (line === "" || line === portTitles) return;
    const row = parseRow(line);
    if (row === undefined) problems.push(problem(number, line, "not a row of ports"));
    else if (row.ofport === "LOCAL") bridge = parseBridge(row, originOf(number));
    else {
      const port = parsePort(row, originOf(number));
      if (port.ok) ports.push(port.value);
      else problems.push(problem(number, line, port.reason));
    }
  });
  if (bridge === undefined) problems.push(problem(1, "", "the bridge's own row is missing"));
  return { value: bridge === undefined ? undefined : { ...bridge, ports }, problems };
}

function parseBridge(row: PortRow, origin: Origin): Omit<PortsOfBridge, "ports"> {
  return {
    name: row.name,
    datapathId: valueOf(row, "datapath_id") ?? "",
    datapathType: valueOf(row, "datapath_type") === "netdev" ? "netdev" : "system",
    failMode: valueOf(row, "fail_mode") === "standalone" ? "standalone" : "secure",
    controllers: row.options.filter(([key]) => key === "controller").map(([, value]) => value),
    protocols: row.options.filter(([key]) => key === "protocol").map(([, value]) => value),
    otherConfig: mapOf(row, "other_config:") ?? {},
    origin,
  };
}

function parsePort(row: PortRow, origin: Origin): Attempt<BridgePort> {
  const ofport = parseCount(row.ofport, 65535);
  const tag = row.tag === "-" ? undefined : parseCount(row.tag, 4095);
  const datapathPort = parseCount(valueOf(row, "datapath_port") ?? "", 0xffffffff);
  const type = parseType(row);
  if (ofport === undefined || datapathPort === undefined) return refused("a port has no number");
  if (tag === undefined && row.tag !== "-") return refused("wrong VLAN tag");
  if (type === undefined) return refused(`wrong or unknown type "${row.type.slice(0, 60)}"`);
  const macText = valueOf(row, "mac");
  const mac = macText === undefined ? undefined : parseMac(macText);
  const mtuText = valueOf(row, "mtu");
  const mtu = mtuText === undefined ? undefined : parseCount(mtuText, 0xffffffff);
  if ((macText !== undefined && mac === undefined) || (mtuText !== undefined && mtu === undefined)) return refused("wrong MAC or MTU");
  const externalIds = mapOf(row, "external_ids:");
  const otherConfig = mapOf(row, "other_config:");
  return understood({
    name: row.name,
    ofport,
    ...(tag === undefined ? {} : { tag }),
    type,
    ...(externalIds === undefined ? {} : { externalIds }),
    ...(otherConfig === undefined ? {} : { otherConfig }),
    datapathPort,
    ...(mac === undefined ? {} : { mac }),
    ...(mtu === undefined ? {} : { mtu }),
    origin,
  });
}

function parseType(row: PortRow): BridgePortKind | undefined {
  switch (row.type) {
    case "internal":
    case "system":
      return { kind: row.type };
    case "patch": {
      const peer = valueOf(row, "options:peer");
      return peer === undefined ? undefined : { kind: "patch", peer };
    }
    case "vxlan":
    case "gre":
    case "ip6gre":
    case "geneve": {
      const remoteIp = parseIp(valueOf(row, "options:remote_ip") ?? "");
      return remoteIp === undefined ? undefined : { kind: "tunnel", type: row.type, options: mapOf(row, "options:") ?? {}, remoteIp };
    }
    default:
      return undefined;
  }
}

function valueOf(row: PortRow, name: string): string | undefined {
  return row.options.find(([key]) => key === name)?.[1];
}

function mapOf(row: PortRow, prefix: string): Readonly<Record<string, string>> | undefined {
  const entries = row.options.filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value] as const);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
