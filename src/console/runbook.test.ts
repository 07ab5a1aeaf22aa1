import { expect, it } from "vitest";
import { printed, refusal } from "./answer.js";
import { expandTabs, matchesExpected, parseRunbook, replayRunbook } from "./runbook.js";

const page = `# A walk

\`\`\`console node-1
$ show me
a\tb
$ show \\
  more
...
last
\`\`\`

\`\`\`sh
$ not a console
\`\`\`
`;

function replay(text: string, outputs: readonly (readonly string[])[]): ReturnType<typeof replayRunbook> {
  let next = 0;
  return replayRunbook(parseRunbook(text), () => printed(outputs[next++] ?? []));
}

it("reads consoles, their machines, commands and expected lines", () => {
  expect(parseRunbook(page).commands).toMatchObject([
    { machine: "node-1", command: "show me", expected: ["a\tb"], line: 4 },
    { machine: "node-1", command: "show   more", expected: ["...", "last"], line: 6 },
  ]);
});

it("reports a block without a machine, without an end, and output before a command", () => {
  expect(parseRunbook("```console\n$ x\n```\n").problems).toMatchObject([{ line: 1 }]);
  expect(parseRunbook("```console a\n$ x\n").problems).toMatchObject([{ line: 1 }]);
  expect(parseRunbook("```console a\nout\n$ x\n```\n").problems).toMatchObject([{ line: 2 }]);
  expect(parseRunbook("# A walk\n\n```sh\n$ x\n```\n").problems).toMatchObject([{ line: 1 }]);
  expect(parseRunbook("").problems).toMatchObject([{ line: 1 }]);
});

it("compares tabs with the blanks that they stand for, and no blanks at the end", () => {
  expect(expandTabs("ab\tc\t")).toBe("ab      c       ");
  expect(matchesExpected(["0:      from all"], ["0:\tfrom all "])).toBe(true);
  expect(matchesExpected(["0: from all"], ["0:\tfrom all"])).toBe(false);
});

it("lets dots stand for any lines, also for none", () => {
  expect(matchesExpected(["...", "x"], ["x"])).toBe(true);
  expect(matchesExpected(["a", "...", "x", "..."], ["a", "b", "x", "y", "x"])).toBe(true);
  expect(matchesExpected(["a", "...", "z"], ["a", "b"])).toBe(false);
  expect(matchesExpected(["a"], ["a", "b"])).toBe(false);
  expect(matchesExpected([], [])).toBe(true);
});

it("finds mismatches and shows what differs", () => {
  const { mismatches, count } = replay(page, [["a       c"], ["first", "last"]]);
  expect(count).toBe(2);
  expect(mismatches).toMatchObject([
    {
      command: { line: 4 },
      diff: [
        { kind: "-", text: "a       b" },
        { kind: "+", text: "a       c" },
      ],
    },
  ]);
});

it("updates only what differs and keeps dots that still fit", () => {
  const { updated } = replay(page, [["new"], ["first", "second", "other"]]);
  expect(updated).toContain("$ show me\nnew\n$ show \\\n  more\n");
  expect(replay(updated, [["new"], ["first", "second", "other"]]).mismatches).toEqual([]);
  expect(replay(page, [["a       b"], ["first", "last"]]).updated).toBe(page);
});

it("keeps dots in an update where the lines around them stay", () => {
  const text = "```console a\n$ x\n...\nkept\nold\n```\n";
  expect(replay(text, [["1", "2", "kept", "new"]]).updated).toBe("```console a\n$ x\n...\nkept\nnew\n```\n");
});

it("shows a refusal as the console's answer", () => {
  const { mismatches } = replayRunbook(parseRunbook("```console a\n$ x\n```\n"), () => refusal("There is no such thing."));
  expect(mismatches[0]?.diff).toEqual([{ kind: "+", text: "There is no such thing." }]);
});
