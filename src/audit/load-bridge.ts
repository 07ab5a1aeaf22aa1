import { parseFlows } from "../formats/openflow/parse.js";
import type { Parsed, ParseOptions } from "../formats/parsed.js";
import type { Bridge, BridgePort, BridgePortKind } from "../ir/bridge.js";
import { parseIp } from "../net/ip.js";
import { parseMac } from "../net/mac.js";
import { because } from "../source/origin.js";

/** Reads one file of a dump with a parser; the value for an absent file is `empty`. */
export type ReadDump = <T>(path: string, parse: (text: string, options: ParseOptions) => Parsed<T>, empty: T) => T;

/** What `ovs-vsctl show` says of a port. */
interface PortText {
  tag?: number;
  type: string;
  options: ReadonlyMap<string, string>;
}

/** What `ovs-vsctl show` says of a bridge. */
export interface BridgeText {
  readonly ports: ReadonlyMap<string, PortText>;
  readonly controllers: readonly string[];
  failMode: "secure" | "standalone";
  datapathType: "system" | "netdev";
}

/** Reads the bridges of `ovs-vsctl show` by name. Source: ovs-vsctl(8). */
export function readBridges(text: string): ReadonlyMap<string, BridgeText> {
  const bridges = new Map<string, BridgeText & { ports: Map<string, PortText>; controllers: string[] }>();
  let bridge: (BridgeText & { ports: Map<string, PortText>; controllers: string[] }) | undefined;
  let port: PortText | undefined;
  for (const line of text.split("\n")) {
    const [, word = "", value = ""] = /^\s+(Bridge|Port|tag:|type:|options:|fail_mode:|datapath_type:|Controller)\s+(.*)$/.exec(line) ?? [];
    const plain = unquoted(value);
    if (word === "Bridge") {
      bridge = { ports: new Map(), controllers: [], failMode: "standalone", datapathType: "system" };
      bridges.set(plain, bridge);
    } else if (bridge === undefined) continue;
    else if (word === "Port") {
      port = { type: "", options: new Map() };
      bridge.ports.set(plain, port);
    } else if (word === "Controller") bridge.controllers.push(plain);
    else if (word === "fail_mode:" && plain === "secure") bridge.failMode = plain;
    else if (word === "datapath_type:" && plain === "netdev") bridge.datapathType = plain;
    else if (port === undefined) continue;
    else if (word === "tag:") port.tag = Number(plain);
    else if (word === "type:") port.type = plain;
    else if (word === "options:") port.options = readOptions(value);
  }
  return bridges;
}

/** A bridge with its ports and flows as the dumps tell them. */
export function loadBridge(name: string, host: string, told: BridgeText | undefined, read: ReadDump): Bridge {
  const ports = read(`${name}.ports`, readPorts, { datapathId: "", ports: [] });
  const portNumbers = new Map(ports.ports.map(({ name: port, ofport }) => [port, ofport]));
  return {
    name,
    datapathId: ports.datapathId,
    failMode: told?.failMode ?? "secure",
    datapathType: told?.datapathType ?? "system",
    controllers: told?.controllers ?? [],
    protocols: [],
    otherConfig: {},
    ports: ports.ports.map((port) => describedPort(port, told?.ports.get(port.name), `${host}/${name}`)),
    flows: read(
      `${name}.flows`,
      (text, options) => parseFlows(text, { ...options, resolvePort: (port) => (port === name ? "local" : portNumbers.get(port)) }),
      [],
    ),
    origin: because("dump", `/${host}/${name}`),
  };
}

interface NumberedPort {
  readonly ofport: number;
  readonly name: string;
  readonly mac: string;
}

function readPorts(text: string): Parsed<{ readonly datapathId: string; readonly ports: readonly NumberedPort[] }> {
  const [, datapathId = ""] = /dpid:([0-9a-f]{16})/.exec(text) ?? [];
  const ports = [...text.matchAll(/^ (\d+)\((.+)\): addr:(\S+)$/gm)].map(([, ofport = "", name = "", mac = ""]) => {
    return { ofport: Number(ofport), name, mac };
  });
  return { value: { datapathId, ports: ports.sort((a, b) => a.ofport - b.ofport) }, problems: [] };
}

function describedPort(port: NumberedPort, told: PortText | undefined, place: string): BridgePort {
  const mac = parseMac(port.mac);
  return {
    name: port.name,
    ofport: port.ofport,
    ...(told?.tag === undefined ? {} : { tag: told.tag }),
    type: portKind(told),
    datapathPort: 0,
    ...(mac === undefined ? {} : { mac }),
    origin: because("dump", `/${place}/${port.name}`),
  };
}

function portKind(told: PortText | undefined): BridgePortKind {
  const remoteIp = parseIp(told?.options.get("remote_ip") ?? "");
  switch (told?.type) {
    case "patch":
      return { kind: "patch", peer: told.options.get("peer") ?? "" };
    case "internal":
      return { kind: "internal" };
    case "vxlan":
    case "gre":
    case "geneve":
      return remoteIp === undefined
        ? { kind: "system" }
        : { kind: "tunnel", type: told.type, options: Object.fromEntries(told.options), remoteIp };
    default:
      return { kind: "system" };
  }
}

function readOptions(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.replace(/^\{|\}$/g, "").matchAll(/([^=,\s]+)=("[^"]*"|[^,]*)/g)].map(([, key = "", value = ""]) => [key, unquoted(value)]),
  );
}

function unquoted(text: string): string {
  return text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text;
}
