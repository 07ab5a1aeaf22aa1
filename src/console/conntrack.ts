import { ipProtocol } from "../ir/match.js";
import { type Connection, timeoutSeconds, type Tuple } from "../virtual/conntrack.js";
import { printed, refusal, type Tool } from "./answer.js";
import { readFlags } from "./command-line.js";
import { namespaceOf } from "./ip-selector.js";

const protocolNames: ReadonlyMap<number, string> = new Map([
  [ipProtocol.icmp, "icmp"],
  [ipProtocol.icmpv6, "icmpv6"],
  [ipProtocol.tcp, "tcp"],
  [ipProtocol.udp, "udp"],
]);

/** conntrack(8): `-L` lists the connections that a namespace tracks. */
export const conntrack: Tool = {
  name: "conntrack",
  on: "everywhere",
  run: (words, where) => {
    const flags = readFlags(words, { alone: ["-L", "--dump", "-n", "-j"], withValue: ["-s", "--src", "-d", "--dst", "-p", "--proto"] });
    if ("reason" in flags) return refusal(`conntrack: ${flags.reason}`);
    if (!flags.values.has("-L") && !flags.values.has("--dump"))
      return refusal("conntrack can only list here: conntrack -L [-s ADDRESS] [-d ADDRESS] [-p PROTOCOL].");
    const namespace = namespaceOf(where);
    if (!("name" in namespace)) return namespace;
    const value = (...names: readonly string[]): string | undefined => names.flatMap((name) => flags.values.get(name) ?? [])[0];
    const [source, destination, protocol] = [value("-s", "--src"), value("-d", "--dst"), value("-p", "--proto")];
    const { now } = where.world.clock;
    const connections = (where.station?.stack.conntrack.list(now) ?? []).filter(
      ({ original }) =>
        (source === undefined || original.source === source) &&
        (destination === undefined || original.destination === destination) &&
        (protocol === undefined || protocolNames.get(original.protocol) === protocol),
    );
    return printed(connections.map((connection) => connectionText(connection, now)));
  },
};

function connectionText(connection: Connection, now: number): string {
  const { original, reply, mark, zone, tcp } = connection;
  const name = (protocolNames.get(original.protocol) ?? "unknown").padEnd(8);
  const left = Math.max(0, Math.min(timeoutSeconds(connection), Math.ceil((connection.expires - now) / 1000)));
  const words = [
    ...(tcp === undefined ? [] : [tcp]),
    tupleText(original),
    ...(connection.seenReply ? [] : ["[UNREPLIED]"]),
    tupleText(reply),
    ...(tcp !== undefined && connection.seenReply ? ["[ASSURED]"] : []),
    `mark=${mark}`,
    ...(zone === 0 ? [] : [`zone=${zone}`]),
    "use=1",
  ];
  return `${name} ${original.protocol} ${left} ${words.join(" ")}`;
}

function tupleText({ protocol, source, destination, sourcePort, destinationPort, type }: Tuple): string {
  const ends = `src=${source} dst=${destination}`;
  if (protocol === ipProtocol.icmp || protocol === ipProtocol.icmpv6) return `${ends} type=${type} code=0 id=${sourcePort}`;
  return protocol === ipProtocol.tcp || protocol === ipProtocol.udp ? `${ends} sport=${sourcePort} dport=${destinationPort}` : ends;
}
