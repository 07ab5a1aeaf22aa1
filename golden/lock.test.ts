import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { hostChoices } from "../src/adopt/choices.js";
import { compile, type Compilation, type Loaded, loadTopology } from "../src/compile.js";
import type { LockValue } from "../src/resolve/index.js";

async function load(): Promise<Loaded> {
  const [loaded] = await loadTopology("examples/os-dvr/topology.yaml");
  if (loaded?.lock === undefined) throw new Error("os-dvr has no lock");
  return loaded;
}

function compileAll(loaded: Loaded, release: string): Compilation {
  const [compilation, diagnostics] = compile(loaded, { release });
  if (compilation === undefined) throw new Error(diagnostics.map(({ message }) => message).join(" "));
  for (const host of compilation.hosts) compilation.host(host);
  return compilation;
}

/** os-dvr with a lock that lacks some entries. */
async function without(pattern: RegExp): Promise<Loaded> {
  const loaded = await load();
  const kept = [...(loaded.lock?.allocations ?? [])].filter(([key]) => !pattern.test(key));
  return { ...loaded, lock: { allocations: new Map(kept) } };
}

function chosen(compilation: Compilation, pattern: RegExp): [string, LockValue][] {
  return [...compilation.nextLock().allocations].filter(([key]) => pattern.test(key));
}

// neutron-dvr.md, section 10: what a fresh agent of each release takes first.
it("gives Newton's first priority and pair where the lock has none", async () => {
  const compilation = compileAll(await without(/fip_rule_priority|link_local_pair/), "newton");
  expect(chosen(compilation, /^newton.*(fip_rule_priority|link_local_pair)/)).toEqual([
    ["newton/compute-2/fip_rule_priority/port/VM1/0/floating_ip", 57481],
    ["newton/compute-2/link_local_pair/router/R1", "169.254.106.114/31"],
  ]);
});

it.each(["zed", "2025.1", "2026.1"])("gives %s its first pair on every host where the lock has none", async (release) => {
  const compilation = compileAll(await without(/link_local_pair/), release);
  const pairs = chosen(compilation, new RegExp(`^${release}/.*link_local_pair`));
  expect(pairs.map(([, pair]) => pair)).toEqual(["169.254.88.134/31", "169.254.88.134/31", "169.254.88.134/31"]);
});

it.each(["newton", "zed", "2025.1", "2026.1"])("leaves the lock of os-dvr as it is for %s", async (release) => {
  const loaded = await load();
  expect(compileAll(loaded, release).nextLockText()).toBe(loaded.lockText?.text);
});

it("keeps the lock of hosts that are not compiled", async () => {
  const loaded = await load();
  const [compilation] = compile(loaded, { release: "zed" });
  compilation?.host("compute-2");
  expect(compilation?.nextLockText()).toBe(loaded.lockText?.text);
});

it("has every choice of a host in the lock's documentation", () => {
  const page = readFileSync("docs/lock.md", "utf8");
  expect([...hostChoices.keys()].filter((choice) => !page.includes(`\`${choice}\``))).toEqual([]);
});
