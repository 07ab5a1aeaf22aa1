import fc from "fast-check";
import { expect, it } from "vitest";
import { lockOfSections, type LockValue, parseLock, printLock, sectionsOfLock } from "./lock.js";
import { PrintedAllocations, sectionsOf } from "./printed-allocations.js";

function read(text: string) {
  const [lock, diagnostics] = parseLock({ path: "t.lock.json", text });
  return { lock, names: diagnostics.map(({ name, at }) => `${name}@${at?.source.text.slice(at.start, at.end) ?? ""}`) };
}

it("prints one allocation a line, sorted by code unit", () => {
  const allocations = new Map<string, LockValue>([
    ["port/b/0/id", "x"],
    ["port/B/0/id", ["one", "two"]],
    ["__proto__", 7],
    ["port/a/10/id", true],
  ]);
  const text =
    '{"version":1,"allocations":{\n"__proto__": 7,\n"port/B/0/id": ["one","two"],\n"port/a/10/id": true,\n"port/b/0/id": "x"\n}}\n';
  expect(printLock({ allocations })).toBe(text);
});

it("reads what it printed, hostile keys among it", () => {
  const allocations = new Map<string, LockValue>([
    ["__proto__", 7],
    ['port/"quoted\n\\name\u0000"/id', "x"],
    ["constructor", ["a"]],
  ]);
  expect(read(printLock({ allocations })).lock?.allocations).toEqual(allocations);
  expect(read(printLock({ allocations: new Map() })).lock?.allocations.size).toBe(0);
});

it("points at merge conflict markers", () => {
  const text = '{"version":1,"allocations":{\n<<<<<<< ours\n"a": 1\n=======\n"a": 2\n>>>>>>> theirs\n}}\n';
  expect(read(text)).toEqual({ lock: undefined, names: ["lock-conflict@<<<<<<<"] });
});

it("points at the second of two equal keys that a merge left", () => {
  const text = '{"version":1,"allocations":{\n"a": 1,\n"b": 1,\n"a": 2\n}}\n';
  const [lock, diagnostics] = parseLock({ path: "t.lock.json", text });
  expect(lock).toBeUndefined();
  expect(diagnostics.map(({ name, at }) => [name, at?.start])).toEqual([["lock-duplicate-key", text.lastIndexOf('"a"')]]);
});

it("finds equal keys however the lock is laid out and the keys are escaped, and no key that it does not know", () => {
  expect(read('{"version":1,"allocations":{"a":"x: \\"b\\":","b":1,"c":["b"],"\\u0062":2}}').names).toEqual([
    'lock-duplicate-key@"\\u0062"',
  ]);
  expect(read('{"version":1,"allocations":{"a":"b","b":"a"}}').names).toEqual([]);
  expect(read('{"version":1,"allocations":{},"allocation":{"a":1}}').names).toEqual(['lock-syntax@"allocation"']);
});

it("refuses what is no lock, a version it does not know, and values that are no choices", () => {
  expect(read("[").names[0]).toMatch(/^lock-syntax@/);
  expect(read("[]").names).toEqual(["lock-version@["]);
  expect(read('{"version":2,"allocations":{}}').names).toEqual(["lock-version@{"]);
  expect(read('{"version":1,"allocations":[]}').names).toEqual(["lock-syntax@{"]);
  expect(read('{"version":1,"allocations":{\n"other/host/ofport/a": 1e999\n}}').names).toEqual(['lock-value-type@"other/host/ofport/a"']);
  expect(read('{"version":1,"allocations":{\n"a": {"b": 1},\n"c": null,\n"d": [1]\n}}').names).toEqual([
    'lock-value-type@"a"',
    'lock-value-type@"c"',
    'lock-value-type@"d"',
  ]);
});

it("points at the line that is not JSON, whatever the engine says", () => {
  const withLine = (line: string) => read(`{"version":1,"allocations":{\n"a": 1,\n${line}\n"c": 3\n}}\n`).names;
  expect(withLine('"b": 0x2,')).toEqual(['lock-syntax@"b": 0x2,']);
  expect(withLine('"b": 2')).toEqual(['lock-syntax@"b": 2']);
  expect(read('{"version":1,"allocations":{\n"a": 1,\n}}\n').names).toEqual(['lock-syntax@"a": 1,']);
  expect(read("{").names).toEqual(["lock-syntax@{"]);
});

it("reads a lock that a formatter has reflowed", () => {
  const text = '{\n  "version": 1,\n  "allocations": {\n    "a": [\n      "x",\n      "y"\n    ],\n    "b": 2\n  }\n}\n';
  expect(read(text).lock?.allocations).toEqual(
    new Map<string, LockValue>([
      ["a", ["x", "y"]],
      ["b", 2],
    ]),
  );
});

it("reads a lock that somebody formatted as it reads one that it printed", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(fc.string({ unit: "grapheme" }), lockValue), { selector: ([key]) => key }), (entries) => {
      const allocations = new Map(entries);
      const formatted = `${JSON.stringify({ version: 1, allocations: Object.fromEntries(allocations) }, undefined, 4)}\n`;
      const printed = read(printLock({ allocations })).lock?.allocations;
      expect(new Map(printed)).toEqual(allocations);
      expect(read(formatted).lock?.allocations).toEqual(allocations);
    }),
  );
});

it("reads a group of keys when it is first asked for one, and knows its size before", () => {
  const entries: (readonly [string, LockValue])[] = [
    "2026.1/h/ofport/a",
    "2026.1/h2/ofport/a",
    "host/h/id",
    "port/a/id",
    "port/b/id",
  ].flatMap((key, index) => [[key, index] as const, [`${key}x`, [`${index}`, ""]] as const]);
  const { lock } = read(printLock({ allocations: new Map(entries) }));
  expect(lock?.allocations).toBeInstanceOf(PrintedAllocations);
  expect(lock?.allocations.size).toBe(10);
  for (const [key, value] of entries) expect([lock?.allocations.get(key), lock?.allocations.has(`${key}?`)]).toEqual([value, false]);
  const again = lockOfSections({ path: "t.lock.json", text: lock?.source?.text ?? "" }, (lock && sectionsOfLock(lock)) ?? []);
  expect([...again.allocations]).toEqual([...new Map(entries)].sort());
});

it("reads any group of a lock again after many others", () => {
  const entries = Array.from({ length: 200 }, (_, host) => [`2026.1/h${host}/ofport/a`, host] as const);
  const { lock } = read(printLock({ allocations: new Map(entries) }));
  expect(lock?.allocations).toBeInstanceOf(PrintedAllocations);
  for (const [key, value] of [...entries, ...entries.toReversed(), ...entries]) expect(lock?.allocations.get(key)).toBe(value);
});

it.each(["x", "\\\\", '\\"', "\\\\\\n"])("reads beyond a text of ten million times %s", (part) => {
  const text = `{"version": 1, "allocations": {"a": "${part.repeat(1e7)}", "b\\\\": "\\\\", "\\"a": 2, "b\\\\" : 3}}`;
  const [, diagnostics] = parseLock({ path: "t.lock.json", text });
  expect(diagnostics.map(({ name, at }) => [name, at?.start])).toEqual([["lock-duplicate-key", text.lastIndexOf('"b')]]);
});

it.each([
  ['"port/a/id": 1,\n"port/a/id": 1\n', "a key twice"],
  ['"port/b/id": 1,\n"port/a/id": 1,\n"port/c/id": 1\n', "another order"],
  ['"port/a/id": 1\n"port/b/id": 1\n', "no comma"],
  ['"port/a/id": 01\n', "another number"],
  ['"port/a/id": ["a" ,"b"]\n', "another list"],
  ['"port/a/id": 1\n\n', "an empty line"],
])("takes %j for no printed lock: %s", (entries) => {
  expect(sectionsOf(entries, 0, entries.length)).toBeUndefined();
});

const lockValue: fc.Arbitrary<LockValue> = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  fc.boolean(),
  fc.array(fc.string()),
);
