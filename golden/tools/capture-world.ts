import { defined } from "../../src/base/invariant.js";
import { loadHostDump } from "../../src/audit/load-dumps.js";
import type { HostState } from "../../src/ir/host-state.js";
import { parseCidr } from "../../src/net/cidr.js";
import { parseMac } from "../../src/net/mac.js";
import { machine, type Machine } from "../../src/virtual/machine.js";
import type { Station } from "../../src/virtual/station.js";
import { World } from "../../src/virtual/world.js";
import { captureDump, captureHosts } from "./captures.js";

/** The upstream router of the captures' external segment: the namespace `internet`, see the captures' README. */
const upstreamAddresses = ["169.254.0.1/24", "172.24.4.1/24", "192.168.100.1/24"];
const upstreamMac = "32:3e:7d:13:ca:78";

/** A world of a capture's hosts as dumped, but cold: nothing learned, no dynamic neighbour, no MAC table. */
export interface CaptureWorld {
  readonly world: World;
  /** A machine by its name in `pings.json`. */
  readonly machine: (name: string) => Station;
}

/** Builds the world of a capture. */
export function captureWorld(capture: string, change: (state: HostState) => HostState = (state) => state): CaptureWorld {
  const states = new Map(captureHosts(capture).map((host) => [host, change(cold(capture, host))]));
  const ports = new Map<string, ReadonlySet<number>>();
  for (const host of states.keys()) for (const [name, listening] of listeners(capture, host)) ports.set(`${host} ${name}`, listening);
  const internet = upstream();
  const world = new World({
    hosts: [...states.keys()],
    hostState: (host) => states.get(host),
    hostOfTunnelAddress: (address) => [...states].find(([, state]) => localIps(state).has(address))?.[0],
    segments: [{ name: "extnet", bridges: [...states.keys()].map((host) => ({ host, bridge: "br-ex" })) }],
    machinesAt: () => [],
    outside: [internet],
    machine: () => undefined,
  });
  for (const [host, state] of states) {
    for (const namespace of state.namespaces.filter(({ name }) => name.startsWith("vm-"))) {
      const station = defined(world.host(host)?.station(namespace.name), namespace.name);
      station.listening = ports.get(`${host} ${namespace.name}`) ?? new Set();
      station.greeting = (peer) => `hello ${peer}`;
    }
  }
  return {
    world,
    machine: (name) => {
      if (name === "internet") return defined(world.machine(name), name);
      const host = [...states].find(([, state]) => state.namespaces.some((each) => each.name === `vm-${name.toLowerCase()}`))?.[0];
      return defined(world.host(host ?? "")?.station(`vm-${name.toLowerCase()}`), name);
    },
  };
}

function cold(capture: string, host: string): HostState {
  const { state } = loadHostDump(host, captureDump(capture, host));
  return {
    ...state,
    bridges: state.bridges.map((bridge) => ({ ...bridge, flows: bridge.flows.filter((flow) => flow.hardTimeout === undefined) })),
    namespaces: state.namespaces.map((namespace) => ({
      ...namespace,
      neighbours: namespace.neighbours.filter((neighbour) => neighbour.state === "PERMANENT"),
    })),
  };
}

function localIps(state: HostState): ReadonlySet<string> {
  return new Set(
    state.bridges.flatMap(({ ports }) => ports.flatMap(({ type }) => (type.kind === "tunnel" ? [type.options["local_ip"] ?? ""] : []))),
  );
}

/** The ports on which the machines of a host listened: the arguments of their servers. */
function listeners(capture: string, host: string): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, ReadonlySet<number>>();
  for (const [path, text] of captureDump(capture, host)) {
    const [, name] = /^(vm-.*)\/processes\.txt$/.exec(path) ?? [];
    const [, ports] = /python3 - ([\d,]+)$/m.exec(text) ?? [];
    if (name !== undefined && ports !== undefined) found.set(name, new Set(ports.split(",").map(Number)));
  }
  return found;
}

function upstream(): Machine {
  return machine(
    "internet",
    [
      {
        name: "eth0",
        mac: defined(parseMac(upstreamMac), "mac"),
        mtu: 1500,
        addresses: upstreamAddresses.map((text) => defined(parseCidr(text), text)),
        gateways: [],
        link: { kind: "segment", segment: "extnet" },
      },
    ],
    "",
  );
}
