import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { defined } from "../src/base/invariant.js";
import { compiledHost } from "../src/compile.js";
import { printArtefacts } from "../src/emit/layout.js";
import { runCli } from "../src/testing/run-cli.js";
import { clouds } from "./tools/clouds.js";
import { compileDocument } from "./tools/compile-document.js";

const host = "net-1";
let folder = "";

/** Tools that answer from an artefact tree, and write down how they were called. */
const tools: Readonly<Record<string, string>> = {
  id: "echo 0",
  uname: `echo ${host}`,
  "ovs-vsctl": `case $* in
    *list-br*) for file in "$TREE"/*.flows; do basename "$file" .flows; done ;;
    *list*) echo '{"headings":[],"data":[]}' ;;
    *show*) cat "$TREE/bridges.txt" ;;
    esac`,
  "ovs-ofctl": `for bridge; do :; done
    case $* in
    *--help*) echo "  --no-stats" ;;
    *dump-flows*) cat "$TREE/$bridge.flows" ;;
    *show*) cat "$TREE/$bridge.ports" ;;
    esac`,
  "ovs-appctl": "true",
  ip: `case $* in
    "netns list") for file in "$TREE"/*/; do echo "$(basename "$file") (id: 1)"; done; echo vm-other ;;
    "netns exec "*) cat "$TREE/$3/\${4%-a}.txt" ;;
    *) case $1 in -4 | -6) family=$1; shift ;; *) family=-4 ;; esac
       namespace=$2 object=$3
       case $object in addr) file=ip-addr ;; neigh) file=ip-neigh ;; *) file=ip\${family#-}-$object ;; esac
       cat "$TREE/$namespace/$(echo $file | sed 's/^ip4-/ip-/').txt" ;;
    esac`,
  "iptables-save": "printf '*filter\\n:INPUT ACCEPT [3:4]\\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\\nCOMMIT\\n'",
  "ip6tables-save": "true",
  ipset: "true",
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dvrc-collect-"));
  const cloud = defined(clouds["two external networks"], "cloud");
  writeFileSync(join(folder, "cloud.json"), JSON.stringify({ ...cloud, release: "zed" }));
  const { state } = compiledHost(compileDocument(cloud, { release: "zed" }), host);
  for (const { path, text } of printArtefacts(state)) {
    mkdirSync(dirname(join(folder, "tree", path)), { recursive: true });
    writeFileSync(join(folder, "tree", path), text);
  }
  mkdirSync(join(folder, "bin"));
  for (const [name, body] of Object.entries(tools)) {
    const called = `echo "${name} $*" >>"$CALLS"`;
    writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${called}\n${body}\n`);
    chmodSync(join(folder, "bin", name), 0o755);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function collect(...args: readonly string[]): Promise<string> {
  const { stdout } = await runCli(["collect"]);
  // The script trusts nobody's PATH; here it is to meet the tools of the test.
  const script = stdout.replace(/^PATH=.*$/m, `PATH=${join(folder, "bin")}:/usr/bin:/bin`);
  expect(script).not.toBe(stdout);
  const env = { TREE: join(folder, "tree", host), CALLS: join(folder, "calls") };
  return execFileSync("sh", ["-s", "--", ...args], { cwd: folder, input: script, encoding: "utf8", env, stdio: ["pipe", "pipe", "pipe"] });
}

it("dumps a host so that diff finds nothing on it, by commands that only show", async () => {
  const told = await collect();
  expect(told.trim()).toBe(`dumps/${host}`);
  const { code, stdout } = await runCli(["diff", "cloud.json", "dumps", "--host", host], { cwd: folder });
  expect(stdout).toContain("no difference");
  expect(code).toBe(0);
  const calls = readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
  expect(calls.length).toBeGreaterThan(20);
  const harmless =
    /\b(?:show|list|list-br|dump-flows|fdb\/show|save|iptables-save|ip6tables-save|sysctl -a)\b|--help$|^(?:id|uname)|-save $|-save$/;
  expect(calls.filter((call) => !harmless.test(call))).toEqual([]);
});

it("writes nothing but the host's folder, and not over one that is there", async () => {
  const before = readdirSync(folder);
  await expect(collect()).rejects.toThrow("exists already");
  await expect(collect("--help")).rejects.toThrow("usage: sh collect.sh [FOLDER]");
  await collect("elsewhere");
  expect(readdirSync(folder).filter((name) => !before.includes(name))).toEqual(["elsewhere"]);
});
