/**
 * Names of dumped files: those of the artefact tree and of `dvrc collect`, and those that sosreport gives to the same commands.
 *
 * Source: sos `_mangle_command`, and its plugins openvswitch and networking.
 */

/** A file of a host's dump that means something. */
export interface DumpFile {
  /** Path of the artefact that it is, below the host's folder. */
  readonly path: string;
  /** Of several files for one artefact the one of the highest rank counts. */
  readonly rank: number;
  /** Turns what another option of the tool prints into what the artefact has; further artefacts that the text holds besides. */
  readonly rewrite?: (text: string) => readonly (readonly [path: string, text: string])[];
}

const hostFiles = /^(?:[\w.-]+\.(?:flows|ports|fdb)|bridges\.txt|iptables-save\.txt|ip6tables-save\.txt|ipset\.txt)$/;
const namespaceFiles =
  /^(?:qrouter|snat|fip|qdhcp)-[\w-]+\/(?:ip-addr|ip-rule|ip6-rule|ip-route|ip6-route|ip-neigh|iptables-save|ip6tables-save|sysctl)\.txt$/;

/** Names that people give to dumps of the host's own namespace: in a folder for it, or with a word for it before. */
const ownFiles = /^(?:(?:root|host|default|init)[\w-]*[/_-])?(iptables-save|ip6tables-save|ipsets?)(?:[-_](?:save|list))?(?:\.txt)?$/;

/** What a file below a host's folder is. Errors: undefined where it is nothing that dvrc reads. */
export function dumpFile(path: string): DumpFile | undefined {
  if (hostFiles.test(path) || namespaceFiles.test(path)) return { path, rank: 9 };
  const own = ownFiles.exec(path)?.[1];
  if (own !== undefined) return { path: `${own.startsWith("ipset") ? "ipset" : own}.txt`, rank: 8 };
  const command = /^(?:.*\/)?sos_commands\/(?:openvswitch|networking|firewall_tables|kernel)\/(?:namespaces\/[^/]+\/)?([^/]+)$/.exec(
    path,
  )?.[1];
  return command === undefined ? undefined : (switchFile(command) ?? namespaceFile(command));
}

/** Newer versions of OpenFlow show more; OpenFlow 1.0 shows other actions than were programmed and is not read. */
function switchFile(command: string): DumpFile | undefined {
  const [, version, what, bridge] =
    /^ovs-ofctl(?:_-t_\d+)?_-O_OpenFlow(1[3-5])_(dump-flows|show)(?:_--no-stats)?_([\w.-]+)$/.exec(command) ?? [];
  if (version !== undefined && bridge !== undefined) {
    return { path: `${bridge}.${what === "show" ? "ports" : "flows"}`, rank: version === "13" ? 5 : 4 };
  }
  const [, shown] = /^ovs-ofctl(?:_-t_\d+)?_show_([\w.-]+)$/.exec(command) ?? [];
  if (shown !== undefined) return { path: `${shown}.ports`, rank: 1 };
  return /^ovs-vsctl(?:_-t_\d+|_--timeout=?\d+)?_show$/.test(command) ? { path: "bridges.txt", rank: 5 } : undefined;
}

function namespaceFile(command: string): DumpFile | undefined {
  const [, namespace, inside] = /^ip_netns_exec_((?:qrouter|snat|fip|qdhcp)-[0-9a-f-]{36})_(.+)$/.exec(command) ?? [];
  if (namespace === undefined || inside === undefined) return undefined;
  const at = (file: string): string => `${namespace}/${file}`;
  const words = inside.split("_");
  const six = words.includes("-6");
  const [tool = "", object = ""] = words.filter((word) => !word.startsWith("-"));
  if (tool === "iptables-save" || tool === "ip6tables-save") return { path: at(`${tool}.txt`), rank: words.length === 1 ? 5 : 4 };
  if (tool === "sysctl") return { path: at("sysctl.txt"), rank: 5 };
  if (tool !== "ip") return undefined;
  if (/^a(?:d(?:d(?:r(?:ess)?)?)?)?$/.test(object)) return rewritten(at("ip-addr.txt"), words.includes("-o") ? 0 : 5, withoutDetails);
  if (/^n(?:ei(?:gh(?:bou?r)?)?)?$/.test(object)) return rewritten(at("ip-neigh.txt"), 5, withoutStatistics);
  if (/^ru(?:le?)?$/.test(object)) return { path: at(six ? "ip6-rule.txt" : "ip-rule.txt"), rank: 5 };
  if (!/^r(?:o(?:u(?:te?)?)?)?$/.test(object)) return undefined;
  const rank = words.includes("all") ? 5 : 2;
  if (six) return { path: at("ip6-route.txt"), rank };
  return { path: at("ip-route.txt"), rank, rewrite: (text) => splitRoutes(text, at) };
}

function rewritten(path: string, rank: number, rewrite: (text: string) => string): DumpFile {
  return { path, rank, rewrite: (text) => [[path, rewrite(text)]] };
}

/** `ip -d addr` has lines about the kind of each device. */
function withoutDetails(text: string): string {
  return keepLines(text, (line) => !/^\s/.test(line) || /^\s+(?:link\/|inet6? |valid_lft|altname)/.test(line));
}

/** `ip -s -s neigh` has counters. */
function withoutStatistics(text: string): string {
  return text.replace(/ (?:ref \d+|used \d+\/\d+\/\d+|probes \d+)(?= )/g, "");
}

/** `ip route show table all` without a family has both. */
function splitRoutes(text: string, at: (file: string) => string): [string, string][] {
  let six = false;
  const parts = { four: "", six: "" };
  for (const line of text.split("\n")) {
    if (!/^\s/.test(line)) six = / pref \w+|^\S*:|via \S*:|^(?:anycast|multicast|local|unreachable) \S*:/.test(line);
    if (line !== "") parts[six ? "six" : "four"] += `${line}\n`;
  }
  return parts.six === ""
    ? [[at("ip-route.txt"), parts.four]]
    : [
        [at("ip-route.txt"), parts.four],
        [at("ip6-route.txt"), parts.six],
      ];
}

function keepLines(text: string, keep: (line: string) => boolean): string {
  const lines = text.endsWith("\n") ? text.slice(0, -1).split("\n") : text.split("\n");
  return `${lines.filter(keep).join("\n")}${text.endsWith("\n") ? "\n" : ""}`;
}

/**
 * The dump of a host out of its files, whatever their names.
 *
 * `paths` are files below the host's folder; `read` is asked only for those that count, and answers undefined for one that cannot be read.
 */
export function dumpOf(paths: Iterable<string>, read: (path: string) => string | undefined): Map<string, string> {
  const best = new Map<string, { readonly source: string; readonly file: DumpFile }>();
  for (const source of paths) {
    const file = dumpFile(source);
    if (file === undefined) continue;
    const known = best.get(file.path);
    if (known === undefined || known.file.rank < file.rank) best.set(file.path, { source, file });
  }
  const dump = new Map<string, string>();
  for (const { source, file } of best.values()) {
    const text = read(source);
    if (text === undefined) continue;
    for (const [path, part] of file.rewrite?.(text) ?? [[file.path, text] as const]) {
      if (path === file.path || !best.has(path)) dump.set(path, part);
    }
  }
  return dump;
}
