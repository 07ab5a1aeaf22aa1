import { assertNever } from "../../base/assert-never.js";
import { byText } from "../../base/order.js";
import type { Bridge, BridgePort } from "../../ir/bridge.js";
import { type LineSink, printedText } from "../printed.js";
import { portTitles, printRow } from "./row.js";

/** A `key=value` word of the last column. */
type Option = readonly [key: string, value: string];

/**
 * Writes what `br-*.ports` has of a bridge: a row for the bridge itself (port LOCAL), then one for each port.
 *
 * The format is dvrc's own: no tool of Open vSwitch shows ofport, tag, type and options together. Keys are those of the database's columns
 * (`options:`, `external_ids:`, `other_config:`), so that a row says what `ovs-vsctl set` takes.
 */
export function writePorts(bridge: Omit<Bridge, "flows">, sink: LineSink): void {
  sink(portTitles, bridge.origin);
  sink(printRow({ ofport: "LOCAL", name: bridge.name, tag: "-", type: "bridge", options: bridgeOptions(bridge) }), bridge.origin);
  for (const port of bridge.ports) {
    const tag = port.tag === undefined ? "-" : String(port.tag);
    const type = port.type.kind === "tunnel" ? port.type.type : port.type.kind;
    sink(printRow({ ofport: String(port.ofport), name: port.name, tag, type, options: portOptions(port) }), port.origin);
  }
}

/** Text of `br-*.ports`: as {@link writePorts}. */
export function printPorts(bridge: Omit<Bridge, "flows">): string {
  return printedText((sink) => writePorts(bridge, sink));
}

function bridgeOptions(bridge: Omit<Bridge, "flows">): Option[] {
  return [
    ["datapath_id", bridge.datapathId],
    ["datapath_type", bridge.datapathType],
    ["fail_mode", bridge.failMode],
    ...bridge.controllers.map((target): Option => ["controller", target]),
    ...bridge.protocols.map((protocol): Option => ["protocol", protocol]),
    ...mapOptions("other_config", bridge.otherConfig),
  ];
}

function portOptions(port: BridgePort): Option[] {
  const options: Option[] = [["datapath_port", String(port.datapathPort)]];
  if (port.mac !== undefined) options.push(["mac", port.mac]);
  if (port.mtu !== undefined) options.push(["mtu", String(port.mtu)]);
  return [
    ...options,
    ...typeOptions(port),
    ...mapOptions("external_ids", port.externalIds ?? {}),
    ...mapOptions("other_config", port.otherConfig ?? {}),
  ];
}

function typeOptions({ type }: BridgePort): Option[] {
  switch (type.kind) {
    case "internal":
    case "system":
      return [];
    case "patch":
      return [["options:peer", type.peer]];
    case "tunnel":
      return mapOptions("options", { ...type.options, remote_ip: type.remoteIp });
    default:
      return assertNever(type);
  }
}

function mapOptions(column: string, values: Readonly<Record<string, string>>): Option[] {
  return Object.entries(values)
    .map(([key, value]): Option => [`${column}:${key}`, value])
    .sort((a, b) => byText(a[0], b[0]));
}
