import fc from "fast-check";
import { expect, it } from "vitest";
import { GroupTexts, type LineForm } from "./group-texts.js";
import type { Allocation } from "./ledger.js";

const allocation = (key: number | string, value: Allocation["value"], how: Allocation["how"] = "allocated"): Allocation => ({
  key: `port/${key}`,
  value,
  how,
});

/** Notes what is printed. */
function formOf(printed: string[]): LineForm {
  return {
    line({ key, value, how }) {
      if (how === "pinned") return undefined;
      printed.push(key);
      return `${key}=${JSON.stringify(value)}`;
    },
    between: "; ",
  };
}

/** The text of each of the lists, given one after the other, a build each, with the keys that were printed for it. */
function texts(
  ...lists: readonly (readonly Allocation[] | undefined)[]
): readonly { text: string | undefined; printed: readonly string[] }[] {
  const printed: string[] = [];
  const all = new GroupTexts(formOf(printed));
  return lists.map((from) => {
    all.begin();
    const text = all.of({ group: "port/", from, entries: () => [] });
    return { text, printed: printed.splice(0) };
  });
}

it("prints the same allocations once", () => {
  const [first, second, third] = texts([allocation("a", ["x", "y"])], [allocation("a", ["x", "y"])], [allocation("a", ["x", "y"])]);
  expect(first).toEqual({ text: 'port/a=["x","y"]', printed: ["port/a"] });
  expect([second, third]).toEqual([
    { text: 'port/a=["x","y"]', printed: [] },
    { text: 'port/a=["x","y"]', printed: [] },
  ]);
});

it("prints what is new or has another value alone, each at its place", () => {
  const [, second, third] = texts(
    [allocation("d", 1), allocation("b", 2), allocation("c", 3)],
    [allocation("d", 1), allocation("a", 4), allocation("b", 5), allocation("c", 3)],
    [allocation("d", 1), allocation("a", 4), allocation("c", 3, "pinned")],
  );
  expect(second).toEqual({ text: "port/a=4; port/b=5; port/c=3; port/d=1", printed: ["port/a", "port/b"] });
  expect(third).toEqual({ text: "port/a=4; port/d=1", printed: [] });
});

it("prints no more where what was new is declared among the others in the next build", () => {
  const declared = Array.from({ length: 200 }, (_, at) => allocation(at, at));
  const first = [...declared, allocation("new", 1), ...declared.map(({ value }) => allocation(`${String(value)}/mac`, value))];
  const second = [...first.slice(0, 100), allocation("new", 1), ...first.slice(100, 200), allocation("newer", 2), ...first.slice(201)];
  expect(texts(first, second)[1]?.printed.toSorted()).toEqual(["port/new", "port/newer"]);
});

it("makes no text of more than allocations", () => {
  expect(texts(undefined)).toEqual([{ text: undefined, printed: [] }]);
});

it("forgets a text that a build did not ask for", () => {
  const printed: string[] = [];
  const all = new GroupTexts(formOf(printed));
  const group = { group: "port/", from: [allocation("a", 1)], entries: () => [] };
  all.of(group);
  all.begin();
  all.begin();
  all.of(group);
  expect(printed).toEqual(["port/a", "port/a"]);
});

it("ends with the text that it would have made at first, whatever comes and goes", () => {
  const list = fc.uniqueArray(
    fc.record({ key: fc.integer({ min: 0, max: 400 }), value: fc.integer({ min: 0, max: 2 }), pinned: fc.boolean() }),
    { selector: ({ key }) => key, maxLength: 200 },
  );
  const shuffled = fc.tuple(list, fc.boolean()).map(([entries, inOrder]) => {
    const all = entries.map(({ key, value, pinned }) => allocation(key, value, pinned ? "pinned" : "derived"));
    return inOrder ? all.sort((a, b) => (a.key < b.key ? -1 : 1)) : all;
  });
  fc.assert(
    fc.property(fc.array(shuffled, { minLength: 2, maxLength: 5 }), (lists) => {
      expect(texts(...lists).map(({ text }) => text)).toEqual(lists.map((one) => texts(one)[0]?.text));
    }),
  );
});

it("takes no longer for many that come than to make all anew", () => {
  const many = Array.from({ length: 100_000 }, (_, at) => allocation(at, at));
  const started = performance.now();
  const [one] = texts(many);
  const alone = performance.now() - started;
  const [, both] = texts(many.slice(0, 10), many);
  expect(both?.text).toBe(one?.text);
  expect(performance.now() - started).toBeLessThan(10 * alone + 1000);
});
