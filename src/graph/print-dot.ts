import { by, byNumber, sorted } from "../base/order.js";
import { visible } from "../diagnostics/visible.js";
import type { Box, BoxKind, BoxPort, Link, LinkEnd, Passage, Picture, Route } from "./picture.js";

/** What a picture says besides. */
export interface Caption {
  readonly title: string;
  /** Names of networks, by id, in the order in which they get colours. */
  readonly networks: ReadonlyMap<string, string>;
  /** The way of a packet, and what became of it. */
  readonly route?: Route;
  readonly verdict?: string;
}

/** Characters that are shown of a name, and of a line above the picture. */
const longest = { name: 48, line: 160 } as const;

/** ColorBrewer's Pastel1 without its grey: of more networks some look alike, and their VLANs tell them apart. */
const pastels = ["#b3cde3", "#fbb4ae", "#ccebc5", "#fed9a6", "#decbe4", "#ffffcc", "#e5d8bd", "#fddaec"] as const;

const there = "#c0392b";
const back = "#1f5fa8";
const quiet = "#7f8c8d";

const looks: Readonly<Record<BoxKind, string>> = {
  server: "#fff6d5",
  "linux-bridge": "#f4f4f4",
  namespace: "#ffffff",
  bridge: "#e9eef2",
  tunnels: "#eeeeee",
  segment: "#eeeeee",
  upstream: "#fff6d5",
};

/** A picture in Graphviz's language, for `dot`: dot(1). Names are safe in it, whatever they are. */
export function printDot(picture: Picture, caption: Caption): string {
  const printer = new DotPrinter(picture, caption);
  return `${printer.lines().join("\n")}\n`;
}

class DotPrinter {
  /** Boxes by id, with their names in the language. */
  readonly #nodes = new Map<string, { readonly name: string; readonly ports: readonly BoxPort[] }>();
  /** Ports that a link leads up from: they are at the top of their box, in the order of what is above them, so that few links cross. */
  readonly #upward = new Map<string, number>();
  readonly #colours: ReadonlyMap<string, string>;

  constructor(
    readonly picture: Picture,
    readonly caption: Caption,
  ) {
    const boxes = [...picture.hosts.flatMap((host) => host.boxes), ...picture.outside];
    boxes.forEach(({ id, ports }, at) => this.#nodes.set(id, { name: `n${at}`, ports }));
    const places = new Map(
      boxes.flatMap(({ id, ports }) => ports.map(({ name }) => portKey({ box: id, port: name }))).map((key, at) => [key, at]),
    );
    for (const { upper, lower } of picture.links) this.#upward.set(portKey(lower), places.get(portKey(upper)) ?? 0);
    const shown = new Set(boxes.flatMap(({ ports }) => ports.map(({ network }) => network)));
    const networks = [...caption.networks.keys()].filter((id) => shown.has(id));
    this.#colours = new Map(networks.map((id, at) => [id, pastels[at % pastels.length] ?? pastels[0]]));
  }

  lines(): readonly string[] {
    return [
      "digraph dvrc {",
      `  graph [rankdir=TB, nodesep=0.35, ranksep=0.7, labelloc=t, fontname="Helvetica", fontsize=14, label=${this.#title()}]`,
      '  node [shape=none, margin=0, width=0, height=0, fontname="Helvetica", fontsize=10]',
      `  edge [dir=none, color="${quiet}", fontname="Helvetica", fontsize=11]`,
      ...this.picture.hosts.flatMap(({ name, boxes }, at) => [
        `  subgraph cluster_${at} {`,
        `    graph [style="rounded", color="${quiet}", label=<<b>${html(name)}</b>>]`,
        ...boxes.map((box) => `    ${this.#node(box)}`),
        "  }",
      ]),
      ...this.picture.outside.map((box) => `  ${this.#node(box)}`),
      ...this.#edges(),
      "}",
    ];
  }

  #title(): string {
    const { title, route, verdict, networks } = this.caption;
    const colours = [["there", there] as const, ...((route?.back.length ?? 0) === 0 ? [] : [["back", back] as const])];
    const words = colours.map(([word, colour]) => `<font color="${colour}">${word}</font>`).join(", ");
    const ends = verdict === undefined ? [] : [`${words}: ${html(verdict, longest.line)}`];
    const cells = [...this.#colours].map(([id, colour]) => `<td bgcolor="${colour}">${html(networks.get(id) ?? id)}</td>`);
    const legend = cells.length === 0 ? [] : [table('border="0" cellborder="0" cellspacing="6"', [`<tr>${cells.join("")}</tr>`])];
    const rows = [`<b>${html(title, longest.line)}</b>`, ...ends, ...legend].map((content) => `<tr><td>${content}</td></tr>`);
    return `<${table('border="0" cellborder="0" cellspacing="2"', rows)}>`;
  }

  #node(box: Box): string {
    const above = ({ name }: BoxPort): number | undefined => this.#upward.get(portKey({ box: box.id, port: name }));
    const top = sorted(
      box.ports.filter((port) => above(port) !== undefined),
      by((port) => above(port) ?? 0, byNumber),
    );
    const bottom = box.ports.filter((port) => !top.includes(port));
    const facts = box.lines.map((line) => `<br/><font point-size="8">${html(line)}</font>`);
    const heading = `<tr><td border="0"><b>${html(box.title)}</b>${facts.join("")}</td></tr>`;
    const rows = [...this.#row(box, top), heading, ...this.#row(box, bottom)];
    const isEnd = this.caption.route?.lostAt === box.id;
    const border = isEnd ? `border="3" color="${there}"` : `border="1" color="${quiet}"`;
    const outline = `${border} style="rounded" cellborder="0" cellspacing="2" bgcolor="${looks[box.kind]}"`;
    return `${this.#nameOf(box.id)} [label=<${table(outline, rows)}>]`;
  }

  #row(box: Box, ports: readonly BoxPort[]): readonly string[] {
    if (ports.length === 0) return [];
    const cells = ports.map((port) => {
      const colour = this.#colours.get(port.network ?? "") ?? "white";
      const facts = port.lines.map((line) => `<br/><font point-size="8">${html(line)}</font>`);
      return `<td port="p${box.ports.indexOf(port)}" bgcolor="${colour}">${html(port.name)}${facts.join("")}</td>`;
    });
    return [
      `<tr><td>${table(`border="0" cellborder="1" cellspacing="3" cellpadding="4" color="${quiet}"`, [`<tr>${cells.join("")}</tr>`])}</td></tr>`,
    ];
  }

  #edges(): readonly string[] {
    const { route } = this.caption;
    const taken = new Set([...(route?.there ?? []), ...(route?.back ?? [])].map(({ link }) => link));
    return [
      ...this.picture.links.filter((link) => !taken.has(link)).map((link) => this.#edge(link, "")),
      ...(route?.there ?? []).map((passage, at) => this.#step(passage, at + 1, there)),
      ...(route?.back ?? []).map((passage, at) => this.#step(passage, at + 1, back)),
    ];
  }

  #step({ link, downwards }: Passage, nth: number, colour: string): string {
    const dir = downwards ? "forward" : "back";
    return this.#edge(link, ` [dir=${dir}, color="${colour}", fontcolor="${colour}", penwidth=2, label=" ${nth} "]`);
  }

  #edge({ upper, lower }: Link, attributes: string): string {
    return `  ${this.#end(upper, "s")} -> ${this.#end(lower, "n")}${attributes}`;
  }

  #end({ box, port }: LinkEnd, side: "n" | "s"): string {
    const at = this.#nodes.get(box)?.ports.findIndex(({ name }) => name === port) ?? -1;
    return `${this.#nameOf(box)}${at < 0 ? "" : `:p${at}:${side}`}`;
  }

  #nameOf(box: string | undefined): string {
    return this.#nodes.get(box ?? "")?.name ?? "";
  }
}

function portKey({ box, port }: LinkEnd): string {
  return `${box}\n${port ?? ""}`;
}

function table(attributes: string, rows: readonly string[]): string {
  return `<table ${attributes}>${rows.join("")}</table>`;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "\\": "\\\\", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** A name in a label of Graphviz, which takes `\N` for the node's: what no terminal shows is spelled out, and what is too long for a picture ends in dots. */
function html(text: string, most: number = longest.name): string {
  const characters = Array.from(visible(text));
  const shown = characters.length <= most ? characters : [...characters.slice(0, most - 1), "…"];
  return shown.join("").replace(/[&<>"\\]/g, (character) => entities[character] ?? character);
}
