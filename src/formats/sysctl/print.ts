import type { Sysctl } from "../../ir/namespace.js";
import { type LineSink, printedText } from "../printed.js";

/** A kernel parameter as `sysctl` prints it: `net.ipv4.ip_forward = 1`. */
export function printSysctl(sysctl: Sysctl): string {
  return `${sysctl.key} = ${sysctl.value}`;
}

/** Writes kernel parameters in the order given. */
export function writeSysctls(sysctls: readonly Sysctl[], sink: LineSink): void {
  for (const sysctl of sysctls) sink(printSysctl(sysctl), sysctl.origin);
}

/** Text of `sysctl.txt`: as {@link writeSysctls}. */
export function printSysctls(sysctls: readonly Sysctl[]): string {
  return printedText((sink) => writeSysctls(sysctls, sink));
}
