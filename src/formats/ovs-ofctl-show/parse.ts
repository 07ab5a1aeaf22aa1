import type { OfPort } from "../../ir/match.js";
import { parseMac } from "../../net/mac.js";
import { eachLine, type Parsed, type Problem, problem } from "../parsed.js";
import { parseCount } from "../words.js";
import type { ShownSwitch, SwitchPort } from "./shown.js";

type PortDraft = { -readonly [K in keyof SwitchPort]: SwitchPort[K] };

/** Lines about what the switch could do. */
const passedOver = /^(?:n_tables:|capabilities:|actions:|OFPST_PORT_DESC|OFPT_GET_CONFIG_REPLY|advertised:|supported:|peer:)/;

/**
 * Reads the output of `ovs-ofctl show`, at any version.
 *
 * Errors: a problem for each line that is not understood, and where the switch's id is missing.
 */
export function parseSwitch(text: string): Parsed<ShownSwitch> {
  const problems: Problem[] = [];
  const ports: PortDraft[] = [];
  let datapathId = "";
  eachLine(text, problems, (line, number) => {
    const words = line.trim();
    if (words === "" || passedOver.test(words)) return;
    const [, id] = /^OFPT_FEATURES_REPLY.* dpid:([0-9a-f]{16})$/.exec(words) ?? [];
    if (id !== undefined) datapathId = id;
    else if (!readPortLine(ports, words)) problems.push(problem(number, line, "unknown line"));
  });
  if (datapathId === "") problems.push(problem(1, "", "the switch's datapath id is missing"));
  return { value: { datapathId, ports }, problems };
}

function readPortLine(ports: PortDraft[], line: string): boolean {
  const [, number, name = "", address = ""] = /^(LOCAL|\d{1,5})\((.+)\): addr:([0-9a-f:]{17})$/s.exec(line) ?? [];
  if (number !== undefined) {
    const ofport: OfPort | undefined = number === "LOCAL" ? "local" : parseCount(number, 65535);
    const mac = parseMac(address);
    if (ofport === undefined || mac === undefined) return false;
    ports.push({ ofport, name, mac, config: "", state: "", speed: 0 });
    return true;
  }
  const port = ports.at(-1);
  const [, key, value = ""] = /^(config|state|current|speed):\s+(\S.*)$/s.exec(line) ?? [];
  if (port === undefined || key === undefined) return false;
  return readProperty(port, key, value);
}

function readProperty(port: PortDraft, key: string, value: string): boolean {
  switch (key) {
    case "config":
      port.config = value === "0" ? "" : value;
      return true;
    case "state":
      port.state = value === "0" ? "" : value;
      return true;
    case "current":
      port.current = value;
      return true;
    default: {
      const speed = parseCount(/^(\d{1,12}) Mbps now/.exec(value)?.[1] ?? "", Number.MAX_SAFE_INTEGER);
      if (speed !== undefined) port.speed = speed;
      return speed !== undefined;
    }
  }
}
