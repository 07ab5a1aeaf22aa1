import { expect, it } from "vitest";
import { defined } from "../src/base/invariant.js";
import { parseIp } from "../src/net/ip.js";
import { macFromNumber, parseMac } from "../src/net/mac.js";
import { captureDump, capturedMacs, captureFile, captureHosts, captureNames } from "./tools/captures.js";
import { captureWorld, type CaptureWorld } from "./tools/capture-world.js";

/** MACs that the Networking API knows: of the others, bridges' and the underlay's, no artefact tells. */
function apiMacs(capture: string): ReadonlySet<string> {
  const answer = JSON.parse(captureFile(capture, "api", "ports.json")) as { readonly ports: readonly { readonly mac_address: string }[] };
  return new Set(answer.ports.map((port) => defined(parseMac(port.mac_address), port.mac_address)));
}

function runTraffic(capture: string, { world, machine }: CaptureWorld): void {
  for (const { source, target } of JSON.parse(captureFile(capture, "pings.json")) as readonly {
    readonly source: string;
    readonly target: string;
  }[]) {
    const [address = "", port] = target.split(" tcp/");
    const ip = defined(parseIp(address), address);
    const station = machine(source);
    const query = port === undefined ? station.ping(ip, 1, station.freshId()) : station.connect(ip, Number(port), station.freshPort());
    world.runUntil(() => query.answers.length > 0, 1000);
  }
}

/** `host bridge port vlan mac` of all entries that the API knows the MAC of. */
function learned(capture: string, { world }: CaptureWorld, known: ReadonlySet<string>): readonly string[] {
  return captureHosts(capture).flatMap((host) =>
    [...(world.host(host)?.bridges.values() ?? [])].flatMap((bridge) =>
      bridge.macs
        .entries(world.clock.now)
        .map(({ port, vlan, mac }) => ({ port, vlan, mac: macFromNumber(mac) }))
        .filter(({ mac }) => known.has(mac))
        .map(({ port, vlan, mac }) => `${host} ${bridge.name} ${port} ${vlan} ${mac}`),
    ),
  );
}

function capturedEntries(capture: string, known: ReadonlySet<string>): readonly string[] {
  return captureHosts(capture).flatMap((host) => {
    const dump = captureDump(capture, host);
    const bridges = [...dump.keys()].flatMap((path) => /^(.*)\.fdb$/.exec(path)?.[1] ?? []);
    return bridges.flatMap((bridge) =>
      capturedMacs(dump, bridge)
        .filter(({ mac }) => known.has(macFromNumber(mac)))
        .map(({ port, vlan, mac }) => `${host} ${bridge} ${port} ${vlan} ${macFromNumber(mac)}`),
    );
  });
}

for (const capture of captureNames()) {
  it(`learns from the traffic of ${capture} only what its bridges learned`, () => {
    const known = apiMacs(capture);
    const world = captureWorld(capture);
    runTraffic(capture, world);
    const entries = new Set(capturedEntries(capture, known));
    expect(learned(capture, world, known).filter((entry) => !entries.has(entry))).toEqual([]);
  });

  it(`learns all that the bridges of ${capture} learned, once devices have announced themselves`, () => {
    const known = apiMacs(capture);
    const world = captureWorld(capture);
    world.world.announce();
    world.world.wait(1000);
    runTraffic(capture, world);
    const entries = new Set(learned(capture, world, known));
    expect(capturedEntries(capture, known).filter((entry) => !entries.has(entry))).toEqual([]);
  });
}
