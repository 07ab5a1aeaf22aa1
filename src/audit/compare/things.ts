import type { BridgePort, BridgePortKind } from "../../ir/bridge.js";
import type { Device, Sysctl } from "../../ir/namespace.js";
import type { BridgeRow } from "../entry.js";
import type { Line, LineFinding } from "./lines.js";

/** Compares things that have a name and are there once. `differs` says in what two of one name differ, or nothing. */
export function compareThings(
  expected: readonly Line[],
  live: readonly Line[],
  nameOf: (line: Line) => string,
  differs: (expected: Line, live: Line) => string | undefined,
): LineFinding[] {
  const there = new Map<string, Line>();
  const findings: LineFinding[] = [];
  for (const line of live) {
    if (there.has(nameOf(line))) findings.push({ kind: "unexpected", about: "a second time", live: line });
    else there.set(nameOf(line), line);
  }
  for (const line of expected) {
    const other = there.get(nameOf(line));
    there.delete(nameOf(line));
    if (other === undefined) findings.push({ kind: "missing", about: "", expected: line });
    else {
      const about = differs(line, other);
      if (about !== undefined) findings.push({ kind: "changed", about, expected: line, live: other });
    }
  }
  for (const line of there.values()) findings.push({ kind: "unexpected", about: "", live: line });
  return findings;
}

/** In what two bridges of one name differ. */
export function bridgeDifference(expected: BridgeRow, live: BridgeRow): string | undefined {
  const about = [
    ...(expected.failMode === live.failMode ? [] : ["fail_mode"]),
    ...(expected.datapathType === live.datapathType ? [] : ["datapath_type"]),
    ...(expected.controllers.join(" ") === live.controllers.join(" ") ? [] : ["controller"]),
    ...mapDifference("other_config", expected.otherConfig, live.otherConfig),
    ...(live.protocols.length === 0 || expected.protocols.join(" ") === live.protocols.join(" ") ? [] : ["protocols"]),
  ];
  return other(about);
}

/** In what two ports of one name differ. What a port of somebody else's is made of is not Neutron's business; what a dump does not tell is not compared. */
export function portDifference(expected: BridgePort, live: BridgePort): string | undefined {
  const about = [
    ...(expected.ofport === live.ofport
      ? []
      : live.ofport === 0
        ? ["port number: it has none"]
        : ["port number: the flows are for another one"]),
    ...(expected.tag === live.tag ? [] : ["tag"]),
    ...typeDifference(expected.type, live.type),
    ...mapDifference("external_ids", expected.externalIds ?? {}, live.externalIds ?? {}),
    ...mapDifference("other_config", expected.otherConfig ?? {}, live.otherConfig ?? {}),
  ];
  return other(about);
}

function typeDifference(expected: BridgePortKind, live: BridgePortKind): string[] {
  if (expected.kind === "patch") return live.kind !== "patch" ? ["type"] : live.peer === expected.peer ? [] : ["peer"];
  if (expected.kind === "tunnel") {
    if (live.kind !== "tunnel" || live.type !== expected.type) return ["type"];
    return mapDifference("options", { ...expected.options, remote_ip: expected.remoteIp }, { ...live.options, remote_ip: live.remoteIp });
  }
  if (expected.kind === "internal") return live.kind === "internal" ? [] : ["type"];
  return live.kind === "patch" || live.kind === "tunnel" ? ["type"] : [];
}

/** Compares a column of the database; a dump without the column has none of its keys. */
function mapDifference(column: string, expected: Readonly<Record<string, string>>, live: Readonly<Record<string, string>>): string[] {
  const keys = new Set([...Object.keys(expected), ...Object.keys(live)]);
  if (Object.keys(live).length === 0 || Object.keys(expected).length === 0) return [];
  const there = new Map(Object.entries(live));
  const here = new Map(Object.entries(expected));
  return [...keys].filter((key) => here.get(key) !== there.get(key)).map((key) => `${column}:${key}`);
}

/** In what two devices of one name differ. */
export function deviceDifference(expected: Device, live: Device): string | undefined {
  return other([
    ...(expected.mac === live.mac ? [] : ["MAC address"]),
    ...(expected.mtu === live.mtu ? [] : ["MTU"]),
    ...(expected.master === live.master ? [] : ["bridge"]),
  ]);
}

function other(about: readonly string[]): string | undefined {
  return about.length === 0 ? undefined : `another ${about.join(", ")}`;
}

/**
 * The kernel parameters of a live namespace that count: those that are expected, if the dump has any of their kind.
 *
 * A dump has all parameters or only some kinds of them; a kind that it lacks altogether was not asked for.
 */
export function relevantSysctls(expected: readonly Sysctl[], live: readonly Sysctl[]): { expected: Sysctl[]; live: Sysctl[] } {
  const kinds = new Set(live.map(({ key }) => sysctlKind(key)));
  const asked = expected.filter(({ key }) => kinds.has(sysctlKind(key)));
  const keys = new Set(asked.map(({ key }) => key));
  return { expected: asked, live: live.filter(({ key }) => keys.has(key)) };
}

function sysctlKind(key: string): string {
  return key
    .split(".")
    .slice(0, /^net\.ipv[46]\.(?:conf|neigh)\./.test(key) ? 3 : 2)
    .join(".");
}
