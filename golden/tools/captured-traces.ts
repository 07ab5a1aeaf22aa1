/** One lookup that a captured trace shows. */
export interface CapturedLookup {
  readonly bridge: string;
  /** `60. in_port=3, priority 100`, without the cookie. */
  readonly rule: string;
  readonly actions: readonly string[];
}

/** A captured trace up to a recirculation, or from one on. */
export interface CapturedSection {
  readonly flow: string;
  readonly lookups: readonly CapturedLookup[];
  readonly notes: readonly string[];
  readonly final: string;
  readonly megaflow: string;
  readonly datapath: string;
}

/** A command of `traces.txt` and what it printed. */
export interface CapturedTrace {
  /** Counted from 1. */
  readonly line: number;
  readonly command: string;
  readonly bridge: string;
  readonly flow: string;
  readonly ctNext: readonly string[];
  readonly sections: readonly CapturedSection[];
  readonly text: string;
}

/** Reads the traces of a host. */
export function parseTraces(text: string): readonly CapturedTrace[] {
  const lines = text.split("\n");
  const starts = lines.flatMap((line, index) => (line.startsWith("$ ") ? [index] : []));
  return starts.map((start, index) => parseTrace(lines.slice(start, starts[index + 1] ?? lines.length), start + 1));
}

function parseTrace(lines: readonly string[], line: number): CapturedTrace {
  const command = (lines[0] ?? "").slice(2);
  const [, options = "", bridge = "", flow = ""] = /ofproto\/trace (.*?)(\S+) '([^']*)'$/.exec(command) ?? [];
  const ctNext = [...options.matchAll(/--ct-next '([^']*)'/g)].map(([, states = ""]) => states);
  const body = lines.slice(1);
  const breaks = body.flatMap((each, index) => (each.startsWith("recirc(") ? [index] : []));
  const parts = [0, ...breaks].map((from, index) => body.slice(from, breaks[index] ?? body.length));
  return { line, command, bridge, flow, ctNext, sections: parts.map(parseSection), text: body.join("\n").trimEnd() };
}

function parseSection(lines: readonly string[]): CapturedSection {
  const lookups: { bridge: string; rule: string; actions: string[] }[] = [];
  const notes: string[] = [];
  let found: Record<string, string> = {};
  const bridges: { readonly indent: number; readonly name: string }[] = [];
  const open: { readonly indent: number; readonly actions: string[] }[] = [];
  for (const line of lines) {
    const indent = line.length - line.trimStart().length;
    const text = line.trim();
    const [, name = "", value = ""] = /^(Flow|Final flow|Megaflow|Datapath actions): (.*)$/.exec(line) ?? [];
    const [, bridge] = /^bridge\("(.*)"\)$/.exec(text) ?? [];
    if (name !== "") found = { ...found, [name]: value };
    else if (bridge !== undefined) {
      while (bridges.length > 0 && (bridges.at(-1)?.indent ?? 0) >= indent) bridges.pop();
      bridges.push({ indent, name: bridge });
    } else if (/^(->|>>)/.test(text)) {
      if (lookups.at(-1)?.bridge !== "br-phy" && !/^-> (tunneling|output to (native|kernel) tunnel)/.test(text)) notes.push(text);
    } else if (/^\d+\. /.test(text)) {
      const column = line.indexOf(".") - 2;
      const inside = bridges.filter((each) => each.indent <= column).at(-1);
      const lookup = { bridge: inside?.name ?? "", rule: text.replace(/,? ?cookie 0x[0-9a-f]+$/, "").replace(/,$/, ""), actions: [] };
      lookups.push(lookup);
      while (open.length > 0 && (open.at(-1)?.indent ?? 0) >= column) open.pop();
      open.push({ indent: column, actions: lookup.actions });
    } else if (
      text !== "" &&
      text !== "thaw" &&
      !/^(-+|=+|recirc\(.*|Resuming from table \d+|This flow is handled by .*|- Uses action.*)$/.test(text)
    ) {
      open
        .filter((each) => each.indent < indent)
        .at(-1)
        ?.actions.push(text);
    }
  }
  return {
    flow: found["Flow"] ?? "",
    lookups: lookups.filter((lookup) => lookup.bridge !== "br-phy"),
    notes,
    final: found["Final flow"] ?? "",
    megaflow: found["Megaflow"] ?? "",
    datapath: found["Datapath actions"] ?? "",
  };
}

/** One copy that the datapath sends, and the headers that it has then. */
export interface SentCopy {
  readonly headers: string;
  /** `port 5` or `tunnel 10.0.0.4 0x65`. */
  readonly to: string;
}

const flowNames: ReadonlyMap<string, string> = new Map([
  ["dl_src", "eth src"],
  ["dl_dst", "eth dst"],
  ["arp_spa", "arp sip"],
  ["arp_tpa", "arp tip"],
  ["arp_op", "arp op"],
  ["arp_sha", "arp sha"],
  ["arp_tha", "arp tha"],
]);

/** The copies that `Datapath actions` sends of the packet after `Flow:`. Native tunnels and kernel tunnels read alike, by remote address and key. */
export function sentCopies({ flow, datapath }: Pick<CapturedSection, "flow" | "datapath">): readonly SentCopy[] {
  const given = new Map(flow.split(",").map((field) => field.split("=") as [string, string]));
  const vlans = given.has("dl_vlan") ? [given.get("dl_vlan") ?? ""] : [];
  const headers = new Map([...flowNames].map(([name, header]) => [header, given.get(name) ?? ""]));
  let tunnel: string | undefined;
  const copies: SentCopy[] = [];
  const send = (to: string): void => void copies.push({ headers: `${vlans.join()} ${[...headers].join(" ")}`, to });
  for (const token of topLevel(datapath)) {
    const [, remote, vni] = /ipv4\(src=[\d.]+,dst=([\d.]+),.*vni=(0x[0-9a-f]+)\)/.exec(token) ?? [];
    const [, key, destination] = /^set\(tunnel\(tun_id=(0x[0-9a-f]+),.*?dst=([\d.]+),/.exec(token) ?? [];
    const [, layer, fields] = /^set\((eth|arp)\((.*)\)\)$/.exec(token) ?? [];
    const [, vid] = /^push_vlan\(vid=(\d+)/.exec(token) ?? [];
    if (remote !== undefined) send(`tunnel ${remote} ${vni ?? ""}`);
    else if (key !== undefined) tunnel = `tunnel ${destination ?? ""} ${key}`;
    else if (vid !== undefined) vlans.unshift(vid);
    else if (token === "pop_vlan") vlans.shift();
    else if (layer !== undefined && fields !== undefined) {
      for (const [name = "", value = ""] of fields.split(",").map((field) => field.split("="))) headers.set(`${layer} ${name}`, value);
    } else if (/^\d+$/.test(token)) {
      send(tunnel ?? `port ${token}`);
      tunnel = undefined;
    }
  }
  return copies.filter(({ to }) => to !== "port 1" || !datapath.includes("tnl_push"));
}

function topLevel(text: string): readonly string[] {
  const tokens: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at <= text.length; at++) {
    const character = text[at];
    if (character === "(") depth++;
    else if (character === ")") depth--;
    else if ((character === "," && depth === 0) || at === text.length) {
      tokens.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return tokens;
}
