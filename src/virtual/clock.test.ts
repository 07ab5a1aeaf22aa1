import { expect, it } from "vitest";
import { Clock } from "./clock.js";

it("does what is due in order of time, then of entry", () => {
  const clock = new Clock();
  const done: string[] = [];
  clock.after(20, () => done.push("late"));
  clock.after(10, () => done.push("first"));
  clock.after(10, () => {
    done.push("second");
    clock.after(0, () => done.push("at once"));
  });
  clock.runUntil(10);
  expect(done).toEqual(["first", "second", "at once"]);
  expect(clock.now).toBe(10);
  clock.runUntil(100);
  expect(done.at(-1)).toBe("late");
  expect(clock.now).toBe(100);
});

it("keeps the order of many entries", () => {
  const clock = new Clock();
  const done: number[] = [];
  for (let n = 0; n < 500; n++) clock.after((n * 7919) % 101, () => done.push(clock.now));
  clock.runUntil(1000);
  expect(done).toEqual([...done].sort((a, b) => a - b));
  expect(done).toHaveLength(500);
});
