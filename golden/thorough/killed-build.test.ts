import { type ChildProcess, type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import type { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";

const program = resolve("bin/dvrc.js");
const env = { ...process.env, CI: "", NO_COLOR: "1" };
let folder = "";

function dvrc(...args: readonly string[]): number | null {
  return spawnSync(process.execPath, [program, ...args], { cwd: folder, env, encoding: "utf8" }).status;
}

/** Every file of the tree by path, and what a build had staged; the lock of a dead process, or one taken away, is in nobody's way. */
function contents(): Record<string, string> {
  const out = join(folder, "out");
  const files = readdirSync(out, { recursive: true, encoding: "utf8" }).filter(
    (file) => !file.startsWith(".dvrc-lock") && statSync(join(out, file)).isFile(),
  );
  return Object.fromEntries(files.sort().map((file) => [file, readFileSync(join(out, file), "utf8")]));
}

type Killed = ChildProcessByStdio<null, null, Readable>;

const whole = new Map<string, Record<string, string>>();
let duration = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dvrc-killed-"));
  dvrc("init", "--synthetic", "4:40", "--format", "json");
  const text = readFileSync(join(folder, "topology.json"), "utf8");
  writeFileSync(join(folder, "one.json"), text);
  writeFileSync(join(folder, "two.json"), text.replaceAll('"port": 22', '"port": 2222'));
  for (const name of ["two", "one"]) {
    expect(dvrc("build", `${name}.json`)).toBe(0);
    const before = Date.now();
    expect(dvrc("build", `${name}.json`, "--frozen")).toBe(0);
    duration = Date.now() - before;
    whole.set(name, contents());
  }
  expect(whole.get("one")).not.toEqual(whole.get("two"));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Blanks make a topology large. */
function largeCopy(name: string): string {
  const [copy, text] = [`large-${name}`, readFileSync(join(folder, `${name}.json`), "utf8")];
  writeFileSync(join(folder, `${copy}.json`), text + " ".repeat(2 ** 20));
  cpSync(join(folder, `${name}.lock.json`), join(folder, `${copy}.lock.json`));
  return `${copy}.json`;
}

/** The topology of the other tree than is there: of the same one nothing would be staged. */
function other(): "one" | "two" {
  return isDeepStrictEqual(contents(), whole.get("one")) ? "two" : "one";
}

/** Waits until a build stages something, or has ended. */
async function staged(build: ChildProcess): Promise<void> {
  while ((build.exitCode ?? build.signalCode) === null && !existsSync(join(folder, "out/.dvrc-staging"))) await setTimeout(1);
}

async function killed(args: readonly string[], signal: NodeJS.Signals, when: (child: Killed) => Promise<unknown>): Promise<void> {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env, stdio: ["ignore", "ignore", "pipe"] });
  const ended = once(child, "exit");
  await when(child);
  child.kill(signal);
  await ended;
}

/** What the tree is after one more command: the old one or the new one, whole. */
function expectWhole(command: readonly string[]): void {
  dvrc(...command);
  expect([whole.get("one"), whole.get("two")]).toContainEqual(contents());
}

it.each([
  ["SIGKILL", ["build", "one.json", "--check", "--frozen"]],
  ["SIGTERM", ["explain", "out/network-1/br-int.flows:3"]],
  ["SIGINT", ["diff", "one.json", "out", "--no-effects"]],
] as const)("has the old tree or the new one after %s at any moment of a build and one command", async (signal, command) => {
  for (let kill = 0; kill < 4; kill++) {
    const name = other();
    const wait = duration * (0.4 + Math.random() * 0.7);
    await killed(["build", `${name}.json`, "--frozen", "--jobs", kill < 2 ? "1" : "2"], signal, () => setTimeout(wait));
    expectWhole(command);
  }
});

it.each([
  ["SIGINT", "1", ""],
  ["SIGTERM", "2", ""],
  ["SIGHUP", "2", ""],
  ["SIGINT", "1", ", in the thread of a large topology"],
  ["SIGTERM", "2", ", in the thread of a large topology"],
] as const)("leaves nothing staged where it ends by %s, with %s threads%s", async (signal, jobs, large) => {
  // To the tree's manifest a copy is another topology: where its hosts were what they are there would be a commit alone, which no signal waits for.
  if (large !== "") expect(dvrc("build", "one.json", "--frozen")).toBe(0);
  const kills = large === "" ? 2 : 1;
  for (let kill = 0; kill < kills; kill++) {
    const topology = large === "" ? `${other()}.json` : largeCopy("two");
    await killed(["build", topology, "--frozen", "--jobs", jobs], signal, staged);
    expect(readdirSync(join(folder, "out")).filter((file) => file.startsWith("."))).toEqual([]);
    expect([whole.get("one"), whole.get("two")]).toContainEqual(contents());
  }
});

it("has the old tree or the new one where a watching build is killed", async () => {
  cpSync(join(folder, "one.json"), join(folder, "watched.json"));
  cpSync(join(folder, "one.lock.json"), join(folder, "watched.lock.json"));
  rmSync(join(folder, "out"), { recursive: true });
  expect(dvrc("build", "watched.json")).toBe(0);
  const old = contents();
  await killed(["build", "watched.json", "--watch", "--no-frozen"], "SIGKILL", async (child) => {
    for await (const text of child.stderr) if (String(text).includes("Watching")) break;
    cpSync(join(folder, "two.json"), join(folder, "watched.json"));
    await staged(child);
  });
  const status = dvrc("build", "watched.json", "--check", "--frozen");
  if (status !== 0) expect(contents()).toEqual(old);
  expect(existsSync(join(folder, "out/.dvrc-staging"))).toBe(false);
});
