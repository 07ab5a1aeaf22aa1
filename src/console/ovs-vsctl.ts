import { printBridges } from "../formats/ovs-vsctl-show/print.js";
import { type Answer, printed, refusal, type Tool, type Where } from "./answer.js";
import { bridgeOf } from "./ovs-appctl.js";
import { getColumns } from "./ovs-vsctl-get.js";
import { linesOf } from "./pipe.js";

type Subcommand = (words: readonly string[], where: Where) => Answer;

/** Each port has one interface, which bears its name. */
const ports: Subcommand = (words, where) => ofBridge(words, where, (all) => all.map(({ name }) => name).sort());

const subcommands: ReadonlyMap<string, Subcommand> = new Map<string, Subcommand>([
  ["show", (_, where) => printed(show(where))],
  ["list-br", (_, { host }) => printed([...(host?.bridges.keys() ?? [])].sort())],
  ["list-ports", ports],
  ["port-to-br", portToBridge],
  ["list-ifaces", ports],
  ["iface-to-br", portToBridge],
  ["get", (words, { host }) => (host === undefined ? refusal("There is no Open vSwitch here.") : getColumns(words, host))],
]);

/** ovs-vsctl(8): what the switch's database holds. */
export const ovsVsctl: Tool = {
  name: "ovs-vsctl",
  on: "hosts",
  run: (words, where) => {
    const [name = "", ...rest] = words;
    const subcommand = subcommands.get(name);
    return subcommand === undefined
      ? refusal(`ovs-vsctl has no command ${JSON.stringify(name)} here; it has ${[...subcommands.keys()].join(", ")}.`)
      : subcommand(rest, where);
  },
};

/** As `bridges.txt`: without the database's id, the manager and the state of connections, which are not programmed. */
function show({ host }: Where): readonly string[] {
  return linesOf(printBridges([...(host?.bridges.values() ?? [])].map((bridge) => bridge.state)));
}

function ofBridge(
  words: readonly string[],
  { host }: Where,
  list: (ports: readonly { readonly name: string }[]) => readonly string[],
): Answer {
  if (host === undefined) return refusal("There is no Open vSwitch here.");
  const bridge = bridgeOf(host, words[0]);
  return "kind" in bridge ? bridge : printed(list(bridge.ports));
}

function portToBridge(words: readonly string[], { host }: Where): Answer {
  const [port = ""] = words;
  const bridge = host?.bridgeOfPort(port);
  return bridge === undefined ? refusal(`No bridge has a port ${JSON.stringify(port)}.`) : printed([bridge.name]);
}
