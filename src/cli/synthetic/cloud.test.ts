import { expect, it } from "vitest";
import { parse } from "yaml";
import { syntheticCloud } from "./cloud.js";
import { printCloud } from "./print.js";

it("gives every twenty servers a tenant of its own", () => {
  const { hosts, networks, routers, security_groups: groups } = syntheticCloud({ computeHosts: 20, servers: 45 });
  expect(Object.keys(hosts)).toHaveLength(22);
  expect(Object.keys(networks ?? {})).toHaveLength(1 + 3 * 2);
  expect(Object.keys(routers ?? {})).toHaveLength(3);
  expect(Object.keys(groups ?? {})).toHaveLength(3);
});

it("places servers round robin, ten on each network, and gives every fourth a floating IP", () => {
  const { servers = {} } = syntheticCloud({ computeHosts: 3, servers: 40 });
  const all = Object.values(servers);
  expect(all.slice(0, 4).map(({ host }) => host)).toEqual(["compute-1", "compute-2", "compute-3", "compute-1"]);
  expect(new Set(all.map(({ networks }) => JSON.stringify(networks))).size).toBe(4);
  expect(all[9]?.networks).toEqual(["tenant-1-a"]);
  expect(all[10]?.networks).toEqual(["tenant-1-b"]);
  expect(all.filter((server) => server.floating_ip === true)).toHaveLength(10);
});

it("has a network host where there are less than ten compute hosts, and no tenant without servers", () => {
  const cloud = syntheticCloud({ computeHosts: 1, servers: 0 });
  expect(Object.keys(cloud.hosts)).toEqual(["network-1", "compute-1"]);
  expect(Object.keys(cloud.networks ?? {})).toEqual(["public"]);
});

it("is the same topology in either language", () => {
  const cloud = syntheticCloud({ computeHosts: 12, servers: 30 });
  expect(parse(printCloud(cloud, "yaml"))).toEqual(cloud);
  expect(JSON.parse(printCloud(cloud, "json"))).toEqual(cloud);
});
