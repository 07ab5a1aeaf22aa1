import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { folderContents, newFolder, removeFolder } from "./testing/trees.js";
import { recoverTree } from "./write.js";

/** Builds one tree after another into a folder, each with other folders and every file saying which it is. */
const builder = `
  import { buildTree } from "./testing/trees.js";
  for (let round = 1; ; round++) {
    const hosts = {};
    for (let host = 0; host < 6; host++) {
      if (host === round % 6) continue;
      const files = hosts["h-" + host] = {};
      for (let file = 0; file < 30; file++) files[(file % 3 === 0 ? "" : "ns-" + (file % 3 + round % 2) + "/") + "f" + file] = round + "\\n";
    }
    buildTree(process.argv[2], hosts);
    if (round === 1) console.log("ready");
  }
`;

it("leaves a whole tree, old or new, when it is killed at any moment and one command follows", async () => {
  const root = newFolder();
  try {
    const script = join(root, "builder.mjs");
    const stdin = { contents: builder, resolveDir: import.meta.dirname };
    await build({ stdin, bundle: true, platform: "node", format: "esm", outfile: script, logLevel: "error" });
    for (let kill = 0; kill < 6; kill++) {
      const out = join(root, `out-${kill}`);
      await killedBuild(script, out, kill * 13);
      expect(recoverTree(out)[1]).toEqual([]);
      expectWholeTree(folderContents(out));
    }
  } finally {
    removeFolder(root);
  }
});

async function killedBuild(script: string, out: string, wait: number): Promise<void> {
  const child = spawn(process.execPath, [script, out], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  await setTimeout(wait);
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

function expectWholeTree(files: Record<string, string>): void {
  const manifest = JSON.parse(files["manifest.json"] ?? "null") as { hosts: string[] };
  const contents = Object.entries(files).filter(([path]) => path.includes("/f"));
  const rounds = new Set(contents.map(([, text]) => text));
  expect(rounds.size).toBe(1);
  expect(contents).toHaveLength(manifest.hosts.length * 30);
  for (const host of manifest.hosts) expect(files[`${host}/manifest.json`]).toBeDefined();
}
