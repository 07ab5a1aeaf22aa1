import { expect, it } from "vitest";
import { defined } from "../../base/invariant.js";
import type { NetworkDeclaration, RouterDeclaration } from "../../model/topology.js";
import type { Cidr } from "../../net/cidr.js";
import type { Ip } from "../../net/ip.js";
import { findRelease } from "../../releases/index.js";
import {
  emptyDocument,
  floatingIpDeclaration,
  hostDeclaration,
  networkDeclaration,
  routerDeclaration,
  topologyOf,
} from "../../testing/topology.js";
import { resolveTopology } from "../resolve.js";
import { resolveHost } from "./resolve-host.js";

const zed = defined(findRelease("zed"), "zed");
const bridgeMappings = new Map([["ext", "br-ex"]]);
const hosts = [
  hostDeclaration("gate", { agentMode: "dvr_snat", localIp: "192.0.2.1" as Ip, bridgeMappings }),
  hostDeclaration("one", { agentMode: "dvr", localIp: "192.0.2.2" as Ip, bridgeMappings }),
];

const scoped = (key: string | undefined): Partial<NetworkDeclaration> =>
  key === undefined ? {} : { ipv4AddressScope: { key, pointer: `/address_scopes/${key}` } };

/** First letters of the devices of the external scope, in order, on a host: networks a, b and outside are in the scopes named. */
function order(name: string, scopes: readonly (string | undefined)[], router: Partial<RouterDeclaration> = {}): string[] {
  const [a, b, out] = scopes;
  const external = { ...scoped(out), external: true, networkType: "flat", physicalNetwork: "ext" } as const;
  const topology = topologyOf({
    hosts,
    networks: [
      networkDeclaration("a", { s: "10.1.0.0/24" }, scoped(a)),
      networkDeclaration("b", { s: "10.2.0.0/24" }, scoped(b)),
      networkDeclaration("out", { s: { cidr: "198.51.100.0/24" as Cidr, enableDhcp: false } }, external),
    ],
    routers: [routerDeclaration("r", ["a/s", "b/s"], "out", router)],
    servers: { va: { host: "one", networks: ["a"] } },
    floatingIps: [floatingIpDeclaration("f", "va/0", { network: { key: "out", pointer: "/f" } })],
  });
  const [resolution] = resolveTopology(topology, zed, undefined, emptyDocument);
  const [resolved] = resolveHost(defined(resolution, "resolution"), name);
  return (defined(resolved, "host").view.routers[0]?.scopeDeviceOrder ?? []).map((device) => device.slice(0, 3));
}

it("orders the link's device and those inside of the external network's scope", () => {
  expect(order("one", ["in", "all", "all"])).toEqual(["rfp", "qr-"]);
  expect(order("one", ["in", "in", "all"])).toEqual([]);
});

it("orders devices without a scope where the external network has none and a floating IP's machine has", () => {
  expect(order("one", ["in", undefined, undefined])).toEqual(["rfp", "qr-"]);
  expect(order("one", [undefined, "in", undefined])).toEqual([]);
});

it("orders the gateway's device of a centralised router", () => {
  expect(order("gate", ["in", "all", "all"], { distributed: false })).toEqual(["qg-", "qr-"]);
});
