import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { afterEach, beforeEach, expect, it } from "vitest";
import { goldenFiles } from "./golden-files.js";

const namespace = `dvrc-iptables-${process.pid}`;
const run = (args: readonly string[], input = ""): string =>
  execFileSync("ip", ["netns", ...args], { encoding: "utf8", input, stdio: "pipe", maxBuffer: 1 << 28 });

beforeEach(() => void run(["add", namespace]));
afterEach(() => void run(["del", namespace]));

it.each(goldenFiles((name) => name === "iptables-save.txt" || name === "ip6tables-save.txt"))(
  "loads %s into the kernel, which prints it back",
  (path) => {
    const program = path.endsWith("ip6tables-save.txt") ? "ip6tables" : "iptables";
    const text = readFileSync(path, "utf8");
    const sets = join(dirname(path), "ipset.txt");
    if (existsSync(sets)) run(["exec", namespace, "ipset", "restore"], readFileSync(sets, "utf8"));
    run(["exec", namespace, `${program}-restore`], text);
    expect(withoutComments(run(["exec", namespace, `${program}-save`]))).toBe(text);
  },
);

/** What the tool prints besides the rules: the time, and counters of packets that passed meanwhile. */
function withoutComments(text: string): string {
  return text
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .map((line) => line.replace(/\[\d+:\d+\]$/, "[0:0]").trimEnd())
    .join("\n");
}
