import { parseFlows } from "../formats/openflow/parse.js";
import { parseSwitch } from "../formats/ovs-ofctl-show/parse.js";
import { parsePorts } from "../formats/ovs-ports/parse.js";
import type { ShownBridge, ShownPort } from "../formats/ovs-vsctl-show/shown.js";
import type { Parsed, ParseOptions } from "../formats/parsed.js";
import type { Bridge, BridgePort, BridgePortKind } from "../ir/bridge.js";
import type { OfPort } from "../ir/match.js";
import { parseIp } from "../net/ip.js";
import { because } from "../source/origin.js";

/** Reads one file of a dump with a parser; the value for an absent file is `empty`. */
export type ReadDump = <T>(path: string, parse: (text: string, options: ParseOptions) => Parsed<T>, empty: T) => T;

/** A bridge with its ports and flows as the dumps tell them: `br-*.ports` as the artefact tree writes them, or as `ovs-ofctl show` prints them. */
export function loadBridge(name: string, host: string, shown: ShownBridge | undefined, read: ReadDump): Bridge {
  const base = loadPorts(name, host, shown, read);
  const numbers = new Map<string, OfPort>(base.ports.map((port) => [port.name, port.ofport]));
  numbers.set(name, "local");
  const flows = read(`${name}.flows`, (text, options) => parseFlows(text, { ...options, resolvePort: (port) => numbers.get(port) }), []);
  return { ...base, flows };
}

function loadPorts(name: string, host: string, shown: ShownBridge | undefined, read: ReadDump): Omit<Bridge, "flows"> {
  const parse = (text: string, options: ParseOptions): Parsed<Omit<Bridge, "flows"> | undefined> =>
    text.startsWith("OFPT_") ? readSwitch(text, name, host, shown) : parsePorts(text, options);
  return read(`${name}.ports`, parse, undefined) ?? bareBridge(name, host, shown, "", unnumbered(shownPorts(name, shown).values()));
}

/** Ports as the switch's database shows them, less the bridge's own. */
function shownPorts(name: string, shown: ShownBridge | undefined): Map<string, ShownPort> {
  const told = new Map((shown?.ports ?? []).map((port) => [port.name, port]));
  told.delete(name);
  return told;
}

/** Ports whose numbers nobody told. */
function unnumbered(ports: Iterable<ShownPort>): readonly BridgePort[] {
  return [...ports].map((port) => {
    const tag = port.tag === undefined ? {} : { tag: port.tag };
    return { name: port.name, ofport: 0, ...tag, type: portKind(port), datapathPort: 0, origin: port.origin };
  });
}

function readSwitch(text: string, name: string, host: string, shown: ShownBridge | undefined): Parsed<Omit<Bridge, "flows">> {
  const { value, problems } = parseSwitch(text);
  const told = shownPorts(name, shown);
  const ports = value.ports.flatMap(({ ofport, name: port, mac }): readonly BridgePort[] => {
    if (ofport === "local") return [];
    const described = told.get(port);
    told.delete(port);
    return [
      {
        name: port,
        ofport,
        ...(described?.tag === undefined ? {} : { tag: described.tag }),
        type: portKind(described),
        datapathPort: 0,
        mac,
        origin: described?.origin ?? because("dump", `/${host}/${name}.ports`),
      },
    ];
  });
  return { value: bareBridge(name, host, shown, value.datapathId, [...ports, ...unnumbered(told.values())]), problems };
}

function bareBridge(
  name: string,
  host: string,
  shown: ShownBridge | undefined,
  datapathId: string,
  ports: readonly BridgePort[],
): Omit<Bridge, "flows"> {
  return {
    name,
    datapathId,
    // A bridge without the setting is a learning switch; where no database was dumped, it is Neutron's.
    failMode: shown === undefined || shown.failMode === "secure" ? "secure" : "standalone",
    datapathType: shown?.datapathType === "netdev" ? "netdev" : "system",
    controllers: shown?.controllers ?? [],
    protocols: [],
    otherConfig: {},
    ports,
    origin: because("dump", `/${host}/${name}.ports`),
  };
}

function portKind(port: ShownPort | undefined): BridgePortKind {
  const [shown] = port?.interfaces ?? [];
  const remoteIp = parseIp(shown?.options.get("remote_ip") ?? "");
  switch (shown?.type) {
    case "patch":
      return { kind: "patch", peer: shown.options.get("peer") ?? "" };
    case "internal":
      return { kind: "internal" };
    case "vxlan":
    case "gre":
    case "ip6gre":
    case "geneve":
      return remoteIp === undefined
        ? { kind: "system" }
        : { kind: "tunnel", type: shown.type, options: Object.fromEntries(shown.options), remoteIp };
    default:
      return { kind: "system" };
  }
}
