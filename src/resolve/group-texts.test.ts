import { expect, it } from "vitest";
import { GroupTexts } from "./group-texts.js";
import type { Allocation } from "./ledger.js";

const allocation = (value: Allocation["value"], how: Allocation["how"] = "allocated"): Allocation => ({ key: "port/a/mac", value, how });

/** Which of the lists, given one after the other, a build each, have their text made. */
function made(...lists: readonly (readonly Allocation[] | undefined)[]): readonly boolean[] {
  const texts = new GroupTexts();
  return lists.map((from) => {
    texts.begin();
    let asked = false;
    texts.of({ group: "port/", from, entries: () => from ?? [] }, () => {
      asked = true;
      return "";
    });
    return asked;
  });
}

it("makes the text of the same allocations once", () => {
  expect(made([allocation(["x", "y"])], [allocation(["x", "y"])], [allocation(["x", "y"])])).toEqual([true, false, false]);
});

it("makes it again where a value or how it came about is another", () => {
  expect(made([allocation(1)], [allocation(2)], [allocation(2, "pinned")])).toEqual([true, true, true]);
  expect(made([allocation(["x"])], [allocation(["y"])], [])).toEqual([true, true, true]);
});

it("makes it each time where it is of more than allocations", () => {
  expect(made(undefined, undefined)).toEqual([true, true]);
});

it("forgets a text that a build did not ask for", () => {
  const texts = new GroupTexts();
  const group = { group: "port/", from: [allocation(1)], entries: () => [] };
  texts.of(group, () => "first");
  texts.begin();
  texts.begin();
  expect(texts.of(group, () => "second")).toBe("second");
});
