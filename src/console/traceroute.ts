import { type Ip, isIpv4 } from "../net/ip.js";
import { icmp6Type, icmpType, type IpPacket } from "../virtual/packet.js";
import type { Query, Station } from "../virtual/station.js";
import { printed, refusal, type Tool, type Where } from "./answer.js";
import { readFlags } from "./command-line.js";
import { isRouteless, milliseconds } from "./ping.js";
import { addressNamed, senderOf } from "./targets.js";

/** First port that traceroute(8) sends to; each probe takes the next. */
const firstPort = 33434;
const probes = 3;

/** Words for why a datagram came to its end before its target, by code of the ICMP error. Source: traceroute(8). */
const reasons4: ReadonlyMap<number, string> = new Map([
  [0, "!N"],
  [1, "!H"],
  [2, "!P"],
  [13, "!X"],
]);
const reasons6: ReadonlyMap<number, string> = new Map([
  [0, "!N"],
  [1, "!X"],
  [3, "!H"],
]);

/** Hops that can be asked for: a time to live has eight bits. Source: traceroute(8). */
const mostHops = 255;
/** Milliseconds of waiting that can be asked for: a day. */
const longestWait = 86_400_000;

/** traceroute(8): UDP datagrams with a rising time to live. No address has a name. `-m` limits the hops, `-w` the seconds to wait. */
export const traceroute: Tool = {
  name: "traceroute",
  on: "everywhere",
  run: (words, where) => {
    const flags = readFlags(words, { alone: ["-n", "-4", "-6"], withValue: ["-m", "-w", "-q"] });
    if ("reason" in flags) return refusal(`traceroute: ${flags.reason}`);
    const [target] = flags.words;
    if (target === undefined) return refusal("traceroute needs an address or the name of a server.");
    const address = addressNamed(target, where);
    if (typeof address !== "string") return address;
    const sender = senderOf(where);
    if ("kind" in sender) return sender;
    const hops = Number(flags.values.get("-m")?.[0] ?? 30);
    const patience = Number(flags.values.get("-w")?.[0] ?? 5) * 1000;
    if (!Number.isInteger(hops) || hops < 1 || hops > mostHops) return refusal(`traceroute: -m takes 1 to ${mostHops} hops.`);
    if (!(patience > 0 && patience <= longestWait)) return refusal(`traceroute: -w takes up to ${longestWait / 1000} seconds.`);
    return printed([
      `traceroute to ${target} (${address}), ${hops} hops max, 60 byte packets`,
      ...walk(sender, address, { hops, patience, numeric: flags.values.has("-n") }, where),
    ]);
  },
};

/** How a way is followed: hops at most, milliseconds to wait for each, and whether addresses stand alone. */
interface Options {
  readonly hops: number;
  readonly patience: number;
  readonly numeric: boolean;
}

function walk(sender: Station, address: Ip, { hops, patience, numeric }: Options, where: Where): readonly string[] {
  const lines: string[] = [];
  let port = firstPort;
  for (let ttl = 1; ttl <= hops; ttl++) {
    const queries = Array.from({ length: probes }, () => sender.datagram(address, port++, sender.freshPort(), { ttl }));
    where.world.runUntil(() => queries.every((query) => query.answers.length > 0), patience);
    if (queries.some(isRouteless)) return [...lines, "connect: Network is unreachable"];
    lines.push(`${String(ttl).padStart(2)}  ${hopText(queries, numeric)}`);
    const arrived = queries.some((query) => query.answers.some((heard) => heard.kind !== "error" || !isTimeExceeded(heard.packet)));
    for (const query of queries) sender.forget(query);
    if (arrived) break;
  }
  return lines;
}

function hopText(queries: readonly Query[], numeric: boolean): string {
  let last = "";
  return queries
    .map((query) => {
      const [heard] = query.answers;
      if (heard === undefined) return "*";
      // Where no neighbour answers the sender, its own kernel says so.
      const { source } = heard.kind === "unsent" ? query.packet : heard.packet;
      const name = source === last ? "" : `${numeric ? source : `${source} (${source})`}  `;
      last = source;
      const reason = heard.kind === "error" ? reasonOf(heard.packet) : heard.kind === "unsent" ? " !H" : "";
      return `${name}${milliseconds(heard.time - query.sent)} ms${reason}`;
    })
    .join("  ");
}

function reasonOf(packet: IpPacket): string {
  const { source, transport } = packet;
  if (transport.kind !== "icmp" || isTimeExceeded(packet)) return "";
  const reason = (isIpv4(source) ? reasons4 : reasons6).get(transport.code);
  return reason === undefined ? "" : ` ${reason}`;
}

function isTimeExceeded({ source, transport }: IpPacket): boolean {
  return transport.kind === "icmp" && transport.type === (isIpv4(source) ? icmpType.timeExceeded : icmp6Type.timeExceeded);
}
