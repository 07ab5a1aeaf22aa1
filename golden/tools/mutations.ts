import type { AuditedHost } from "../../src/audit/audited-host.js";
import { type HostDump, loadHostDump } from "../../src/audit/load-dumps.js";
import { defined } from "../../src/base/invariant.js";
import type { HostState } from "../../src/ir/host-state.js";
import type { IptablesTable } from "../../src/ir/iptables.js";
import type { Namespace } from "../../src/ir/namespace.js";
import type { Origin } from "../../src/source/origin.js";

/** A line of a dump. */
export interface DumpLine {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** Lists of a namespace by the file that has one entry on each line. */
const listFiles = {
  "ip-rule.txt": "ipRules",
  "ip6-rule.txt": "ip6Rules",
  "ip-route.txt": "routes",
  "ip6-route.txt": "routes6",
  "ip-neigh.txt": "neighbours",
  "sysctl.txt": "sysctls",
} as const;

type ListFile = keyof typeof listFiles;

const chainFiles = { "iptables-save.txt": "iptables", "ip6tables-save.txt": "ip6tables" } as const;

/** A namespace of a host; that without a name is the host's own. */
function namespaceOf({ root, namespaces }: HostState, name: string): Namespace | undefined {
  return name === "" ? root : namespaces.find((one) => one.name === name);
}

/** A host's dump of which lines are replaced. Only what is on the line is parsed again; the rest of the state stays as it was. */
export class Mutator {
  readonly #name: string;

  constructor(
    readonly live: AuditedHost,
    readonly dump: HostDump,
  ) {
    this.#name = live.state.host;
  }

  /** The host with some lines instead of one: none, one or two. */
  replace({ path, line }: DumpLine, texts: readonly string[]): AuditedHost {
    const [namespace = "", file = ""] = path.includes("/") ? path.split("/") : ["", path];
    if (file.endsWith(".flows")) return this.#flows(path, line, texts);
    if (file in listFiles) return this.#list(namespace, file as ListFile, path, line, texts);
    if (file in chainFiles) return this.#chains(namespace, file as keyof typeof chainFiles, path, line, texts);
    return file === "ip-addr.txt" ? this.#devices(namespace, path, line, texts) : this.#database(path, line, texts);
  }

  /** As {@link replace}, but reads the whole file again, and all that depends on it. */
  whole({ path, line }: Pick<DumpLine, "path" | "line">, texts: readonly string[]): AuditedHost {
    const dump = new Map(this.dump).set(path, this.#withLines(path, line, texts));
    const { state, problems } = loadHostDump(this.#name, dump);
    return { ...this.live, state, problems };
  }

  #flows(path: string, line: number, texts: readonly string[]): AuditedHost {
    const { state, problems } = this.#parse(path, texts);
    const name = path.replace(/\.flows$/, "");
    const flows = state.bridges.find((bridge) => bridge.name === name)?.flows ?? [];
    const bridges = this.live.state.bridges.map((bridge) =>
      bridge.name === name ? { ...bridge, flows: this.#splice(bridge.flows, path, line, flows) } : bridge,
    );
    return { ...this.live, state: { ...this.live.state, bridges }, problems };
  }

  #list(namespace: string, file: ListFile, path: string, line: number, texts: readonly string[]): AuditedHost {
    const { state, problems } = this.#parse(path, texts);
    const key = listFiles[file];
    const parsed = namespaceOf(state, namespace)?.[key] ?? [];
    return this.#namespace(namespace, problems, (own) => ({
      ...own,
      [key]: this.#splice<{ readonly origin: Origin }>(own[key], path, line, parsed),
    }));
  }

  #chains(namespace: string, file: keyof typeof chainFiles, path: string, line: number, texts: readonly string[]): AuditedHost {
    const lines = (this.dump.get(path) ?? "").split("\n");
    const table = lines.slice(0, line).findLast((text) => text.startsWith("*")) ?? "";
    const chain = /^-A (\S+)/.exec(lines[line - 1] ?? "")?.[1] ?? "";
    const { state, problems } = this.#parse(path, [table, `:${chain} - [0:0]`, ...texts, "COMMIT"]);
    const key = chainFiles[file];
    const parsed = namespaceOf(state, namespace)?.[key][0]?.chains.find(({ name }) => name === chain)?.rules ?? [];
    const inTable = (one: IptablesTable): IptablesTable => ({
      ...one,
      chains: one.chains.map((each) => (each.name === chain ? { ...each, rules: this.#splice(each.rules, path, line, parsed) } : each)),
    });
    return this.#namespace(namespace, problems, (own) => ({
      ...own,
      [key]: own[key].map((one) => (`*${one.name}` === table ? inTable(one) : one)),
    }));
  }

  #devices(namespace: string, path: string, line: number, texts: readonly string[]): AuditedHost {
    const { state, problems } = loadHostDump(this.#name, new Map([[path, this.#withLines(path, line, texts)]]));
    const devices = namespaceOf(state, namespace)?.devices ?? [];
    return this.#namespace(namespace, problems, (own) => ({ ...own, devices }));
  }

  /** What `ovs-vsctl show` tells is joined with the ports that ovs-ofctl shows; flows stay. */
  #database(path: string, line: number, texts: readonly string[]): AuditedHost {
    const files = new Map<string, string>();
    for (const [name, text] of this.dump) {
      if (name.endsWith(".ports")) files.set(name, text).set(name.replace(/ports$/, "flows"), "");
    }
    const { state, problems } = loadHostDump(this.#name, files.set(path, this.#withLines(path, line, texts)));
    const flows = new Map(this.live.state.bridges.map((bridge) => [bridge.name, bridge.flows]));
    const bridges = state.bridges.map((bridge) => ({ ...bridge, flows: flows.get(bridge.name) ?? [] }));
    return { ...this.live, state: { ...this.live.state, bridges }, problems };
  }

  #withLines(path: string, line: number, texts: readonly string[]): string {
    const lines = (this.dump.get(path) ?? "").split("\n");
    lines.splice(line - 1, 1, ...texts);
    return lines.join("\n");
  }

  #parse(path: string, texts: readonly string[]): ReturnType<typeof loadHostDump> {
    return loadHostDump(this.#name, new Map([[path, texts.map((text) => `${text}\n`).join("")]]));
  }

  #namespace(name: string, problems: AuditedHost["problems"], change: (namespace: Namespace) => Namespace): AuditedHost {
    const { state: before } = this.live;
    const namespaces = before.namespaces.map((namespace) => (namespace.name === name ? change(namespace) : namespace));
    const root = name === "" && before.root !== undefined ? { root: change(before.root) } : {};
    const state: HostState = { ...before, namespaces, ...root };
    return { ...this.live, state, problems };
  }

  /** A list without the entry of a line, with others in its place. */
  #splice<T extends { readonly origin: Origin }>(list: readonly T[], path: string, line: number, entries: readonly T[]): T[] {
    const pointer = `/${this.#name}/${path}/${line}`;
    const index = list.findIndex(({ origin }) => origin.because[0] === pointer);
    defined(index < 0 ? undefined : index, `entry of ${pointer}`);
    return [...list.slice(0, index), ...entries, ...list.slice(index + 1)];
  }
}

/** Every line of a dump that is programmed state: what is learned, counted or only form is not. `sysctls` are the kernel parameters that are programmed. */
export function programmedLines(dump: HostDump, sysctls: (namespace: string) => ReadonlySet<string>): DumpLine[] {
  const found: DumpLine[] = [];
  for (const [path, content] of dump) {
    const namespace = path.slice(0, Math.max(path.indexOf("/"), 0));
    if (namespace !== "" && !/^(?:qrouter|snat|fip|qdhcp)-/.test(namespace)) continue;
    let bridge = "";
    const isProgrammed = programmed(path.slice(path.indexOf("/") + 1), sysctls(namespace));
    content.split("\n").forEach((text, index) => {
      bridge = /^ +Bridge (\S+)$/.exec(text)?.[1] ?? bridge;
      if (isProgrammed?.(text) === true && (bridge === "" || dump.has(`${bridge}.flows`))) found.push({ path, line: index + 1, text });
    });
  }
  return found;
}

function programmed(file: string, sysctls: ReadonlySet<string>): ((text: string) => boolean) | undefined {
  if (file.endsWith(".flows")) return (text) => text.includes("actions=") && !/\b(?:hard|idle)_timeout=\d+, /.test(text);
  if (file === "sysctl.txt") return (text) => sysctls.has(text.split(" = ")[0] ?? "");
  if (file === "ip-neigh.txt") return (text) => text.trim().endsWith("PERMANENT");
  if (file in listFiles) return (text) => text !== "";
  if (file in chainFiles) return (text) => text.startsWith("-A ");
  if (file === "ip-addr.txt") return (text) => /^\s+inet6? /.test(text);
  if (file === "bridges.txt") return (text) => /^\s+(?:tag: |options: |fail_mode: |Controller )/.test(text);
  return undefined;
}

/**
 * Other forms of a line: one for each address and number in it, and another action or target. Cookies and counters stay.
 *
 * `turn` chooses which of the tokens of one kind is altered, so that over all lines every place has its turn.
 */
export function alterations(text: string, turn: number): string[] {
  const altered = new Set<string>();
  for (const [pattern, change] of tokens) {
    const places = [...text.matchAll(pattern)].filter(({ index }) => !isCounter(text, index));
    const place = places[turn % Math.max(places.length, 1)];
    if (place === undefined) continue;
    const [token] = place;
    altered.add(`${text.slice(0, place.index)}${change(token)}${text.slice(place.index + token.length)}`);
  }
  const action = text.includes("actions=")
    ? text.replace(/actions=.*/, text.endsWith("actions=drop") ? "actions=NORMAL" : "actions=drop")
    : undefined;
  const target = text.startsWith("-A ")
    ? text.replace(/-j (\S+)( .*)?$/, (_, name: string) => (name === "DROP" ? "-j ACCEPT" : "-j DROP"))
    : undefined;
  for (const other of [action, target]) if (other !== undefined && other !== text) altered.add(other);
  return [...altered];
}

function isCounter(text: string, index: number): boolean {
  const before = text.slice(Math.max(0, index - 20), index);
  return /cookie=$|valid_lft .*$|\[$|\d:$/.test(before) || /^\s*cookie=\S*$/.test(text.slice(0, index).split(/[ ,]/).at(-1) ?? "");
}

const tokens: readonly (readonly [RegExp, (token: string) => string])[] = [
  [/(?<![\d.])\d+\.\d+\.\d+\.\d+(?:\/\d+)?/g, flip],
  [/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/g, (token) => token.slice(0, -1) + (token.endsWith("0") ? "1" : "0")],
  [/\bfe80::[0-9a-f:]*[0-9a-f]\b/g, (token) => token.slice(0, -1) + (token.endsWith("0") ? "1" : "0")],
  [/(?<![\w.:/-])\d+(?![\w.:-])/g, (token) => String(Number(token) + 1)],
];

/** An address with the last bit of its prefix the other way: a bit behind the prefix would say nothing. */
function flip(prefix: string): string {
  const [address = "", length] = prefix.split("/");
  const last = Math.max(Number(length ?? 32), 1) - 1;
  const octets = address.split(".").map((part, index) => (index === last >> 3 ? Number(part) ^ (0x80 >> (last & 7)) : Number(part)));
  return octets.join(".") + (length === undefined ? "" : `/${length}`);
}
