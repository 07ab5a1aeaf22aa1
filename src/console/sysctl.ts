import type { Namespace } from "../ir/namespace.js";
import { type Answer, listed, printed, refusal, type Tool, type Where } from "./answer.js";
import { readFlags } from "./command-line.js";
import { namespaceOf } from "./ip-selector.js";

/** Values of a kernel's parameters that nobody has set: Linux's defaults for the ones that engineers look at. */
const defaults: ReadonlyMap<string, string> = new Map([
  ["net.ipv4.ip_forward", "0"],
  ["net.ipv4.ip_nonlocal_bind", "0"],
  ["net.ipv6.ip_nonlocal_bind", "0"],
  ["net.netfilter.nf_conntrack_tcp_loose", "1"],
  ["net.netfilter.nf_conntrack_tcp_be_liberal", "0"],
]);

/** The same for the parameters of a device. */
const deviceDefaults: Readonly<Record<string, ReadonlyMap<string, string>>> = {
  ipv4: new Map([
    ["accept_local", "0"],
    ["arp_accept", "0"],
    ["arp_announce", "0"],
    ["arp_filter", "0"],
    ["arp_ignore", "0"],
    ["arp_notify", "0"],
    ["forwarding", "0"],
    ["proxy_arp", "0"],
    ["route_localnet", "0"],
    ["rp_filter", "0"],
    ["send_redirects", "1"],
  ]),
  ipv6: new Map([
    ["accept_ra", "1"],
    ["disable_ipv6", "0"],
    ["forwarding", "0"],
    ["proxy_ndp", "0"],
  ]),
};

/** sysctl(8): reads parameters. */
export const sysctl: Tool = {
  name: "sysctl",
  on: "everywhere",
  run: (words, where) => {
    const flags = readFlags(words, { alone: ["-n", "-a", "-e"], withValue: [] });
    if ("reason" in flags) return refusal(`sysctl: ${flags.reason}`);
    const namespace = namespaceOf(where);
    if (!("name" in namespace)) return namespace;
    if (flags.values.has("-a")) return printed(namespace.sysctls.map(({ key, value }) => `${key} = ${value}`));
    if (flags.words.some((word) => word.includes("="))) return refusal("sysctl only reads here.");
    const lines: string[] = [];
    for (const key of flags.words) {
      const value = valueOf(namespace, key);
      if (value === undefined) {
        const path = key.replaceAll(".", "/");
        return printed([...lines, `sysctl: cannot stat /proc/sys/${path}: No such file or directory`], 255);
      }
      lines.push(flags.values.has("-n") ? value : `${key} = ${value}`);
    }
    return printed(lines);
  },
};

/** cat(1) on `/proc/sys`. In a host's own namespace a path that names a device is read where the device is, as long as only one namespace has it. */
export const cat: Tool = {
  name: "cat",
  on: "everywhere",
  run: (words, where) => {
    const lines: string[] = [];
    for (const path of words) {
      const [, inside] = /^\/proc\/sys\/(.+)$/.exec(path) ?? [];
      if (inside === undefined) return refusal(`cat reads below /proc/sys here, so there is no ${JSON.stringify(path)}.`);
      const namespace = namespaceWithDevice(inside, where);
      if (!("name" in namespace)) return namespace;
      const value = valueOf(namespace, keyOfPath(inside));
      if (value === undefined) return printed([...lines, `cat: ${path}: No such file or directory`], 1);
      lines.push(value);
    }
    return printed(lines);
  },
};

function namespaceWithDevice(path: string, where: Where): Namespace | Answer {
  const [, device] = /^net\/ipv[46]\/(?:conf|neigh)\/([^/]+)\//.exec(path) ?? [];
  if (where.station !== undefined || where.host === undefined || device === undefined) return namespaceOf(where);
  const holders = [...where.host.namespaces.values()].filter((namespace) => namespace.devices.some((each) => each.name === device));
  const [only] = holders;
  if (holders.length === 1 && only !== undefined) return only;
  if (holders.length > 1)
    return refusal(`Device ${JSON.stringify(device)} is in ${listed(holders.map(({ name }) => name))}; use ip netns exec.`);
  return namespaceOf(where);
}

/** `net/ipv4/conf/qr-1.2/x` is the key `net.ipv4.conf.qr-1/2.x`: dots and slashes change places, as sysctl(8) has it. */
function keyOfPath(path: string): string {
  return path.replace(/[./]/g, (separator) => (separator === "/" ? "." : "/"));
}

function valueOf(namespace: Namespace, key: string): string | undefined {
  const set = namespace.sysctls.find((each) => each.key === key)?.value;
  if (set !== undefined) return set;
  if (key === "net.ipv4.conf.all.forwarding") return valueOf(namespace, "net.ipv4.ip_forward");
  const [, version = "", device = "", name = ""] = /^net\.(ipv[46])\.conf\.([^.]+)\.([^.]+)$/.exec(key) ?? [];
  const exists = device === "all" || device === "default" || namespace.devices.some((each) => each.name.replaceAll(".", "/") === device);
  return exists ? deviceDefaults[version]?.get(name) : defaults.get(key);
}
