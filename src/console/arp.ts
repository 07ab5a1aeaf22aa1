import { isIpv4 } from "../net/ip.js";
import { printed, refusal, type Tool } from "./answer.js";
import { readFlags } from "./command-line.js";
import { namespaceOf } from "./ip-selector.js";

/** arp(8) of net-tools: the IPv4 neighbours. */
export const arp: Tool = {
  name: "arp",
  on: "everywhere",
  run: (words, where) => {
    const flags = readFlags(words, { alone: ["-n", "-a", "-e"], withValue: ["-i"] });
    if ("reason" in flags) return refusal(`arp: ${flags.reason}`);
    const namespace = namespaceOf(where);
    if (!("name" in namespace)) return namespace;
    const device = flags.values.get("-i")?.[0];
    const entries = (where.station?.stack.neighbours.entries() ?? []).filter(
      ({ ip, dev }) => isIpv4(ip) && (device === undefined || dev === device),
    );
    if (flags.values.has("-a")) {
      return printed(
        entries.map(({ ip, lladdr, dev }) => `? (${ip}) at ${lladdr ?? "<incomplete>"}${lladdr === undefined ? "" : " [ether]"} on ${dev}`),
      );
    }
    const rows = entries.map(({ ip, lladdr, state, dev }) => {
      const known = lladdr === undefined ? `${"".padEnd(8)}${"(incomplete)".padEnd(20)}` : `${"ether".padEnd(8)}${lladdr.padEnd(20)}`;
      const flag = lladdr === undefined ? "" : state === "PERMANENT" ? "CM" : "C";
      return `${ip.padEnd(25)}${known}${flag.padEnd(22)}${dev}`;
    });
    return printed(["Address                  HWtype  HWaddress           Flags Mask            Iface", ...rows]);
  },
};
