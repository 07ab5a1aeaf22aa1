import { expect, it } from "vitest";
import { Scratch } from "./scratch.js";

it("joins texts and bytes to their UTF-8, whatever was there before", () => {
  const scratch = new Scratch();
  scratch.join(["a longer text that was there before"]);
  expect(scratch.join(["bräu ", Buffer.from("€"), "", "\u{1f980}"]).toString("utf8")).toBe("bräu €\u{1f980}");
  expect(scratch.join([]).length).toBe(0);
});

it("uses its memory again for as long as it is enough", () => {
  const scratch = new Scratch();
  const first = scratch.join(["x".repeat(1000)]);
  expect(scratch.join(["y".repeat(900)]).buffer).toBe(first.buffer);
  expect(scratch.join(["z".repeat(5000)]).buffer).not.toBe(first.buffer);
});
