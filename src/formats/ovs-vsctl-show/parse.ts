import type { Origin } from "../../source/origin.js";
import { dumpOrigin, eachLine, type Parsed, type ParseOptions, type Problem, problem } from "../parsed.js";
import { parseCount } from "../words.js";
import type { ShownBridge, ShownInterface, ShownPort } from "./shown.js";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type InterfaceDraft = Mutable<ShownInterface>;
type PortDraft = Mutable<ShownPort> & { readonly interfaces: InterfaceDraft[] };
type BridgeDraft = Mutable<ShownBridge> & { readonly controllers: string[]; readonly ports: PortDraft[] };

/** Where the reading is: each line belongs to the last bridge, port and interface above it. */
interface Place {
  bridge: BridgeDraft | undefined;
  port: PortDraft | undefined;
  shown: InterfaceDraft | undefined;
}

/**
 * Reads the output of `ovs-vsctl show`, or `bridges.txt`. Identity, managers, versions and states are passed over.
 *
 * Errors: a problem for each line that is not understood or out of place.
 */
export function parseShow(text: string, options: ParseOptions = {}): Parsed<ShownBridge[]> {
  const value: ShownBridge[] = [];
  const problems: Problem[] = [];
  const originOf = options.originOf ?? dumpOrigin;
  const place: Place = { bridge: undefined, port: undefined, shown: undefined };
  eachLine(text, problems, (line, number) => {
    const words = line.trim();
    if (words === "" || isIdentity(words)) return;
    const reason = readLine(value, place, words, originOf(number));
    if (reason !== undefined) problems.push(problem(number, line, reason));
  });
  return { value, problems };
}

function isIdentity(words: string): boolean {
  return /^(?:[0-9a-f-]{36}$|Manager |ovs_version: )/.test(words);
}

/** Properties that say how things are going, not what is programmed. */
const states: ReadonlySet<string> = new Set(["is_connected:", "error:", "status:", "trunks:", "bond_mode:"]);

function readLine(bridges: ShownBridge[], place: Place, line: string, origin: Origin): string | undefined {
  const space = line.indexOf(" ");
  const keyword = space < 0 ? line : line.slice(0, space);
  const value = space < 0 ? "" : parseAtom(line.slice(space + 1));
  if (value === undefined) return "wrong string";
  if (keyword === "Bridge") {
    place.bridge = { name: value, controllers: [], ports: [], origin };
    place.port = undefined;
    bridges.push(place.bridge);
    return undefined;
  }
  if (states.has(keyword)) return undefined;
  const { bridge, port, shown } = place;
  if (bridge === undefined) return "a line belongs to no bridge";
  if (port !== undefined) {
    if (keyword === "tag:") return readTag(port, value);
    if (keyword === "Interface") return void port.interfaces.push((place.shown = { name: value, options: new Map() }));
    if (shown !== undefined && keyword === "type:") return void (shown.type = value);
    if (shown !== undefined && keyword === "options:") return readOptions(shown, line.slice(space + 1));
  }
  return readBridgeLine(bridge, place, keyword, value, origin);
}

function readBridgeLine(bridge: BridgeDraft, place: Place, keyword: string, value: string, origin: Origin): string | undefined {
  switch (keyword) {
    case "Controller":
      bridge.controllers.push(value);
      return undefined;
    case "fail_mode:":
      bridge.failMode = value;
      return undefined;
    case "datapath_type:":
      bridge.datapathType = value;
      return undefined;
    case "Port":
      place.port = { name: value, interfaces: [], origin };
      place.shown = undefined;
      bridge.ports.push(place.port);
      return undefined;
    default:
      return "unknown line";
  }
}

function readTag(port: PortDraft, text: string): string | undefined {
  const tag = parseCount(text, 4095);
  if (tag === undefined) return "wrong VLAN tag";
  port.tag = tag;
  return undefined;
}

const optionText = /("(?:[^"\\]|\\.)*"|[^\s",={}]+)=("(?:[^"\\]|\\.)*"|[^\s",={}]+)(?:, |$)/y;

function readOptions(shown: InterfaceDraft, text: string): string | undefined {
  if (!text.startsWith("{") || !text.endsWith("}")) return "wrong options";
  const inside = text.slice(1, -1);
  const options = new Map<string, string>();
  optionText.lastIndex = 0;
  while (optionText.lastIndex < inside.length) {
    const [, key = "", value = ""] = optionText.exec(inside) ?? [];
    const name = parseAtom(key);
    const content = parseAtom(value);
    if (key === "" || name === undefined || content === undefined) return "wrong options";
    options.set(name, content);
  }
  shown.options = options;
  return undefined;
}

/** A string of the database, quoted or plain. */
function parseAtom(text: string): string | undefined {
  if (!text.startsWith('"')) return text;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
