import { expect, it } from "vitest";
import type { Ip } from "../net/ip.js";
import { tablesOf } from "../testing/virtual.js";
import { Clock } from "./clock.js";
import { Conntrack } from "./conntrack.js";
import { icmpError } from "./icmp-errors.js";
import type { HookPacket } from "./iptables-match.js";
import { Netfilter } from "./netfilter.js";
import type { IpPacket } from "./packet.js";

const [inside, outside, floating] = ["10.9.0.5" as Ip, "192.0.2.9" as Ip, "198.51.100.7" as Ip];

function datagram(source: Ip, destination: Ip, ports: readonly [number, number] = [4000, 53]): IpPacket {
  const [sourcePort, destinationPort] = ports;
  return {
    kind: "ip",
    source,
    destination,
    ttl: 64,
    tos: 0,
    protocol: 17,
    transport: { kind: "udp", sourcePort, destinationPort, text: "" },
  };
}

function at(packet: IpPacket, inDevice?: string, outDevice?: string): HookPacket {
  return { packet, mark: 0, tracked: undefined, inDevice, outDevice, zone: 0 };
}

function filter(text: string): Netfilter {
  return new Netfilter({ four: tablesOf(text), six: [], sets: [] }, new Conntrack(), new Clock());
}

/** Takes a packet through a router: in by one device, out by another. Undefined where it is dropped. */
function forward(netfilter: Netfilter, packet: IpPacket, inDevice: string, outDevice: string): IpPacket | undefined {
  const inward = at(packet, inDevice);
  if (!netfilter.run("PREROUTING", inward).accepted) return undefined;
  const out = { ...inward, outDevice };
  const passed = netfilter.run("FORWARD", out).accepted && netfilter.run("POSTROUTING", out).accepted;
  return passed ? out.packet : undefined;
}

const natTables = `*nat
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A PREROUTING -d ${floating}/32 -i out -j DNAT --to-destination ${inside}
-A POSTROUTING -s ${inside}/32 -o out -j SNAT --to-source ${floating}
COMMIT
`;

it("translates the destination, and takes it back in answers", () => {
  const netfilter = filter(natTables);
  expect(forward(netfilter, datagram(outside, floating), "out", "in")?.destination).toBe(inside);
  const answer = forward(netfilter, datagram(inside, outside, [53, 4000]), "in", "out");
  expect([answer?.source, answer?.destination]).toEqual([floating, outside]);
});

it("translates the source once, for all packets of a connection", () => {
  const netfilter = filter(natTables);
  expect(forward(netfilter, datagram(inside, outside), "in", "out")?.source).toBe(floating);
  expect(forward(netfilter, datagram(outside, floating, [53, 4000]), "out", "in")?.destination).toBe(inside);
  expect(forward(netfilter, datagram(inside, outside), "in", "out")?.source).toBe(floating);
});

it("chooses another port where two connections would look alike behind the translation", () => {
  const tables = natTables.replace(`-s ${inside}/32 `, "");
  const netfilter = filter(tables);
  const ports = (["10.9.0.5", "10.9.0.6"] as Ip[]).map((source) => {
    const packet = forward(netfilter, datagram(source, outside), "in", "out");
    return packet?.transport.kind === "udp" ? packet.transport.sourcePort : undefined;
  });
  expect(ports).toEqual([4000, 4001]);
});

it("translates an error and the packet inside of it", () => {
  const netfilter = filter(natTables);
  const sent = forward(netfilter, datagram(inside, outside), "in", "out");
  const error = sent === undefined ? undefined : icmpError("host-unreachable", sent, "192.0.2.254" as Ip);
  const back = error === undefined ? undefined : forward(netfilter, error, "out", "in");
  expect(back?.destination).toBe(inside);
  expect(back?.transport.kind === "icmp" ? back.transport.original?.source : undefined).toBe(inside);
});

it("asks mangle before nat, and marks only under the mask", () => {
  const netfilter = filter(`*mangle
:PREROUTING ACCEPT [0:0]
:scope - [0:0]
-A PREROUTING -j scope
-A scope -i in -j MARK --set-xmark 0x4000000/0xffff0000
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
-A PREROUTING -m mark --mark 0x4000000/0xffff0000 -j DNAT --to-destination ${inside}
COMMIT
`);
  const packet = { ...at(datagram(outside, floating), "in"), mark: 0x1 };
  netfilter.run("PREROUTING", packet);
  expect(packet.mark).toBe(0x4000001);
  expect(packet.packet.destination).toBe(inside);
});

it("leaves untracked what raw takes out, so that nothing is translated", () => {
  const netfilter = filter(`*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -j CT --notrack\nCOMMIT\n${natTables}`);
  const packet = at(datagram(outside, floating), "out");
  netfilter.run("PREROUTING", packet);
  expect([packet.tracked, packet.packet.destination]).toEqual(["untracked", floating]);
});

it("saves a mark to the connection and restores it for its answers", () => {
  const netfilter = filter(`*mangle
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A PREROUTING -m connmark ! --mark 0x0/0xffff0000 -j CONNMARK --restore-mark --nfmask 0xffff0000 --ctmask 0xffff0000
-A PREROUTING -i in -j MARK --set-xmark 0x70000/0xffff0000
-A POSTROUTING -o out -j CONNMARK --save-mark --nfmask 0xffff0000 --ctmask 0xffff0000
COMMIT
`);
  forward(netfilter, datagram(inside, outside), "in", "out");
  const answer = at(datagram(outside, inside, [53, 4000]), "out");
  netfilter.run("PREROUTING", answer);
  expect(answer.mark).toBe(0x70000);
});

it("says which rule, or which policy, dropped a packet", () => {
  const netfilter = filter(`*filter
:FORWARD DROP [0:0]
:deny - [0:0]
-A FORWARD -p udp -m udp --dport 53 -j deny
-A FORWARD -p udp -m udp --dport 54 -j ACCEPT
-A deny -s ${inside}/32 -j DROP
-A deny -j RETURN
COMMIT
`);
  const decide = (source: Ip, port: number) => netfilter.run("FORWARD", at(datagram(source, outside, [1, port]), "in", "out"));
  expect(decide(inside, 53).decisions.at(-1)?.decision).toMatchObject({ kind: "iptables", chain: "deny" });
  expect(decide(outside, 53).decisions.at(-1)?.decision).toMatchObject({ kind: "policy", chain: "FORWARD" });
  expect(decide(inside, 54).accepted).toBe(true);
});
