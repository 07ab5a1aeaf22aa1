import { by, byText, sorted } from "../../base/order.js";

/** A value of a column: one, none or one (undefined), a set, a map. */
export type OvsdbValue = string | number | undefined | readonly string[] | ReadonlyMap<string, string>;

/** Words that mean something else to the database, so that they are quoted as strings. */
const reserved = /^(?:true|false|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/** A string as Open vSwitch's database tools print it. Source: ovs-vsctl(8); Open vSwitch `string_needs_quotes`. */
export function printAtom(text: string): string {
  return /^[A-Za-z_][\w.-]*$/.test(text) && !reserved.test(text) ? text : JSON.stringify(text);
}

/** A map as the database's tools print it, sorted by key. */
export function printMap(map: ReadonlyMap<string, string>): string {
  const pairs = sorted(
    map,
    by(([key]) => key, byText),
  ).map(([key, value]) => `${printAtom(key)}=${printAtom(value)}`);
  return `{${pairs.join(", ")}}`;
}

/** A column's value as `ovs-vsctl get` prints it; sets are sorted. Source: Open vSwitch `ovsdb_datum_to_string`. */
export function printOvsdbValue(value: OvsdbValue): string {
  if (value === undefined) return "[]";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return printAtom(value);
  return value instanceof Map
    ? printMap(value)
    : `[${sorted(value as readonly string[], byText)
        .map(printAtom)
        .join(", ")}]`;
}
