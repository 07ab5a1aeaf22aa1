import { printed, refusal, type Tool } from "./answer.js";
import { arp } from "./arp.js";
import { conntrack } from "./conntrack.js";
import { ip } from "./ip.js";
import { ip6tables, ip6tablesSave, iptables, iptablesSave } from "./iptables.js";
import { nc } from "./nc.js";
import { ovsAppctl } from "./ovs-appctl.js";
import { ovsOfctl } from "./ovs-ofctl.js";
import { ovsVsctl } from "./ovs-vsctl.js";
import { ping } from "./ping.js";
import { cat, sysctl } from "./sysctl.js";
import { traceroute } from "./traceroute.js";

/** sleep(1): lets simulated time pass. */
const sleep: Tool = {
  name: "sleep",
  on: "everywhere",
  run: ([amount = ""], { world }) => {
    const [, number, unit = "s"] = /^(\d+(?:\.\d+)?)(s|m|h)?$/.exec(amount) ?? [];
    if (number === undefined) return refusal("sleep needs a number of seconds.");
    world.wait(Number(number) * ({ s: 1000, m: 60_000, h: 3_600_000 }[unit] ?? 1000));
    return printed([]);
  },
};

/** sudo(8): everybody is root here. */
const sudo: Tool = { name: "sudo", on: "everywhere", run: (words, where) => where.run(words, where) };

const tools: readonly Tool[] = [
  ovsAppctl,
  ovsOfctl,
  ovsVsctl,
  ip,
  iptables,
  ip6tables,
  iptablesSave,
  ip6tablesSave,
  sysctl,
  cat,
  conntrack,
  ping,
  traceroute,
  arp,
  nc,
  sleep,
  sudo,
];

const byName: ReadonlyMap<string, Tool> = new Map([...tools.map((tool) => [tool.name, tool] as const), ["ping6", ping]]);

/** The tool of a name, which may have a path before it. */
export function findTool(name: string): Tool | undefined {
  return byName.get(name.replace(/^\/(?:usr\/)?s?bin\//, ""));
}

/** Names of the tools of hosts or of servers, in the order in which an engineer thinks of them. */
export function toolNames(onHost: boolean): readonly string[] {
  return tools.filter((tool) => onHost || tool.on === "everywhere").map((tool) => tool.name);
}
