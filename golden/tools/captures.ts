import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type HostDump, loadHostDump } from "../../src/audit/load-dumps.js";
import type { HostState } from "../../src/ir/host-state.js";
import { macToNumber, parseMac } from "../../src/net/mac.js";
import { localPort } from "../../src/virtual/flow-key.js";

const folder = join(import.meta.dirname, "..", "captured");

/** Names of the captures that have hosts. */
export function captureNames(): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Names of a capture's hosts. */
export function captureHosts(capture: string): readonly string[] {
  return readdirSync(join(folder, capture, "hosts")).sort();
}

/** A file of a capture. */
export function captureFile(capture: string, ...path: readonly string[]): string {
  return readFileSync(join(folder, capture, ...path), "utf8");
}

/** The dumps of one host. */
export function captureDump(capture: string, host: string): HostDump {
  const root = join(folder, capture, "hosts", host);
  const dump = new Map<string, string>();
  for (const entry of readdirSync(root, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    dump.set(path.slice(root.length + 1), readFileSync(path, "utf8"));
  }
  return dump;
}

/** The state of one host. */
export function captureHost(capture: string, host: string): HostState {
  return loadHostDump(host, captureDump(capture, host)).state;
}

/** An entry of a captured MAC table. */
export interface CapturedMac {
  readonly port: number;
  readonly vlan: number;
  readonly mac: number;
}

/** The MAC table of a bridge at the time of the capture. */
export function capturedMacs(dump: HostDump, bridge: string): readonly CapturedMac[] {
  return [...(dump.get(`${bridge}.fdb`) ?? "").matchAll(/^\s*(LOCAL|\d+)\s+(\d+)\s+(\S{17})\s+\d+$/gm)].flatMap(
    ([, port = "", vlan = "", text = ""]) => {
      const mac = parseMac(text);
      return mac === undefined ? [] : [{ port: port === "LOCAL" ? localPort : Number(port), vlan: Number(vlan), mac: macToNumber(mac) }];
    },
  );
}
