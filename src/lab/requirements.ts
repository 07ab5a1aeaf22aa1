import { accessSync, constants, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { report } from "../diagnostics/report.js";
import { searchPath } from "./processes.js";

/** Programs and the Debian packages that have them. */
const packages: ReadonlyMap<string, string> = new Map([
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

/** What a lab needs of the machine, as far as it is missing: Linux, root, programs. One diagnostic names all. */
export function missingRequirements(has: (program: string) => boolean = isInstalled): readonly Diagnostic[] {
  if (process.platform !== "linux") return [report("lab-needs-linux", { platform: process.platform }, undefined)];
  const missing = [...packages.keys()].filter((program) => !has(program));
  const needed = [...new Set(missing.map((program) => packages.get(program) ?? program))];
  return [
    ...(mayMakeNamespaces() ? [] : [report("lab-needs-root", {}, undefined)]),
    ...(missing.length === 0
      ? []
      : [report("lab-needs-programs", { programs: missing.join(", "), packages: needed.join(" ") }, undefined)]),
  ];
}

/** Root, and in a container one that has not lost its rights. Source: capabilities(7), numbers 12 and 21. */
function mayMakeNamespaces(): boolean {
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
