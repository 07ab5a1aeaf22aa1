import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { TextReader } from "../../read/text.js";
import type { Context } from "../context.js";
import type { BuildRequest } from "./options.js";
import { watchBuild, type WatchedBuild } from "./watch.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dvrc-watch-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("gives up what is built of a file that is another before anything is written", async () => {
  const path = join(folder, "topology.json");
  const stream = { write: () => undefined };
  const context: Context = { stdout: stream, stderr: stream, env: {}, cwd: folder };
  const request: BuildRequest = { topology: "topology.json", out: "out", host: [] };
  const built: string[] = [];
  const told: string[] = [];
  writeFileSync(path, "first");
  await new Promise<void>((done, fail) => {
    const build = async (isSettled?: () => Promise<boolean>): Promise<WatchedBuild | undefined> => {
      // What comes after the end is nobody's concern.
      if (told.includes("last")) return new Promise(() => undefined);
      const text = readFileSync(path, "utf8");
      built.push(text);
      if (text === "half") writeFileSync(path, "last");
      if ((await isSettled?.()) === false) return undefined;
      told.push(text);
      if (text === "last") done();
      return { inputs: [path], lockPath: undefined };
    };
    // Once it watches, nothing changes but by the test.
    const rehearse = (): Promise<void> => {
      if (told.length === 1) writeFileSync(path, "half");
      return Promise.resolve();
    };
    watchBuild(request, context, { texts: new TextReader(), build, rehearse }).catch(fail);
  });
  expect([built, told]).toEqual([
    ["first", "half", "last"],
    ["first", "last"],
  ]);
});
