import { expect, it } from "vitest";
import type { Ip } from "../net/ip.js";
import { Conntrack, ctStateBits } from "./conntrack.js";
import { ctFlag } from "./flow-key.js";
import { icmpError } from "./icmp-errors.js";
import { type IpPacket, tcpFlag } from "./packet.js";

const [client, server] = ["192.0.2.1" as Ip, "192.0.2.2" as Ip];

function segment(from: Ip, to: Ip, flags: number, ports: readonly [number, number]): IpPacket {
  const [sourcePort, destinationPort] = ports;
  const transport = { kind: "tcp", sourcePort, destinationPort, flags, text: "" } as const;
  return { kind: "ip", source: from, destination: to, ttl: 64, tos: 0, protocol: 6, transport };
}

const syn = segment(client, server, tcpFlag.syn, [40_000, 80]);
const synAck = segment(server, client, tcpFlag.syn | tcpFlag.ack, [80, 40_000]);

it("calls a connection new until an answer was seen, then established both ways", () => {
  const tracker = new Conntrack();
  const first = tracker.track(syn, 0, 0);
  expect(first.state).toBe("new");
  if (first.connection !== undefined) tracker.confirm(first.connection);
  expect(tracker.track(syn, 0, 1).state).toBe("new");
  const answer = tracker.track(synAck, 0, 2);
  expect([answer.state, answer.direction]).toEqual(["established", "reply"]);
  expect(tracker.track(syn, 0, 3).state).toBe("established");
});

it("remembers only what was confirmed, and keeps zones apart", () => {
  const tracker = new Conntrack();
  const { connection } = tracker.track(syn, 1, 0);
  expect(tracker.track(synAck, 1, 1).state).toBe("invalid");
  if (connection !== undefined) tracker.confirm(connection);
  expect(tracker.track(synAck, 2, 1).state).toBe("invalid");
  expect(tracker.track(synAck, 1, 1).state).toBe("established");
});

it("takes up a connection midway only where that is allowed", () => {
  const midway = segment(client, server, tcpFlag.ack, [40_000, 80]);
  expect(new Conntrack(true).track(midway, 0, 0).state).toBe("new");
  expect(new Conntrack(false).track(midway, 0, 0).state).toBe("invalid");
});

it("relates an error to the connection of the packet that it carries", () => {
  const tracker = new Conntrack();
  const { connection } = tracker.track(syn, 0, 0);
  if (connection !== undefined) tracker.confirm(connection);
  const error = icmpError("port-unreachable", syn, server);
  const tracked = error === undefined ? undefined : tracker.track(error, 0, 1);
  expect([tracked?.state, tracked?.direction]).toEqual(["related", "reply"]);
});

it("forgets a connection after its time", () => {
  const tracker = new Conntrack();
  const { connection } = tracker.track(syn, 0, 0);
  if (connection !== undefined) tracker.confirm(connection);
  expect(tracker.list(119_999)).toHaveLength(1);
  expect(tracker.list(120_000)).toHaveLength(0);
  expect(tracker.track(synAck, 0, 120_000).state).toBe("invalid");
});

it("tells Open vSwitch the state in its own bits", () => {
  const tracker = new Conntrack();
  const first = tracker.track(syn, 0, 0);
  expect(ctStateBits(first)).toBe(ctFlag.trk | ctFlag.new);
  if (first.connection !== undefined) tracker.confirm(first.connection);
  expect(ctStateBits(tracker.track(synAck, 0, 1))).toBe(ctFlag.trk | ctFlag.est | ctFlag.rpl);
});
