import type { Ip } from "../net/ip.js";
import { tcpFlag } from "../virtual/packet.js";
import type { Station } from "../virtual/station.js";
import { type Answer, printed, refusal, type Tool, type Where } from "./answer.js";
import { readFlags } from "./command-line.js";
import { addressNamed, senderOf } from "./targets.js";

/** Milliseconds after which a segment without answer is sent again, one after the other: Linux `tcp_syn_retries`. */
const retries = [1000, 2000, 4000, 8000, 16_000, 32_000];

/** nc(1) of OpenBSD: whether a TCP port can be reached. `-z`, `-v`, `-w SECONDS`. */
export const nc: Tool = {
  name: "nc",
  on: "everywhere",
  run: (words, where) => {
    const flags = readFlags(words, { alone: ["-z", "-v", "-n", "-4", "-6", "-N"], withValue: ["-w", "-p", "-s"] });
    if ("reason" in flags) return refusal(`nc: ${flags.reason}`);
    const [target, portText] = flags.words;
    const port = Number(portText);
    if (target === undefined || !Number.isInteger(port) || port < 1 || port > 65535)
      return refusal("nc needs an address or the name of a server, and a port.");
    const address = addressNamed(target, where);
    if (typeof address !== "string") return address;
    const sender = senderOf(where);
    if ("kind" in sender) return sender;
    const patience = flags.values.has("-w") ? Number(flags.values.get("-w")?.[0]) * 1000 : Number.POSITIVE_INFINITY;
    return report(connect(sender, address, port, patience, where), target, port, flags.values.has("-v"));
  },
};

type Outcome = "open" | "refused" | "timed out" | "unreachable";

function report(outcome: Outcome, target: string, port: number, verbose: boolean): Answer {
  if (outcome === "open") return printed(verbose ? [`Connection to ${target} ${port} port [tcp/*] succeeded!`] : []);
  const reasons = {
    refused: "failed: Connection refused",
    "timed out": "timed out: Operation now in progress",
    unreachable: "failed: No route to host",
  };
  return printed(verbose ? [`nc: connect to ${target} port ${port} (tcp) ${reasons[outcome]}`] : [], 1);
}

/** Tries to open a connection, as patiently as the kernel or as told. */
export function connect(sender: Station, address: Ip, port: number, patience: number, { world }: Pick<Where, "world">): Outcome {
  const sourcePort = sender.freshPort();
  const deadline = world.clock.now + patience;
  for (const retry of retries) {
    const query = sender.connect(address, port, sourcePort);
    world.runUntil(() => query.answers.length > 0, Math.min(retry, deadline - world.clock.now));
    sender.forget(query);
    const [heard] = query.answers;
    if (heard?.kind === "reply" && heard.packet.transport.kind === "tcp")
      return (heard.packet.transport.flags & tcpFlag.rst) === 0 ? "open" : "refused";
    if (heard !== undefined) return "unreachable";
    if (world.clock.now >= deadline) break;
  }
  return "timed out";
}
