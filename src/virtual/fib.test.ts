import { expect, it } from "vitest";
import type { Ip } from "../net/ip.js";
import { deviceOf, namespaceOf } from "../testing/virtual.js";
import { Fib, type RouteQuery } from "./fib.js";

const router = namespaceOf(
  "qrouter-1",
  [deviceOf("qr-a", 2, "02:00:00:00:00:0a", "10.9.0.1/24"), deviceOf("qr-b", 3, "02:00:00:00:00:0b", "10.9.1.1/24")],
  {
    routes: [
      "10.9.0.0/24 dev qr-a proto kernel scope link src 10.9.0.1",
      "10.9.1.0/24 dev qr-b proto kernel scope link src 10.9.1.1",
      "10.9.1.128/25 via 10.9.0.9 dev qr-a",
      "default via 10.9.0.6 dev qr-a table 99",
      "default via 10.9.1.6 dev qr-b table 16",
      "default via 10.9.1.7 dev qr-b table 77",
      "",
    ].join("\n"),
    rules: [
      "0:\tfrom all lookup local",
      "32766:\tfrom all lookup main",
      "40000:\tfrom 10.9.0.5 lookup 16",
      "50000:\tfrom all iif qr-b lookup 77",
      "99:\tfrom all fwmark 0x7/0xf lookup 77",
      "167838977:\tfrom 10.9.0.1/24 lookup 99",
      "",
    ].join("\n"),
  },
);

function nextHop(query: Omit<Partial<RouteQuery>, "destination"> & { readonly destination: string }): string {
  const { destination, ...rest } = query;
  const answer = new Fib(router).lookup({ source: undefined, inDevice: undefined, mark: 0, ...rest, destination: destination as Ip });
  return answer.kind === "forward" ? `${answer.hop.via ?? "link"} ${answer.hop.dev}` : answer.kind;
}

it("finds its own addresses first", () => {
  expect(nextHop({ destination: "10.9.1.1" })).toBe("local");
  expect(nextHop({ destination: "10.9.1.255" })).toBe("local");
});

it("prefers the longest prefix", () => {
  expect(nextHop({ destination: "10.9.1.5" })).toBe("link qr-b");
  expect(nextHop({ destination: "10.9.1.200" })).toBe("10.9.0.9 qr-a");
});

it("asks rules in order of priority, by source, input device and mark", () => {
  expect(nextHop({ destination: "192.0.2.1", source: "10.9.0.5" as Ip })).toBe("10.9.1.6 qr-b");
  expect(nextHop({ destination: "192.0.2.1", source: "10.9.0.8" as Ip })).toBe("10.9.0.6 qr-a");
  expect(nextHop({ destination: "192.0.2.1", source: "10.9.0.8" as Ip, inDevice: "qr-b" })).toBe("10.9.1.7 qr-b");
  expect(nextHop({ destination: "10.9.1.5", mark: 0x17 })).toBe("10.9.1.7 qr-b");
});

it("has no route where no table knows one", () => {
  expect(nextHop({ destination: "192.0.2.1" })).toBe("unreachable");
});

it("answers with the device that a packet must leave by", () => {
  expect(nextHop({ destination: "10.9.1.200", outDevice: "qr-b" })).toBe("link qr-b");
});

it("takes the route's own source, else an address near the next hop", () => {
  const fib = new Fib(router);
  const source = (destination: string, from?: string): string | undefined => {
    const answer = fib.lookup({ source: from as Ip | undefined, destination: destination as Ip, inDevice: undefined, mark: 0 });
    return answer.kind === "forward" ? fib.sourceFor(answer, destination as Ip) : undefined;
  };
  expect(source("10.9.1.5")).toBe("10.9.1.1");
  expect(source("10.9.1.200")).toBe("10.9.0.1");
});

it("takes the first address of a prefix for its own where it routes IPv6, as every router on the link does", () => {
  const devices = [deviceOf("qg-a", 2, "02:00:00:00:00:0a", "2001:db8:1::57/64")];
  const kindOf = (sysctls: Readonly<Record<string, string>>): string =>
    new Fib(namespaceOf("snat-1", devices, { sysctls })).lookup({
      source: undefined,
      destination: "2001:db8:1::" as Ip,
      inDevice: undefined,
      mark: 0,
    }).kind;
  expect(kindOf({ "net.ipv6.conf.all.forwarding": "1" })).toBe("local");
  expect(kindOf({})).toBe("unreachable");
});
