import { type OvsdbValue, printAtom, printOvsdbValue } from "../formats/ovsdb/print.js";
import type { BridgePort } from "../ir/bridge.js";
import { localPort } from "../virtual/flow-key.js";
import type { VirtualBridge } from "../virtual/virtual-bridge.js";
import type { VirtualHost } from "../virtual/virtual-host.js";
import { type Answer, listed, printed, refusal } from "./answer.js";

/** Columns of a row, by name. */
type Row = ReadonlyMap<string, OvsdbValue>;

/** The tables of the database that have what agents program, each with its rows by name. Source: ovs-vswitchd.conf.db(5). */
const tables: ReadonlyMap<string, (host: VirtualHost) => ReadonlyMap<string, Row>> = new Map([
  ["Bridge", (host) => new Map(Array.from(host.bridges.values(), (bridge) => [bridge.name, bridgeRow(bridge)]))],
  ["Port", (host) => rowsOfPorts(host, portRow, (name) => portRow({ name }))],
  ["Interface", (host) => rowsOfPorts(host, interfaceRow, localInterface)],
]);

/** `ovs-vsctl get TABLE RECORD COLUMN[:KEY]...`: a line for each. Columns that agents do not program are not known. */
export function getColumns([tableName = "", record = "", ...columns]: readonly string[], host: VirtualHost): Answer {
  const table = [...tables].find(([name]) => tableName !== "" && name.toLowerCase().startsWith(tableName.toLowerCase()));
  if (table === undefined) return refusal(`ovs-vsctl knows the tables ${listed(tables.keys())} here, not ${JSON.stringify(tableName)}.`);
  const [name, rowsOf] = table;
  const row = rowsOf(host).get(record);
  if (row === undefined) return refusal(`Table ${name} has no record ${JSON.stringify(record)}.`);
  const lines: string[] = [];
  for (const column of columns) {
    const [word = "", ...rest] = column.split(":");
    if (!row.has(word)) return refusal(`Table ${name} has ${listed(row.keys())} here, not ${JSON.stringify(word)}.`);
    const value = row.get(word);
    const key = rest.length === 0 ? undefined : rest.join(":");
    const found = key === undefined ? printOvsdbValue(value) : value instanceof Map ? atomOf(value.get(key)) : undefined;
    if (found === undefined) return refusal(`There is no key ${JSON.stringify(key)} in ${name} ${JSON.stringify(record)}, column ${word}.`);
    lines.push(found);
  }
  return printed(lines);
}

function atomOf(value: unknown): string | undefined {
  return typeof value === "string" ? printAtom(value) : undefined;
}

function bridgeRow({ state }: VirtualBridge): Row {
  const { name, datapathId, datapathType, failMode, protocols, otherConfig } = state;
  return new Map<string, OvsdbValue>([
    ["name", name],
    ["datapath_id", datapathId],
    ["datapath_type", datapathType],
    ["fail_mode", failMode],
    ["protocols", protocols],
    ["other_config", mapOf(otherConfig)],
  ]);
}

function rowsOfPorts(host: VirtualHost, rowOf: (port: BridgePort) => Row, ownRow: (name: string) => Row): ReadonlyMap<string, Row> {
  const bridges = [...host.bridges.values()];
  return new Map([
    ...bridges.map(({ name }): [string, Row] => [name, ownRow(name)]),
    ...bridges.flatMap(({ ports }) => ports.map((port): [string, Row] => [port.name, rowOf(port)])),
  ]);
}

function portRow({ name, tag, otherConfig }: Pick<BridgePort, "name" | "tag" | "otherConfig">): Row {
  return new Map<string, OvsdbValue>([
    ["name", name],
    ["tag", tag],
    ["other_config", mapOf(otherConfig)],
  ]);
}

function interfaceRow({ name, type, ofport, externalIds, mac, mtu }: BridgePort): Row {
  const options = type.kind === "patch" ? { peer: type.peer } : type.kind === "tunnel" ? { ...type.options, remote_ip: type.remoteIp } : {};
  return new Map<string, OvsdbValue>([
    ["name", name],
    ["type", type.kind === "tunnel" ? type.type : type.kind === "system" ? "" : type.kind],
    ["ofport", ofport],
    ["options", mapOf(options)],
    ["external_ids", mapOf(externalIds)],
    // Of others the system decides.
    ...(mac === undefined ? [] : [["mac_in_use", mac] as const]),
    ...(mtu === undefined ? [] : [["mtu", mtu] as const]),
  ]);
}

/** A bridge's own port. */
function localInterface(name: string): Row {
  return new Map<string, OvsdbValue>([
    ["name", name],
    ["type", "internal"],
    ["ofport", localPort],
    ["options", new Map()],
    ["external_ids", new Map()],
  ]);
}

function mapOf(values: Readonly<Record<string, string>> = {}): ReadonlyMap<string, string> {
  return new Map(Object.entries(values));
}
