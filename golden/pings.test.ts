import { expect, it } from "vitest";
import { defined } from "../src/base/invariant.js";
import { parseIp } from "../src/net/ip.js";
import { rootOf, type TrailStep } from "../src/virtual/trail.js";
import { captureFile, captureNames } from "./tools/captures.js";
import { captureWorld, type CaptureWorld } from "./tools/capture-world.js";

interface Check {
  readonly source: string;
  readonly target: string;
  readonly ok: boolean;
  readonly output: string;
}

function checksOf(capture: string): readonly Check[] {
  return JSON.parse(captureFile(capture, "pings.json")) as readonly Check[];
}

/** What a captured check shows: the answers' time to live, or the server's words, or that it is open, or nothing. */
function captured(check: Check): string {
  const [, ttl] = / ttl=(\d+) /.exec(check.output) ?? [];
  const [, greeting] = /^OPEN (.*)$/m.exec(check.output) ?? [];
  if (ttl !== undefined) return `ttl ${ttl}`;
  return greeting ?? (isOpen.test(check.output) ? "open" : "no answer");
}

/** What `nc -z` says, which hears no greeting. */
const isOpen = /^Connection to .* succeeded!$/m;

/** The same check on the simulated hosts. */
function simulated({ world, machine }: CaptureWorld, { source, target }: Check): string {
  const [address = "", port] = target.split(" tcp/");
  const ip = defined(parseIp(address), address);
  const station = machine(source);
  if (port === undefined) {
    const query = station.ping(ip, 1, station.freshId());
    world.runUntil(() => query.answers.length > 0, 5000);
    const [answer] = query.answers;
    return answer?.kind === "reply" ? `ttl ${answer.packet.ttl}` : "no answer";
  }
  const query = station.connect(ip, Number(port), station.freshPort());
  const greeting = (): string | undefined =>
    query.answers
      .flatMap((answer) => (answer.kind === "reply" && answer.packet.transport.kind === "tcp" ? [answer.packet.transport.text] : []))
      .find((text) => text !== "");
  world.runUntil(() => greeting() !== undefined, 5000);
  return greeting() ?? "no answer";
}

/** The same as far as the captured check tells it. */
function simulatedAs(world: CaptureWorld, check: Check): string {
  const found = simulated(world, check);
  return isOpen.test(check.output) && found.startsWith("hello ") ? "open" : found;
}

for (const capture of captureNames()) {
  it(`answers the pings and connections of ${capture} as its machines did`, () => {
    const checks = checksOf(capture);
    const world = captureWorld(capture);
    const results = checks.map((check) => `${check.source} ${check.target}: ${simulatedAs(world, check)}`);
    expect(results).toEqual(checks.map((check) => `${check.source} ${check.target}: ${captured(check)}`));
  });
}

/** Where a packet ended, in words: the last two tables on a bridge, or what a namespace did with it. */
function endOf(world: CaptureWorld, check: Check): string {
  const steps: TrailStep[] = [];
  const ends: string[] = [];
  const stop = world.world.trail.listen((span, step) => {
    if (/^(arp|nd)/.test(rootOf(span).subject)) return;
    steps.push(step);
    if (step.ending !== "dropped") return;
    const tables = steps.flatMap(({ decision, place }) =>
      decision?.kind === "flow" && place.name === step.place.name ? [decision.table] : [],
    );
    const end = step.place.kind === "bridge" && tables.length > 0 ? tables.slice(-2).join(" then ") : step.effect;
    ends.push(`${step.place.host ?? "outside"} ${step.place.name} ${end}`);
  });
  expect(simulated(world, check)).toBe("no answer");
  stop();
  return [...new Set(ends)].join(", ");
}

/** The tables are those in which the captured traces of the same packets end; VM7's router has no SNAT, so that nobody outside can answer. */
const blocked: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  S1: { "internet 169.254.0.55 tcp/80": "compute-2 br-int 82 then 93", "VM1 10.0.1.4 tcp/80": "compute-3 br-int 82 then 93" },
  "2025.1-S1": { "internet 169.254.0.55 tcp/80": "compute-2 br-int 82 then 93", "VM1 10.0.1.4 tcp/80": "compute-3 br-int 82 then 93" },
  // What is sent to a port that was switched off arrives; its own requests do not. Ports without a tag get copies of what is flooded, with one.
  "2025.1-hybrid": {
    "VM1 10.2.0.247 tcp/5001": "compute-2 qbr2bd0fef7-1b drop, compute-3 qbre59560f8-9f drop",
    "VM1 10.2.0.54": "compute-2 qbr2bd0fef7-1b drop, network-1 br-int 0 then 1, compute-3 br-int 0 then 1",
    "VM5 10.2.0.29 tcp/80": "compute-3 qbre59560f8-9f drop, compute-3 qbr05fa3276-7a drop, compute-2 qbr4d35d1f3-f4 drop",
  },
  "2025.1-switched-off": {
    "VM1 10.2.0.45":
      "compute-2 vm-vm-never no device for the VLAN tag, compute-2 vm-vm-never-d no device for the VLAN tag, compute-2 vm-vm-cut 10.2.0.1 does not answer on tapd4177198-c7",
    "VM5 10.1.0.19": "outside vm-vm5 10.1.0.19 does not answer on eth-73de8071-3a",
    "internet 169.254.0.61": "compute-2 vm-vm-cut 10.2.0.1 does not answer on tapd4177198-c7",
  },
  S2: { "internet 169.254.0.55 tcp/80": "compute-2 br-int 82 then 93", "VM1 10.0.1.4 tcp/80": "compute-3 br-int 82 then 93" },
  S3: {
    "VM4 10.2.0.13": "compute-3 br-int 82 then 93",
    "VM7 169.254.0.1": "outside internet no route to 10.4.0.17",
    "internet 169.254.0.62": "compute-3 br-int 82 then 93",
    "VM1 169.254.0.62": "compute-3 br-int 82 then 93",
    "internet 169.254.0.60 tcp/8005": "compute-2 br-int 82 then 93",
    "VM5 10.2.0.13 tcp/3306": "compute-3 br-int 82 then 93",
    "VM2 10.1.0.11 tcp/9000": "compute-2 br-int 82 then 93",
  },
  "zed-address-groups": {
    "VM1 10.2.0.106": "compute-2 br-int 82 then 93",
    "VM1 10.2.0.60 tcp/5001": "compute-3 br-int 82 then 93",
  },
  "zed-dual-stack": {
    "VM1 2001:db8:1:0:f816:3eff:fe98:5b6f tcp/8080": "compute-3 br-int 82 then 93",
    "VM3 2001:db8:2::10b tcp/80": "compute-2 br-int 82 then 93",
  },
  "zed-groups": {
    "VM1 10.2.0.124": "compute-2 br-int 82 then 93",
    "VM1 10.2.0.216 tcp/5001": "compute-3 br-int 82 then 93",
    "VM5 10.2.0.249 tcp/80": "compute-2 br-int 82 then 93",
  },
  // Bridges do not know yet where the target is: copies go to others, too, and end there.
  "zed-hybrid": {
    "VM1 10.2.0.146 tcp/5001": "compute-2 qbre68d6400-7c drop, compute-2 qbr54095c19-3a drop, compute-3 qbrc9fcf135-ca drop",
    "VM1 10.2.0.84": "compute-2 qbre68d6400-7c drop, compute-2 qbr54095c19-3a drop, network-1 br-int 0 then 1, compute-3 br-int 0 then 1",
    "VM5 10.2.0.47 tcp/80": "compute-3 qbrc9fcf135-ca drop, compute-3 qbr0f78af6d-9c drop, compute-2 qbr994c07a3-a9 drop",
  },
  "zed-hybrid-address-groups": {
    "VM1 10.2.0.45": "compute-2 qbre05e4e23-52 drop, network-1 br-int 0 then 1, compute-3 br-int 0 then 1",
    "VM1 10.2.0.5 tcp/5001": "compute-2 qbre05e4e23-52 drop, compute-3 qbr6be9cc5e-08 drop",
    "VM5 10.2.0.73 tcp/80": "compute-3 qbr6be9cc5e-08 drop, compute-3 qbra51a1053-99 drop, compute-2 qbr00ccbb09-46 drop",
  },
  "zed-vlan": { "VM4 10.11.0.223 tcp/80": "compute-3 br-int 82 then 93" },
};

it("blocks by the same table what the captured machines could not reach", () => {
  const found = Object.fromEntries(
    captureNames().flatMap((capture) => {
      const world = captureWorld(capture);
      const ends = checksOf(capture).flatMap((check) =>
        check.ok ? [] : [[`${check.source} ${check.target}`, endOf(world, check)] as const],
      );
      return ends.length === 0 ? [] : [[capture, Object.fromEntries(ends)] as const];
    }),
  );
  expect(found).toEqual(blocked);
});
