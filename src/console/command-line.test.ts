import { expect, it } from "vitest";
import { parseCommandLine, readFlags } from "./command-line.js";

it("splits words, quotes and pipes as a shell does", () => {
  expect(parseCommandLine(`ovs-appctl fdb/show br-int | grep -E "a b|c"  'd e'\\ f`)).toEqual({
    stages: [
      ["ovs-appctl", "fdb/show", "br-int"],
      ["grep", "-E", "a b|c", "d e f"],
    ],
  });
});

it("goes on in the next line after a backslash, and leaves out comments", () => {
  expect(parseCommandLine("ip \\\n route # and more")).toEqual({ stages: [["ip", "route"]] });
});

it.each([["echo 'open"], ["ls |"], [""], ["ls; reboot"], ["ls > file"], ["echo $(id)"], ["a && b"], ["`id`"]])(
  "refuses %s, which needs a shell or is not complete",
  (text) => {
    expect(parseCommandLine(text)).toHaveProperty("reason");
  },
);

it("reads clusters of flags, values beside and after them, and long flags", () => {
  const spec = { alone: ["-n", "-v", "-L"], withValue: ["-t", "--name"] };
  const flags = readFlags(["-nvL", "-tnat", "--name=x", "--name", "y", "word"], spec);
  expect("reason" in flags ? flags : [Object.fromEntries(flags.values), flags.words]).toEqual([
    { "-n": [""], "-v": [""], "-L": [""], "-t": ["nat"], "--name": ["x", "y"] },
    ["word"],
  ]);
  expect(readFlags(["-z"], spec)).toHaveProperty("reason");
  expect(readFlags(["--name"], spec)).toHaveProperty("reason");
});
