import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterEach, beforeEach, expect, it } from "vitest";
import { defined } from "../base/invariant.js";
import { checkHostFolder, checkTreeFiles, unifiedDiff } from "./check.js";
import { buildTree, folderContents, manifestOf, newFolder, removeFolder, type TreeFiles } from "./testing/trees.js";
import {
  closeTree,
  commitTree,
  isAsPlanned,
  keepUntouched,
  openTree,
  readTreeManifest,
  readUntouchedAllocations,
  recoverTree,
  stageHost,
  treeMoment,
} from "./write.js";

let root: string;
let out: string;
beforeEach(() => {
  root = newFolder();
  out = join(root, "out");
});
afterEach(() => removeFolder(root));

const twoHosts = { "h-1": { "br-int.flows": "a\n", "ns-1/ip-rule.txt": "r\n" }, "h-2": { "br-int.flows": "b\n" } };

/** Lock of a process that cannot be: Linux counts them to 2^22. */
const deadLock = JSON.stringify({ pid: 2 ** 22 + 1, machine: hostname(), started: "1" });

it("writes a new tree, and nothing but the tree", () => {
  buildTree(out, twoHosts);
  expect(Object.keys(folderContents(out))).toEqual([
    "allocations.txt",
    "h-1/br-int.flows",
    "h-1/manifest.json",
    "h-1/ns-1/ip-rule.txt",
    "h-2/br-int.flows",
    "h-2/manifest.json",
    "manifest.json",
  ]);
  expect(readTreeManifest(out)[0]?.hosts).toEqual(["h-1", "h-2"]);
});

it("leaves unchanged files alone, their times included", () => {
  buildTree(out, twoHosts);
  const file = join(out, "h-1/br-int.flows");
  utimesSync(file, 1000, 1000);
  const committed = buildTree(out, { ...twoHosts, "h-2": { "br-int.flows": "changed\n" } });
  expect(committed).toMatchObject({ changed: 2, unchanged: 3, removed: 0 });
  expect(statSync(file).mtimeMs).toBe(1_000_000);
  expect(readFileSync(join(out, "h-2/br-int.flows"), "utf8")).toBe("changed\n");
});

it("mends a file that somebody edited or removed", () => {
  buildTree(out, twoHosts);
  writeFileSync(join(out, "h-1/br-int.flows"), "edited\n");
  rmSync(join(out, "h-1/ns-1"), { recursive: true });
  buildTree(out, twoHosts);
  expect(folderContents(out)).toMatchObject({ "h-1/br-int.flows": "a\n", "h-1/ns-1/ip-rule.txt": "r\n" });
});

it("removes its own files that are no longer made, and folders that are empty then", () => {
  buildTree(out, twoHosts);
  writeFileSync(join(out, "h-2/notes.txt"), "mine");
  buildTree(out, { "h-1": { "br-int.flows": "a\n" } });
  expect(Object.keys(folderContents(out))).toEqual([
    "allocations.txt",
    "h-1/br-int.flows",
    "h-1/manifest.json",
    "h-2/notes.txt",
    "manifest.json",
  ]);
  expect(existsSync(join(out, "h-1/ns-1"))).toBe(false);
});

it("keeps other hosts where only some were asked for, those that the topology has no more too", () => {
  buildTree(out, twoHosts);
  buildTree(out, { "h-1": { "br-int.flows": "new\n" } }, { complete: false });
  expect(folderContents(out)).toMatchObject({ "h-1/br-int.flows": "new\n", "h-2/br-int.flows": "b\n" });
  expect(readTreeManifest(out)[0]?.hosts).toEqual(["h-1", "h-2"]);
  buildTree(out, { "h-1": { "br-int.flows": "new\n" } });
  expect(existsSync(join(out, "h-2"))).toBe(false);
});

it("refuses a folder with somebody else's files, and does not touch it", () => {
  mkdirSync(out);
  writeFileSync(join(out, "thesis.txt"), "");
  expect(openTree(out)[1]).toMatchObject([{ name: "output-folder-not-empty" }]);
  expect(readdirSync(out)).toEqual(["thesis.txt"]);
});

it("refuses a file in the folder's place", () => {
  writeFileSync(out, "");
  expect(openTree(out)[1]).toMatchObject([{ name: "output-not-a-folder" }]);
});

it("refuses to follow a link out of the folder, when writing and when removing", () => {
  const elsewhere = join(root, "elsewhere");
  mkdirSync(elsewhere);
  buildTree(out, twoHosts);
  rmSync(join(out, "h-2"), { recursive: true });
  symlinkSync(elsewhere, join(out, "h-2"));
  writeFileSync(join(elsewhere, "br-int.flows"), "precious\n");
  expect(() => buildTree(out, twoHosts)).toThrow("symbolic link");
  expect(() => buildTree(out, { "h-1": {} })).toThrow("symbolic link");
  expect(folderContents(elsewhere)).toEqual({ "br-int.flows": "precious\n" });
});

it("refuses a linked file", () => {
  buildTree(out, twoHosts);
  rmSync(join(out, "h-1/br-int.flows"));
  writeFileSync(join(root, "precious"), "precious\n");
  symlinkSync(join(root, "precious"), join(out, "h-1/br-int.flows"));
  expect(() => buildTree(out, { "h-1": { "br-int.flows": "x\n" } })).toThrow("symbolic link");
  expect(readFileSync(join(root, "precious"), "utf8")).toBe("precious\n");
});

it("lets one build at a time into a folder, and takes over from a dead one", () => {
  const [tree] = openTree(out);
  expect(openTree(out)[1]).toMatchObject([{ name: "output-folder-busy" }]);
  if (tree !== undefined) closeTree(tree);
  writeFileSync(join(out, ".dvrc-lock"), deadLock);
  // One that was killed while it took a dead lock away; Linux has no process of so high a number.
  writeFileSync(join(out, ".dvrc-lock.4194309"), deadLock);
  const [again] = openTree(out);
  expect(again?.folder).toBe(out);
  if (again !== undefined) closeTree(again);
  expect(readdirSync(out)).toEqual([]);
});

it("does not take another process of the same number for the one that held the lock", () => {
  mkdirSync(out);
  writeFileSync(join(out, ".dvrc-lock"), JSON.stringify({ pid: process.pid, machine: hostname(), started: "1" }));
  const [tree, diagnostics] = openTree(out);
  expect(diagnostics).toEqual([]);
  if (tree !== undefined) closeTree(tree);
});

it("believes a lock of another machine", () => {
  mkdirSync(out);
  writeFileSync(join(out, ".dvrc-lock"), JSON.stringify({ pid: 1, machine: "elsewhere", started: "1" }));
  expect(openTree(out)[1]).toMatchObject([{ name: "output-folder-busy", message: expect.stringContaining('"elsewhere"') as string }]);
});

it("throws away what a killed build had staged", () => {
  buildTree(out, twoHosts);
  const before = folderContents(out);
  openTree(out);
  stageHost(out, "h-1", [{ path: "h-1/br-int.flows", pieces: ["half\n"] }]);
  expect(recoverTree(out)).toEqual(["nothing", []]);
  writeFileSync(join(out, ".dvrc-lock"), deadLock);
  expect(recoverTree(out)).toEqual(["discarded", []]);
  expect(folderContents(out)).toEqual(before);
  expect(readdirSync(out)).not.toContain(".dvrc-staging");
});

it("is the old tree or the new one, wherever a commit stops", () => {
  const older = { "h-1": { a: "1\n", b: "1\n", "ns-1/x": "1\n" }, "h-2": { a: "1\n" }, "h-3": { a: "1\n" } };
  const newer = { "h-1": { a: "2\n", "ns-2/x": "2\n", "ns-2/y": "2\n" }, "h-2": { a: "1\n" }, "h-4": { a: "2\n", "ns/x": "2\n" } };
  buildTree(join(root, "old"), older);
  buildTree(join(root, "new"), newer);
  const expected = { old: folderContents(join(root, "old")), new: folderContents(join(root, "new")) };
  const outcomes: string[] = [];
  for (let stop = 0; outcomes.at(-1) !== "whole"; stop++) {
    const folder = join(root, `stop-${stop}`);
    buildTree(folder, older);
    const finished = buildUntil(folder, newer, stop);
    const [recovery] = recoverTree(folder);
    expect(folderContents(folder)).toEqual(stop < 2 ? expected.old : expected.new);
    expect(readdirSync(folder)).not.toContain(".dvrc-staging");
    outcomes.push(finished ? "whole" : (recovery ?? "failed"));
  }
  expect(outcomes.slice(0, 2)).toEqual(["nothing", "nothing"]);
  expect(new Set(outcomes.slice(2, -2))).toEqual(new Set(["finished"]));
  expect(outcomes.length).toBeGreaterThan(12);
});

/** Builds up to a step of the commit; answers whether it came to its end before. */
function buildUntil(folder: string, files: TreeFiles, stop: number): boolean {
  let step = 0;
  const before = (): void => {
    if (step++ === stop) throw new Error("killed");
  };
  try {
    buildTree(folder, files, { before });
    return true;
  } catch (error) {
    expect(error).toMatchObject({ message: "killed" });
    return false;
  }
}

it("finishes an interrupted commit when the next build opens the tree, and says so", () => {
  buildTree(out, { h: { a: "1\n" } });
  const stopAtMove = (step: string): void => {
    if (step.startsWith("move")) throw new Error("killed");
  };
  expect(() => buildTree(out, { h: { a: "2\n" } }, { before: stopAtMove })).toThrow("killed");
  const [tree] = openTree(out);
  expect(tree?.recovery).toBe("finished");
  expect(readFileSync(join(out, "h/a"), "utf8")).toBe("2\n");
  if (tree !== undefined) closeTree(tree);
});

it.each(["h-1/ns-1/f0", "manifest.json", "h-1/manifest.json", ".dvrc-lock"])("waits for nobody to write into a pipe at %s", (path) => {
  buildTree(out, { "h-1": { "ns-1/f0": "x" } });
  rmSync(join(out, path), { force: true });
  execFileSync("mkfifo", [join(out, path)]);
  expect(() => buildTree(out, { "h-1": { "ns-1/f0": "y" } })).toThrow("a pipe or a device is in the way");
});

it("says where a manifest is damaged", () => {
  buildTree(out, twoHosts);
  const path = join(out, "h-2/manifest.json");
  writeFileSync(path, readFileSync(path, "utf8").replace(/"files": \{[^]*\}/, '"files": 7}'));
  const [, [damage]] = stageHost(out, "h-2", []);
  expect(damage?.at?.source.text.slice(damage.at.start, damage.at.end)).toBe('"files"');
});

it("refuses a journal or a manifest that would leave the folder", () => {
  buildTree(out, twoHosts);
  writeFileSync(join(root, "precious"), "");
  mkdirSync(join(out, ".dvrc-staging"));
  writeFileSync(join(out, ".dvrc-staging/journal"), JSON.stringify({ removals: ["../precious"], moves: [], folders: [] }));
  expect(recoverTree(out)[1]).toMatchObject([{ name: "damaged-manifest" }]);
  rmSync(join(out, ".dvrc-staging"), { recursive: true });
  writeFileSync(join(out, "h-2/manifest.json"), JSON.stringify({ format: 1, files: { "../../precious": "" } }));
  expect(() => buildTree(out, { "h-1": {} })).toThrow("damaged");
  expect(existsSync(join(root, "precious"))).toBe(true);
});

it("says what is missing, different and left over, as a build would change it", () => {
  buildTree(out, twoHosts);
  const last = readTreeManifest(out)[0];
  rmSync(join(out, "h-1/br-int.flows"));
  writeFileSync(join(out, "h-1/ns-1/ip-rule.txt"), "q\n");
  const artefacts = Object.entries({ "br-int.flows": "a\n", "ns-1/ip-rule.txt": "r\n" }).map(([path, text]) => ({
    path: `h-1/${path}`,
    pieces: [text],
  }));
  const [host] = checkHostFolder(out, "h-1", artefacts);
  expect(host?.map(({ kind, path }) => `${kind} ${path}`)).toEqual(["missing h-1/br-int.flows", "different h-1/ns-1/ip-rule.txt"]);
  expect(host?.map(unifiedDiff).join("")).toBe(
    "--- /dev/null\n+++ b/h-1/br-int.flows\n@@ -0,0 +1 @@\n+a\n--- a/h-1/ns-1/ip-rule.txt\n+++ b/h-1/ns-1/ip-rule.txt\n@@ -1 +1 @@\n-q\n+r\n",
  );
  const [tree] = checkTreeFiles(out, { manifest: manifestOf(["h-1"]), allocations: undefined, last });
  expect(tree?.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
    "different manifest.json",
    "leftover h-2/br-int.flows",
    "leftover h-2/manifest.json",
  ]);
});

it("reports a full disk and what the system refuses as diagnostics", () => {
  buildTree(out, twoHosts);
  const full = (): void => {
    throw Object.assign(new Error("no space"), { code: "ENOSPC" });
  };
  const [tree] = openTree(out);
  if (tree === undefined) throw new Error("the tree does not open");
  const [plan] = stageHost(out, "h-1", [{ path: "h-1/br-int.flows", pieces: ["new\n"] }]);
  const hosts = plan === undefined ? [] : [plan];
  const [, diagnostics] = commitTree(tree, { manifest: manifestOf(["h-1", "h-2"]), allocations: undefined, hosts, complete: false }, full);
  expect(diagnostics).toMatchObject([{ name: "disk-full" }]);
  closeTree(tree);
  expect(readdirSync(out).filter((name) => name.startsWith("."))).toEqual([]);
  expect(folderContents(out)["h-1/br-int.flows"]).toBe("a\n");
});

it("says that a build stopped half way, and finishes it once nothing is in the way", () => {
  buildTree(out, twoHosts);
  const [tree] = openTree(out);
  if (tree === undefined) throw new Error("the tree does not open");
  const [plan] = stageHost(out, "h-1", [{ path: "h-1/br-int.flows", pieces: ["new\n"] }]);
  const hosts = plan === undefined ? [] : [plan];
  const place = join(out, "h-1/br-int.flows");
  const getInTheWay = (step: string): void => {
    if (step !== "move h-1/br-int.flows") return;
    rmSync(place);
    mkdirSync(join(place, "full"), { recursive: true });
  };
  const [, diagnostics] = commitTree(
    tree,
    { manifest: manifestOf(["h-1", "h-2"]), allocations: undefined, hosts, complete: false },
    getInTheWay,
  );
  closeTree(tree);
  expect(diagnostics.map(({ name }) => name)).toEqual(["output-not-writable", "build-unfinished"]);
  rmSync(place, { recursive: true });
  expect(recoverTree(out)[0]).toBe("finished");
  expect(readFileSync(place, "utf8")).toBe("new\n");
});

it("loses no staged file where somebody removes its folder meanwhile", () => {
  buildTree(out, twoHosts);
  const tree = defined(openTree(out)[0], "tree");
  const files = ["h-1/br-int.flows", "h-1/br-tun.flows"];
  const plan = defined(
    stageHost(
      out,
      "h-1",
      files.map((path) => ({ path, pieces: ["new\n"] })),
    )[0],
    "plan",
  );
  const removeFolderOnce = (step: string): void => {
    if (step === "move h-1/br-tun.flows") rmSync(join(out, "h-1"), { recursive: true });
  };
  const whole = { manifest: manifestOf(["h-1", "h-2"]), allocations: undefined, hosts: [plan], complete: false };
  const [, diagnostics] = commitTree(tree, whole, removeFolderOnce);
  closeTree(tree);
  expect(diagnostics.map(({ name }) => name)).toEqual(["output-not-writable", "build-unfinished"]);
  expect(recoverTree(out)[0]).toBe("finished");
  expect(readFileSync(join(out, "h-1/br-tun.flows"), "utf8")).toBe("new\n");
});

it("keeps a host of which nobody has touched a file or folder since a moment", () => {
  buildTree(out, twoHosts);
  const tree = defined(openTree(out)[0], "tree");
  const since = defined(treeMoment(tree), "moment");
  const kept = (): readonly unknown[] => ["h-1", "h-2", "h-3"].map((host) => keepUntouched(tree, host, since)?.unchanged);
  expect(kept()).toEqual([3, 2, undefined]);
  waitForClock(since);
  writeFileSync(join(out, "h-1/notes.txt"), "a folder that is another");
  utimesSync(join(out, "h-2/br-int.flows"), 1000, 1000);
  expect(kept()).toEqual([undefined, undefined, undefined]);
  expect(readUntouchedAllocations(tree, since)?.toString()).toBe("values\n");
  writeFileSync(join(out, "allocations.txt"), "values\n");
  expect(readUntouchedAllocations(tree, since)).toBeUndefined();
  closeTree(tree);
});

it("keeps no host of which a file is gone, a link, or a folder that was moved there", () => {
  const breaks: readonly ((host: string) => void)[] = [
    (host) => rmSync(join(host, "ns-1/ip-rule.txt")),
    (host) => {
      renameSync(join(host, "br-int.flows"), join(root, "aside"));
      symlinkSync(join(root, "aside"), join(host, "br-int.flows"));
    },
    (host) => {
      renameSync(join(host, "ns-1"), join(root, "ns-1"));
      symlinkSync(join(root, "ns-1"), join(host, "ns-1"));
    },
    (host) => renameSync(join(root, "other/h-1/ns-1"), join(host, "ns-1")),
    (host) => writeFileSync(join(host, "manifest.json"), "damaged"),
  ];
  for (const harm of breaks) {
    buildTree(out, twoHosts);
    buildTree(join(root, "other"), twoHosts);
    const tree = defined(openTree(out)[0], "tree");
    const since = defined(treeMoment(tree), "moment");
    waitForClock(since);
    if (harm === breaks[3]) rmSync(join(out, "h-1/ns-1"), { recursive: true });
    harm(join(out, "h-1"));
    expect(keepUntouched(tree, "h-1", since)).toBeUndefined();
    closeTree(tree);
    for (const name of readdirSync(root)) rmSync(join(root, name), { recursive: true });
  }
});

it("tells whether a host is as a commit left it, whoever else wrote at the time", () => {
  buildTree(out, twoHosts);
  const tree = defined(openTree(out)[0], "tree");
  const begun = defined(treeMoment(tree), "moment");
  waitForClock(begun);
  const moved = { host: "h-1", moves: ["h-1/ns-1"], removals: [], changed: 1, unchanged: 2 };
  writeFileSync(join(out, "h-1/ns-1/ip-rule.txt"), "new\n");
  expect([isAsPlanned(tree, moved, begun), isAsPlanned(tree, { ...moved, moves: [] }, begun)]).toEqual([true, false]);
  writeFileSync(join(out, "h-1/br-int.flows"), "a\n");
  expect([isAsPlanned(tree, moved, begun), isAsPlanned(tree, { ...moved, moves: ["h-1"] }, begun)]).toEqual([false, true]);
  closeTree(tree);
});

/** The system's clock of files ticks every few milliseconds. */
function waitForClock(since: number): void {
  for (let now = since; now <= since; now = statSync(join(root, "tick")).ctimeMs) writeFileSync(join(root, "tick"), "");
}
