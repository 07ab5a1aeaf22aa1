import { accessSync, constants, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { report } from "../diagnostics/report.js";
import { searchPath } from "./processes.js";

/** Programs and the Debian packages that have them. */
const labPrograms: ReadonlyMap<string, string> = new Map([
  ["unshare", "util-linux"],
  ["nsenter", "util-linux"],
  ["flock", "util-linux"],
  ["bash", "bash"],
  ["awk", "mawk"],
  ["ip", "iproute2"],
  ["ovsdb-server", "openvswitch-switch"],
  ["ovs-vswitchd", "openvswitch-switch"],
  ["ovs-vsctl", "openvswitch-switch"],
  ["ovs-ofctl", "openvswitch-switch"],
  ["ovsdb-tool", "openvswitch-switch"],
  ["iptables-restore", "iptables"],
  ["ip6tables-restore", "iptables"],
  ["ipset", "ipset"],
  ["sysctl", "procps"],
  ["ethtool", "ethtool"],
  ["dnsmasq", "dnsmasq-base"],
  ["busybox", "busybox"],
]);

/** Programs that a machine lacks, and the packages that have them. */
export interface MissingPrograms {
  readonly programs: readonly string[];
  readonly packages: readonly string[];
}

/** What a lab needs of the machine, as far as it is missing: Linux, root, programs. */
export function missingRequirements(): readonly Diagnostic[] {
  if (process.platform !== "linux") return [report("lab-needs-linux", { platform: process.platform }, undefined)];
  const { programs, packages } = missingPrograms();
  return [
    ...(mayMakeNamespaces() ? [] : [report("lab-needs-root", {}, undefined)]),
    ...(programs.length === 0
      ? []
      : [report("lab-needs-programs", { programs: programs.join(", "), packages: packages.join(" ") }, undefined)]),
  ];
}

/** Which of a lab's programs, and of `others` by their packages, are not installed. */
export function missingPrograms(others: ReadonlyMap<string, string> = new Map()): MissingPrograms {
  const missing = [...labPrograms, ...others].filter(([program]) => !isInstalled(program));
  return { programs: missing.map(([program]) => program), packages: [...new Set(missing.map(([, name]) => name))] };
}

/** True for Linux's root, unless it has lost its rights as in many containers. Source: capabilities(7), numbers 12 and 21. */
export function mayMakeNamespaces(): boolean {
  if (process.platform !== "linux") return false;
  const [, effective = "0"] = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  const needed = (1n << 12n) | (1n << 21n);
  return process.getuid?.() === 0 && (BigInt(`0x${effective}`) & needed) === needed;
}

function isInstalled(program: string): boolean {
  return searchPath()
    .split(":")
    .some((folder) => {
      try {
        accessSync(join(folder, program), constants.X_OK);
        return folder !== "";
      } catch {
        return false;
      }
    });
}
