import { execFileSync, spawn, spawnSync } from "node:child_process";
import { closeSync, cpSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";

const dvrc = resolve("bin/dvrc.js");
const env = { ...process.env, CI: "", NO_COLOR: "1" };
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dvrc-command-line-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: readonly string[]): string =>
  execFileSync(process.execPath, [dvrc, ...args], { cwd: folder, env, encoding: "utf8", stdio: "pipe" });

it("prints the package's version", () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly version: string };
  expect(run("--version")).toBe(`${version}\n`);
});

it("ends quietly where its reader has seen enough", () => {
  const script = 'set -o pipefail; "$0" "$1" schema --json | head -n 1';
  expect(
    execFileSync("bash", ["-c", script, process.execPath, dvrc], { env, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }),
  ).toBe("{\n");
});

it("says that its output cannot be written", () => {
  const full = openSync("/dev/full", "w");
  try {
    const { status, stderr } = spawnSync(process.execPath, [dvrc, "schema"], {
      cwd: folder,
      env,
      encoding: "utf8",
      stdio: ["ignore", full, "pipe"],
    });
    expect([status, stderr]).toEqual([2, expect.stringContaining('"standard output" cannot be used: no space left on the device.')]);
  } finally {
    closeSync(full);
  }
});

it("starts with V8's code of other versions, and without any", () => {
  cpSync("bin", join(folder, "bin"), { recursive: true });
  cpSync("dist/cli", join(folder, "dist/cli"), { recursive: true, filter: (path) => !/typescript\.js|commands./.test(path) });
  const code = join(folder, "dist/cli/main.js.code");
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly version: string };
  const printed = (): string => execFileSync(process.execPath, [join(folder, "bin/dvrc.js"), "--version"], { env, encoding: "utf8" });
  expect(existsSync(code)).toBe(true);
  for (const content of [readFileSync(code), readFileSync(code).subarray(0, 5000), Buffer.from("other")]) {
    writeFileSync(code, content);
    expect(printed()).toBe(`${version}\n`);
  }
  rmSync(code);
  expect(printed()).toBe(`${version}\n`);
});

it("imports packages and Node's modules from kept code, too", () => {
  expect(run("build", resolve("examples/os-dvr/topology.yaml"), "--frozen", "--jobs", "2", "-o", "out")).toContain(": 3 hosts in");
  const text = readFileSync("examples/os-dvr/topology.ts", "utf8");
  mkdirSync(join(folder, "node_modules/odd"), { recursive: true });
  writeFileSync(join(folder, "node_modules/odd/package.json"), '{ "name": "odd", "type": "module", "types": "index.d.ts" }');
  writeFileSync(join(folder, "node_modules/odd/index.js"), "export const odd = (number) => number % 2 === 1;");
  writeFileSync(join(folder, "node_modules/odd/index.d.ts"), "export declare const odd: (number: number) => boolean;");
  const imports = 'import { sep } from "node:path";\nimport { odd } from "odd";\nif (odd(sep.length * 2)) throw new Error(sep);\n';
  writeFileSync(join(folder, "topology.ts"), imports + text);
  expect(run("build", "topology.ts", "-o", "typescript")).toContain(": 3 hosts in");
});

it.each(["no-external-network", "duplicate-dvr-mac"])("tells the same of %s whether threads help or not", (name) => {
  const [alone, helped] = ["1", "2"].map((jobs) => {
    const args = ["build", resolve(`golden/errors/${name}.topology.yaml`), "--frozen", "--jobs", jobs];
    return spawnSync(process.execPath, [dvrc, ...args], { cwd: folder, env, encoding: "utf8" });
  });
  expect(alone).toMatchObject({ status: 2, stderr: expect.stringContaining(name) as unknown });
  expect([helped?.status, helped?.stderr]).toEqual([2, alone?.stderr]);
});

it.each([
  ["YAML", []],
  ["TypeScript", ["--ts"]],
])("builds what init writes in %s", (_, flags) => {
  run("init", ...flags);
  expect(run("build")).toContain(": 3 hosts in");
});

it("builds again when the topology changes", async () => {
  run("init");
  const topology = join(folder, "topology.yaml");
  const watching = spawn(process.execPath, [dvrc, "build", "--watch"], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  try {
    let told = "";
    for (const stream of [watching.stdout, watching.stderr]) stream.on("data", (part: Buffer) => (told += part.toString()));
    const until = async (what: () => boolean): Promise<void> => {
      for (let tries = 0; tries < 200 && !what(); tries++) await setTimeout(50);
      expect(what(), told).toBe(true);
    };
    await until(() => told.includes("Watching"));
    expect(existsSync(join(folder, "out/compute-3"))).toBe(false);
    const before = readFileSync(topology, "utf8");
    writeFileSync(topology, before.replace("\nnetworks:", "  compute-3: { agent_mode: dvr, local_ip: 192.0.2.13 }\n\nnetworks:"));
    await until(() => existsSync(join(folder, "out/compute-3/br-int.flows")) && told.split("Watching").length === 3);
    writeFileSync(topology, `${before}surprise: true\n`);
    await until(() => told.includes("unknown-property") && told.split("Watching").length === 4);
    writeFileSync(topology, before);
    await until(() => !existsSync(join(folder, "out/compute-3/br-int.flows")) && told.split("Watching").length === 5);
    rmSync(topology);
    await until(() => told.includes("no-topology") && told.split("Watching").length === 6);
    writeFileSync(topology, before);
    await until(() => told.split("Watching").length === 7);
    const lock = join(folder, "topology.lock.json");
    rmSync(lock);
    await until(() => existsSync(lock) && told.split("Watching").length === 8);
    writeFileSync(lock, "{");
    await until(() => told.includes("lock-syntax"));
  } finally {
    watching.kill();
  }
});

it.each([
  ["process.exit(0);", "it ends the process"],
  ["process.exit(7);", "it ends the process"],
  ["await new Promise(() => {});", "it waits for what never comes"],
  ['Promise.reject(new Error("no name"));', "no name"],
  ['setTimeout(() => { throw new Error("too late"); }, 1);', "too late"],
])("tells of a topology with %s, without a stack", (statement, what) => {
  writeFileSync(
    join(folder, "topology.ts"),
    `declare const process: any, setTimeout: any;\n${statement}\nexport default { name: "x", hosts: { "node-1": { agent_mode: "dvr" } } };\n`,
  );
  const { status, stderr } = spawnSync(process.execPath, [dvrc, "check"], { cwd: folder, env, encoding: "utf8" });
  expect(stderr).toBe(`error DVRC1015 topology-throws: The topology fails when it is evaluated: ${what}.\n`);
  expect(status).toBe(2);
});
