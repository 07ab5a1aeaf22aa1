import { expect, it } from "vitest";
import type { HostState } from "../ir/host-state.js";
import type { Cidr } from "../net/cidr.js";
import type { Ip } from "../net/ip.js";
import type { Mac } from "../net/mac.js";
import { bridgeOf, deviceOf, namespaceOf, portOf } from "../testing/virtual.js";
import { machine, type Machine } from "./machine.js";
import { walk } from "./walk.js";
import { World, type WorldOptions } from "./world.js";

/** A switch with a tunnel to each other host, and servers on it. */
function hostState(
  name: string,
  tunnels: readonly (readonly [ofport: number, remote: string])[],
  local: string,
  extra: Partial<HostState> = {},
): HostState {
  const ports = tunnels.map(([ofport, remote]) =>
    portOf(ofport, `vxlan-${remote}`, {
      type: { kind: "tunnel", type: "vxlan", options: { local_ip: local }, remoteIp: remote as Ip },
    }),
  );
  const outputs = tunnels.map(([ofport]) => `output:${ofport}`).join(",");
  const bridge = bridgeOf(
    "br-int",
    [portOf(1, "tap1", { type: { kind: "system" } }), portOf(2, "qr-1"), ...ports],
    `priority=2,in_port=1 actions=set_field:0x7->tun_id,${outputs === "" ? "" : `${outputs},`}output:2`,
    `priority=2,in_port=2 actions=output:1`,
    "priority=1,tun_id=0x7 actions=output:1",
  );
  return { host: name, bridges: [bridge], namespaces: [], root: undefined, ipSets: [], ...extra };
}

function server(name: string, host: string, address: string, mac: string, gateway?: string): Machine {
  const device = {
    name: "eth0",
    mac: mac as Mac,
    mtu: 1500,
    addresses: [`${address}/24` as Cidr],
    gateways: gateway === undefined ? [] : [gateway as Ip],
    link: { kind: "port" as const, host, port: "tap1" },
  };
  return machine(name, [device], "");
}

const servers = [
  server("a", "left", "10.9.0.1", "02:00:00:00:00:01", "10.9.0.254"),
  server("b", "middle", "10.9.0.2", "02:00:00:00:00:02"),
  server("c", "right", "10.9.0.3", "02:00:00:00:00:03"),
];

function threeHosts(options: WorldOptions = {}): World {
  const router = namespaceOf("qrouter-1", [deviceOf("qr-1", 5, "02:00:00:00:00:fe", "10.9.0.254/24")], {
    routes: "10.9.0.0/24 dev qr-1 proto kernel scope link src 10.9.0.254\n",
    sysctls: { "net.ipv4.ip_forward": "1" },
  });
  const states = new Map([
    [
      "left",
      hostState(
        "left",
        [
          [3, "192.0.2.2"],
          [4, "192.0.2.3"],
        ],
        "192.0.2.1",
        { namespaces: [router] },
      ),
    ],
    ["middle", hostState("middle", [[3, "192.0.2.1"]], "192.0.2.2")],
    ["right", hostState("right", [[3, "192.0.2.1"]], "192.0.2.3")],
  ]);
  const owners = new Map([
    ["10.9.0.2", "middle"],
    ["10.9.0.3", "right"],
  ]);
  return new World(
    {
      hosts: [...states.keys()],
      hostState: (host) => states.get(host),
      hostOfTunnelAddress: (address) => ({ "192.0.2.1": "left", "192.0.2.2": "middle", "192.0.2.3": "right" })[address as string],
      segments: [],
      machinesAt: (host) => servers.filter(({ links }) => [...links.values()].some((link) => link.kind === "port" && link.host === host)),
      outside: [],
      machine: (name) => servers.find((each) => each.name === name),
      likelyHost: (address) => owners.get(address),
    },
    options,
  );
}

function from(world: World, name: string): NonNullable<ReturnType<World["machine"]>> {
  const station = world.machine(name);
  if (station === undefined) throw new Error(name);
  return station;
}

it("carries a packet through a tunnel and its answer back", () => {
  const world = threeHosts();
  // Only what comes out of a tunnel gets to a server here, so the answer needs the way of the tunnel too.
  const result = walk(world, from(world, "a"), "10.9.0.2" as Ip, { protocol: "icmp" });
  expect(result.there.delivered).toBe(true);
  expect(result.delivered).toBe(true);
  expect(result.there.steps.map(({ place }) => `${place.host ?? ""} ${place.name}`)).toContain("left vxlan-192.0.2.2");
});

it("wakes only the host that a packet is for, and all where nobody knows", () => {
  const world = threeHosts({ lazy: true });
  walk(world, from(world, "a"), "10.9.0.3" as Ip, { protocol: "icmp" });
  expect([...world.visited].sort()).toEqual(["left", "right"]);
  const searching = threeHosts({ lazy: true });
  walk(searching, from(searching, "a"), "10.9.0.77" as Ip, { protocol: "icmp" });
  expect([...searching.visited].sort()).toEqual(["left", "middle", "right"]);
});

it("answers a ping of the router's address, and tells of time to live and of missing routes", () => {
  const world = threeHosts();
  const a = from(world, "a");
  expect(walk(world, a, "10.9.0.254" as Ip, { protocol: "icmp" }).delivered).toBe(true);
  const noRoute = walk(world, a, "203.0.113.1" as Ip, { protocol: "icmp" });
  expect([noRoute.delivered, noRoute.there.steps.at(-1)?.effect]).toEqual([false, "no route to 203.0.113.1"]);
  const expired = a.ping("10.9.0.254" as Ip, 1, 77, { ttl: 1 });
  world.runUntil(() => expired.answers.length > 0, 1000);
  expect(expired.answers[0]?.kind).toBe("reply");
});

it("refuses a connection to a port that does not listen, and times out where nobody answers", () => {
  const world = threeHosts({ listening: new Set([22]) });
  const a = from(world, "a");
  expect(walk(world, a, "10.9.0.2" as Ip, { protocol: "tcp", port: 22 })).toMatchObject({ delivered: true, refused: false });
  expect(walk(world, a, "10.9.0.2" as Ip, { protocol: "tcp", port: 23 })).toMatchObject({ refused: true });
  expect(walk(world, a, "10.9.0.99" as Ip, { protocol: "tcp", port: 22 })).toMatchObject({ delivered: false });
});

it("runs the same scene twice with the same outcome", () => {
  const story = (): string => {
    const world = threeHosts();
    const lines: string[] = [];
    world.trail.listen((span, step) => lines.push(`${step.time} ${span.id} ${step.place.name} ${step.effect}`));
    walk(world, from(world, "a"), "10.9.0.2" as Ip, { protocol: "icmp" });
    return lines.join("\n");
  };
  expect(story()).toBe(story());
});
