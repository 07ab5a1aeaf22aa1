import { isIpv4, parseIp, type Ip } from "../net/ip.js";
import { icmp6Type, icmpType } from "../virtual/packet.js";
import type { Answer as Heard, Query, Station } from "../virtual/station.js";
import { type Answer, printed, refusal, type Tool, type Where } from "./answer.js";
import { type Flags, readFlags } from "./command-line.js";
import { addressNamed, senderOf } from "./targets.js";

/** Echo requests that are sent where nobody said how many: the real tool would go on for ever. */
const defaultCount = 3;
/** Echo requests that one command may send: the simulation of more takes longer than anybody waits. */
const mostRequests = 1000;
/** Milliseconds between requests, or of waiting, that can be asked for: a day. */
const longestWait = 86_400_000;
/** Bytes of data in an echo request: ping(8), `-s`. */
const [usualSize, largestSize] = [56, 65_507];
/** How long the last request is waited for where nothing has come back. Source: iputils, `MAXWAIT`. */
const linger = 10_000;

/** What ping says of an unreachable destination, by code of the ICMP error. Source: iputils, `pr_icmph`, `print_icmp`. */
const unreachable4: ReadonlyMap<number, string> = new Map([
  [0, "Destination Net Unreachable"],
  [1, "Destination Host Unreachable"],
  [2, "Destination Protocol Unreachable"],
  [3, "Destination Port Unreachable"],
]);
const unreachable6: ReadonlyMap<number, string> = new Map([
  [0, "Destination unreachable: No route"],
  [1, "Destination unreachable: Administratively prohibited"],
  [3, "Destination unreachable: Address unreachable"],
  [4, "Destination unreachable: Port unreachable"],
]);

/** ping(8) of iputils: `-c`, `-i`, `-I`, `-t`, `-W`, `-s`, `-M`, `-q`. Without `-c` it stops after three. What is sent is never cut into fragments. */
export const ping: Tool = {
  name: "ping",
  on: "everywhere",
  run: (words, where) => {
    const flags = readFlags(words, {
      alone: ["-n", "-q", "-4", "-6", "-b"],
      withValue: ["-c", "-i", "-I", "-t", "-W", "-s", "-M"],
    });
    if ("reason" in flags) return refusal(`ping: ${flags.reason}`);
    const [target] = flags.words;
    if (target === undefined) return refusal("ping needs an address or the name of a server.");
    const address = addressNamed(target, where);
    if (typeof address !== "string") return address;
    const sender = senderOf(where);
    return "kind" in sender ? sender : pingAddress(sender, target, address, flags, where);
  },
};

function pingAddress(sender: Station, target: string, address: Ip, flags: Flags, where: Where): Answer {
  const number = (flag: string, otherwise: number): number => Number(flags.values.get(flag)?.[0] ?? otherwise);
  const [count, interval, patience] = [number("-c", defaultCount), number("-i", 1) * 1000, number("-W", linger / 1000) * 1000];
  if (![count, interval, patience].every((value) => Number.isFinite(value) && value > 0))
    return refusal("ping: a number is expected after -c, -i and -W.");
  if (!Number.isInteger(count) || count > mostRequests) return refusal(`ping: a whole number up to ${mostRequests} is expected after -c.`);
  if (interval > longestWait || patience > longestWait)
    return refusal(`ping: at most ${longestWait / 1000} seconds are expected after -i and -W.`);
  const size = number("-s", usualSize);
  if (!Number.isInteger(size) || size < 0 || size > largestSize) return refusal(`ping: -s takes up to ${largestSize} bytes.`);
  const mtu = flags.values.get("-M")?.[0] === "do" ? narrowDevice(sender, address, size) : undefined;
  if (mtu !== undefined) return printed(tooLong(target, address, size, mtu, count), 1);
  const options = { ...from(flags.values.get("-I")?.[0]), ...(flags.values.has("-t") ? { ttl: number("-t", 64) } : {}) };
  const id = sender.freshId();
  const { world } = where;
  const started = world.clock.now;
  const queries: Query[] = [];
  for (let sequence = 1; sequence <= count; sequence++) {
    const query = sender.ping(address, sequence, id, options);
    queries.push(query);
    const last = sequence === count;
    world.runUntil(() => last && queries.every(({ answers }) => answers.length > 0), last ? waitFor(queries, patience) : interval);
  }
  if (queries.some(isRouteless)) return printed(["ping: connect: Network is unreachable"], 2);
  const moments = queries.flatMap((query) => [query.sent, ...query.answers.map((heard) => heard.time)]);
  const elapsed = Math.round(Math.max(...moments) - started);
  for (const query of queries) sender.forget(query);
  const lines = queries.flatMap((query, index) => query.answers.map((heard) => answerLine(heard, query, { sequence: index + 1, size })));
  const received = queries.flatMap((query) => query.answers.filter((heard) => heard.kind === "reply"));
  const errors = queries.flatMap((query) => query.answers.filter((heard) => heard.kind !== "reply"));
  return printed(
    [
      head(target, address, size),
      ...(flags.values.has("-q") ? [] : lines),
      "",
      `--- ${target} ping statistics ---`,
      summary(count, received.length, errors.length, elapsed),
      ...roundTrips(queries),
      ...pipe(queries),
    ],
    received.length > 0 ? 0 : 1,
  );
}

/** Bytes of the headers of an echo request: IP and ICMP. */
function headers(address: Ip): number {
  return isIpv4(address) ? 28 : 48;
}

function head(target: string, address: Ip, size: number): string {
  return isIpv4(address)
    ? `PING ${target} (${address}) ${size}(${size + headers(address)}) bytes of data.`
    : `PING ${target}(${address}) ${size} data bytes`;
}

/** The MTU of the sender's own device where a request that must stay whole does not fit it. */
function narrowDevice({ stack }: Station, address: Ip, size: number): number | undefined {
  const route = stack.fib.lookup({ source: undefined, destination: address, inDevice: undefined, mark: 0 });
  const device = route.kind === "forward" ? stack.namespace.devices.find(({ name }) => name === route.hop.dev) : undefined;
  return device !== undefined && size + headers(address) > device.mtu ? device.mtu : undefined;
}

/** Source: iputils, `ping4_receive_error_msg`, `ping6_receive_error_msg`. */
function tooLong(target: string, address: Ip, size: number, mtu: number, count: number): readonly string[] {
  const error = `ping: local error: message too long, mtu${isIpv4(address) ? "=" : ": "}${mtu}`;
  return [
    head(target, address, size),
    ...Array.from({ length: count }, () => error),
    "",
    `--- ${target} ping statistics ---`,
    summary(count, 0, count, (count - 1) * 1000),
  ];
}

/** Once a request has been answered, the last waits two round trips, or an interval. Source: iputils, `schedule_exit`. */
function waitFor(queries: readonly Query[], patience: number): number {
  const times = roundTripsOf(queries);
  return times.length === 0 ? patience : Math.max(1000, 2 * Math.max(...times));
}

function from(text: string | undefined): { readonly source?: Ip; readonly outDevice?: string } {
  if (text === undefined) return {};
  const source = parseIp(text);
  return source === undefined ? { outDevice: text } : { source };
}

/** Whether the sender itself has no route. */
export function isRouteless({ answers }: Query): boolean {
  return answers.some((heard) => heard.kind === "unsent" && heard.reason !== "host-unreachable");
}

function hostUnreachable(source: Ip): string {
  return (isIpv4(source) ? unreachable4.get(1) : unreachable6.get(3)) ?? "";
}

function answerLine(heard: Heard, query: Query, { sequence, size }: { readonly sequence: number; readonly size: number }): string {
  // Where no neighbour answers the sender, its own kernel says so.
  if (heard.kind === "unsent") return `From ${query.packet.source} icmp_seq=${sequence} ${hostUnreachable(query.packet.source)}`;
  const { packet } = heard;
  if (heard.kind === "error") return `From ${packet.source} icmp_seq=${sequence} ${errorText(heard)}`;
  return `${size + 8} bytes from ${packet.source}: icmp_seq=${sequence} ttl=${packet.ttl} time=${milliseconds(heard.time - query.sent)} ms`;
}

function errorText(heard: Heard & { readonly kind: "error" }): string {
  const { transport, source } = heard.packet;
  if (transport.kind !== "icmp") return "error";
  const four = isIpv4(source);
  if (transport.type === (four ? icmpType.timeExceeded : icmp6Type.timeExceeded))
    return four ? "Time to live exceeded" : "Time exceeded: Hop limit";
  return (four ? unreachable4 : unreachable6).get(transport.code) ?? "Destination unreachable";
}

function summary(sent: number, received: number, errors: number, elapsed: number): string {
  const loss = Number((((sent - received) / sent) * 100).toFixed(4));
  const failed = errors === 0 ? "" : ` +${errors} errors,`;
  return `${sent} packets transmitted, ${received} received,${failed} ${loss}% packet loss, time ${elapsed}ms`;
}

function roundTripsOf(queries: readonly Query[]): readonly number[] {
  return queries.flatMap((query) => query.answers.filter((heard) => heard.kind === "reply").map((heard) => heard.time - query.sent));
}

function roundTrips(queries: readonly Query[]): readonly string[] {
  const times = roundTripsOf(queries);
  if (times.length === 0) return [];
  const average = times.reduce((sum, time) => sum + time, 0) / times.length;
  const deviation = Math.sqrt(times.reduce((sum, time) => sum + (time - average) ** 2, 0) / times.length);
  return [
    `rtt min/avg/max/mdev = ${[Math.min(...times), average, Math.max(...times), deviation].map((time) => time.toFixed(3)).join("/")} ms`,
  ];
}

/** How many requests were under way at most, where there were several. Source: iputils, `acknowledge`. */
function pipe(queries: readonly Query[]): readonly string[] {
  const underWay = queries.flatMap(({ answers }, index) =>
    answers.map(({ time }) => queries.slice(index).filter(({ sent }) => sent <= time).length),
  );
  const most = Math.max(0, ...underWay);
  return most > 1 ? [`pipe ${most}`] : [];
}

/** A time as ping(8) prints it: three digits that count. */
export function milliseconds(time: number): string {
  return time >= 100 ? time.toFixed(0) : time >= 10 ? time.toFixed(1) : time >= 1 ? time.toFixed(2) : time.toFixed(3);
}
