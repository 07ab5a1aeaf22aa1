import { expect, it } from "vitest";
import { progressOf } from "./progress.js";

function shown(isTTY: boolean, steps: readonly (readonly [milliseconds: number, host: string])[]): string {
  let stderr = "";
  let time = 0;
  const stream = { isTTY, columns: 80, write: (text: string) => (stderr += text) };
  const progress = progressOf({ stdout: stream, stderr: stream, env: { NO_COLOR: "1" }, cwd: "/" }, 9, () => time);
  steps.forEach(([milliseconds, host], done) => {
    time = milliseconds;
    progress.at(done, host);
  });
  progress.end();
  return stderr;
}

it("tells on a terminal how far a long build is, and wipes the line in the end", () => {
  expect(
    shown(true, [
      [0, "a"],
      [500, "b"],
      [510, "c"],
      [600, "d"],
    ]),
  ).toBe("\r\u001b[Khost 2 of 9 b\r\u001b[Khost 4 of 9 d\r\u001b[K");
});

it("is silent while a build is short, and where there is no terminal", () => {
  expect(
    shown(true, [
      [0, "a"],
      [300, "b"],
    ]),
  ).toBe("");
  expect(
    shown(false, [
      [0, "a"],
      [5000, "b"],
    ]),
  ).toBe("");
});

it("shows no control character of a host's name", () => {
  expect(
    shown(true, [
      [0, "a"],
      [500, "evil\u001b]0;title\u0007"],
    ]),
  ).toBe("\r\u001b[Khost 2 of 9 evil\\u001b]0;title\\u0007\r\u001b[K");
});
