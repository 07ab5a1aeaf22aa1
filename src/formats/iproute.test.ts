import { expect, it } from "vitest";
import type { Route } from "../ir/namespace.js";
import { parseDevices } from "./ip-addr/parse.js";
import { printDevices } from "./ip-addr/print.js";
import { parseNeighbours } from "./ip-neigh/parse.js";
import { byNeighbour, printNeighbour } from "./ip-neigh/print.js";
import { parseRoutes } from "./ip-route/parse.js";
import { byRoute, printRoute } from "./ip-route/print.js";
import { parseIpRules } from "./ip-rule/parse.js";
import { printIpRules } from "./ip-rule/print.js";
import { iproute310, iproute61 } from "./iproute.js";

function routesOf(text: string, version: 4 | 6 = 4): Route[] {
  const { value, problems } = parseRoutes(text, version);
  expect(problems).toEqual([]);
  return value;
}

it("passes over the kernel's own IPv6 routes, whatever a kernel calls them", () => {
  const own = [
    "local 2001:db8:7::1 dev qr-1 table local proto kernel metric 0 pref medium",
    "anycast 2001:db8:7:: dev qr-1 table local proto kernel metric 0 pref medium",
    "ff00::/8 dev qr-1 table local metric 256 pref medium",
    "multicast ff00::/8 dev qr-2 table local proto kernel metric 256 pref medium",
    "",
  ].join("\n");
  expect(routesOf(own, 6)).toEqual([]);
});

it("takes routes with what router advertisements say of them for learnt ones", () => {
  const advertised = [
    "default via fe80::1 dev qg-1 proto ra metric 1024 expires 1797sec mtu 1450 hoplimit 64 pref high",
    "2001:db8:7::/64 dev qg-1 proto kernel metric 256 expires 86397sec pref medium",
    "",
  ].join("\n");
  expect(routesOf(advertised, 6).map(({ destination, protocol }) => [destination, protocol])).toEqual([
    ["default", "ra"],
    ["2001:db8:7::/64", "ra"],
  ]);
});

it.each([
  ["192.0.2.0/24 dev qr-1 proto kernel scope link src 192.0.2.1 ", "192.0.2.0/24 dev qr-1  proto kernel  scope link  src 192.0.2.1 "],
  ["default via 192.0.2.9 dev qr-1 ", "default via 192.0.2.9 dev qr-1 "],
  ["default via 192.0.2.9 dev rfp-1 table 16 ", "default via 192.0.2.9 dev rfp-1  table 16 "],
])("prints the route %s as iproute2 3.10 with two blanks between groups", (newer, older) => {
  const [route] = routesOf(`${newer}\n`);
  expect(route && printRoute(route, 4, iproute61)).toEqual([newer]);
  expect(route && printRoute(route, 4, iproute310)).toEqual([older]);
});

it("does not name the table that alone is shown", () => {
  const [route] = routesOf("default via 192.0.2.9 dev rfp-1 table 16\n");
  expect(route && printRoute(route, 4, iproute310, { showTable: false })).toEqual(["default via 192.0.2.9 dev rfp-1 "]);
});

it("knows who set a route, by any name that a host gives it", () => {
  const text = ["keepalived", "bgp", "186", "static"].map((by) => `default via 192.0.2.1 dev b table 7 proto ${by} \n`).join("");
  expect(routesOf(text).flatMap((route) => printRoute(route, 4))).toEqual(
    text
      .trimEnd()
      .split("\n")
      .map((line) => line.trimEnd()),
  );
  expect(parseRoutes("default dev b proto 1.2\n", 4).problems).toHaveLength(1);
  expect(routesOf("default via 192.0.2.1 dev b proto boot\n")[0]).not.toHaveProperty("protocol");
});

it("prints the hops of a multipath route on lines of their own", () => {
  const text = "198.51.100.0/24 proto static\n\tnexthop via 192.0.2.5 dev qr-1 weight 1\n\tnexthop via 192.0.2.6 dev qr-1 weight 2\n";
  const [route] = routesOf(text);
  expect(route && `${printRoute(route, 4).join("\n")}\n`).toBe(text);
});

it("orders routes by table, main first, then default, then by prefix", () => {
  const lines = [
    "198.51.100.0/24 dev b",
    "default via 192.0.2.1 dev b table 16",
    "9.0.0.0/8 dev b",
    "10.0.0.0/8 dev b table 7",
    "default via 192.0.2.1 dev b",
    "9.0.0.0/8 dev a",
  ];
  const ordered = routesOf(lines.map((line) => `${line}\n`).join("")).sort(byRoute);
  expect(ordered.flatMap((route) => printRoute(route, 4))).toEqual([lines[4], lines[5], lines[2], lines[0], lines[3], lines[1]]);
});

it("prints rules with a tab, and the blank that iproute2 3.10 leaves", () => {
  const text = "32766:\tfrom all lookup main\n57481:\tfrom 192.0.2.12 lookup 16\n";
  const { value } = parseIpRules(text.replace("main", "254"), 4);
  expect(printIpRules(value)).toBe(text);
  expect(printIpRules(value, iproute310)).toBe(text.replaceAll("\n", " \n"));
});

it("prints neighbours with the blank that iproute2 6.1 leaves, by device and address", () => {
  const text = "192.0.2.10 dev qr-1 lladdr fa:16:3e:00:00:0a PERMANENT\n192.0.2.9 dev qr-1 INCOMPLETE\n192.0.2.77 dev a router FAILED\n";
  const ordered = parseNeighbours(text).value.sort(byNeighbour);
  expect(ordered.map((one) => printNeighbour(one, iproute61))).toEqual([
    "192.0.2.77 dev a FAILED ",
    "192.0.2.9 dev qr-1 INCOMPLETE ",
    "192.0.2.10 dev qr-1 lladdr fa:16:3e:00:00:0a PERMANENT ",
  ]);
  expect(ordered[2] && printNeighbour(ordered[2], iproute310)).toBe("192.0.2.10 dev qr-1 lladdr fa:16:3e:00:00:0a PERMANENT");
});

it("prints devices as iproute2 3.10: no group, veths without their peer", () => {
  const text = [
    "2: fpr-1@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000",
    "    link/ether fa:16:3e:00:00:01 brd ff:ff:ff:ff:ff:ff link-netns other",
    "15: fg-1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UNKNOWN group default qlen 1000",
    "    link/ether fa:16:3e:00:00:02 brd ff:ff:ff:ff:ff:ff",
    "",
  ].join("\n");
  const { value, problems } = parseDevices(text, "here");
  expect(problems).toEqual([]);
  const old = printDevices(value, "here", { ...iproute310, datapath: "system" }).split("\n");
  expect(old[0]).toBe("2: fpr-1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc pfifo_fast state UP qlen 1000");
  expect(old[2]).toBe("15: fg-1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UNKNOWN ");
});
