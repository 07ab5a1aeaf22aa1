import { expect, it } from "vitest";
import type { Ip } from "../net/ip.js";
import type { Mac } from "../net/mac.js";
import { madeUp } from "../testing/virtual.js";
import { Clock } from "./clock.js";
import { NeighbourTable } from "./neighbour-table.js";

const [ip, lladdr] = ["192.0.2.1" as Ip, "02:00:00:00:00:01" as Mac];

function table(): {
  readonly clock: Clock;
  readonly neighbours: NeighbourTable;
  readonly asked: (Mac | undefined)[];
  readonly events: string[];
  readonly use: () => void;
} {
  const clock = new Clock();
  const asked: (Mac | undefined)[] = [];
  const events: string[] = [];
  const neighbours = new NeighbourTable([], clock, (_dev, _ip, known) => asked.push(known));
  const use = (): void => neighbours.resolve("eth0", ip, { send: (to) => events.push(`sent ${to}`), fail: () => events.push("failed") });
  return { clock, neighbours, asked, events, use };
}

function stateOf(neighbours: NeighbourTable): string | undefined {
  return neighbours.entries()[0]?.state;
}

it("asks three times, a second apart, then gives up", () => {
  const { clock, neighbours, asked, events, use } = table();
  use();
  clock.runUntil(2999);
  expect([asked.length, events.length, stateOf(neighbours)]).toEqual([3, 0, "INCOMPLETE"]);
  clock.runUntil(3000);
  expect([events, stateOf(neighbours)]).toEqual([["failed"], "FAILED"]);
});

it("sends what waited once the neighbour answers", () => {
  const { neighbours, events, use } = table();
  use();
  use();
  neighbours.answered("eth0", ip, lladdr, true);
  expect([events, stateOf(neighbours)]).toEqual([[`sent ${lladdr}`, `sent ${lladdr}`], "REACHABLE"]);
});

it("goes stale without use, is delayed when used again, then asks the neighbour itself", () => {
  const { clock, neighbours, asked, use } = table();
  use();
  neighbours.answered("eth0", ip, lladdr, true);
  clock.runUntil(40_000);
  expect(stateOf(neighbours)).toBe("STALE");
  use();
  expect(stateOf(neighbours)).toBe("DELAY");
  clock.runUntil(45_000);
  expect([stateOf(neighbours), asked.at(-1)]).toEqual(["PROBE", lladdr]);
  neighbours.answered("eth0", ip, lladdr, true);
  expect(stateOf(neighbours)).toBe("REACHABLE");
});

it("notes who asks as stale, and does not learn from answers that nobody waited for", () => {
  const { neighbours } = table();
  neighbours.answered("eth0", ip, lladdr, true);
  expect(neighbours.entries()).toEqual([]);
  neighbours.heard("eth0", ip, lladdr);
  expect(stateOf(neighbours)).toBe("STALE");
});

it("never changes a permanent entry", () => {
  const clock = new Clock();
  const neighbours = new NeighbourTable([{ ip, dev: "eth0", lladdr, state: "PERMANENT", origin: madeUp }], clock, () => undefined);
  neighbours.heard("eth0", ip, "02:00:00:00:00:99" as Mac);
  neighbours.answered("eth0", ip, "02:00:00:00:00:99" as Mac, true);
  expect(neighbours.entries()).toMatchObject([{ lladdr, state: "PERMANENT" }]);
});

it("believes the first of several who answer at once, and another one later", () => {
  const { clock, neighbours, use } = table();
  const second = "02:00:00:00:00:99" as Mac;
  use();
  neighbours.answered("eth0", ip, lladdr, true);
  clock.runUntil(10);
  neighbours.answered("eth0", ip, second, true);
  expect(neighbours.entries()).toMatchObject([{ lladdr }]);
  clock.runUntil(2000);
  neighbours.answered("eth0", ip, second, true);
  expect(neighbours.entries()).toMatchObject([{ lladdr: second }]);
});

it("doubts an answer that another contradicts without overriding it, and does not change it", () => {
  const { neighbours } = table();
  const router = "2001:db8::" as Ip;
  neighbours.resolve("eth0", router, { send: () => undefined, fail: () => undefined });
  neighbours.answered("eth0", router, lladdr, true);
  neighbours.answered("eth0", router, "02:00:00:00:00:99" as Mac, true, false);
  expect(neighbours.entries()).toMatchObject([{ lladdr, state: "STALE" }]);
});

it("takes an answer that overrides none where there is no other", () => {
  const { neighbours, use } = table();
  use();
  neighbours.answered("eth0", ip, lladdr, true, false);
  expect(neighbours.entries()).toMatchObject([{ lladdr, state: "REACHABLE" }]);
});
