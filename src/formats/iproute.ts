import type { RouteTable } from "../ir/namespace.js";
import { type Cidr, cidrAddress, cidrBits, cidrLength, cidrVersion, parseCidr } from "../net/cidr.js";
import type { IpVersion } from "../net/ip.js";
import { parseCount } from "./words.js";

/** Whose spelling of iproute2's output is meant. */
export interface IprouteDialect {
  /** 3.10 is CentOS 7's of Newton's time, 6.1 is Debian 12's, 6.15 prints the protocol of addresses. */
  readonly version: "3.10" | "6.1" | "6.15";
  /** Whether the blanks that the tool leaves at the end of lines are kept. */
  readonly trailingBlanks: boolean;
}

/** What artefacts are written in. */
export const canonicalIproute: IprouteDialect = { version: "6.1", trailingBlanks: false };

/** As iproute2 3.10 prints to a terminal. */
export const iproute310: IprouteDialect = { version: "3.10", trailingBlanks: true };

/** As iproute2 6.1 prints to a terminal. */
export const iproute61: IprouteDialect = { version: "6.1", trailingBlanks: true };

const tableNames: ReadonlyMap<string, RouteTable> = new Map<string, RouteTable>([
  ["255", "local"],
  ["254", "main"],
  ["253", "default"],
  ["local", "local"],
  ["main", "main"],
  ["default", "default"],
]);

/** Reads a route table by number or by one of the three names that every machine has. Errors: undefined where it is neither. */
export function parseRouteTable(text: string): RouteTable | undefined {
  return tableNames.get(text) ?? parseCount(text, 0xffffffff);
}

/** A prefix as iproute2 prints it: a host prefix without its length. */
export function printPrefix(prefix: Cidr): string {
  return cidrLength(prefix) === cidrBits(prefix) ? cidrAddress(prefix) : prefix;
}

/** Reads a prefix of the given version, or an address as a host prefix. Errors: undefined where it is neither. */
export function parsePrefix(text: string, version: IpVersion): Cidr | undefined {
  const prefix = parseCidr(text);
  return prefix !== undefined && cidrVersion(prefix) === version ? prefix : undefined;
}

/** The line as the dialect ends it. */
export function endLine(line: string, dialect: IprouteDialect): string {
  return dialect.trailingBlanks ? line : line.trimEnd();
}
