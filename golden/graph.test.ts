import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { layOut } from "../src/cli/graph/lay-out.js";
import { walkBetween } from "../src/cli/trace/walk-between.js";
import type { Compilation } from "../src/compile.js";
import { compiledHost } from "../src/compile.js";
import { draw } from "../src/graph/draw.js";
import { boxOfMachine, boxOnHost, tunnelPort } from "../src/graph/host-picture.js";
import type { Box, Link, LinkEnd, Passage, Picture } from "../src/graph/picture.js";
import { routeOf } from "../src/graph/route.js";
import { openScene } from "../src/open-scene.js";
import type { Leg } from "../src/virtual/walk.js";
import { lastKey } from "../src/source/pointer.js";
import { compileExample, examples } from "../src/testing/compile-example.js";
import { type CliRun, runCli } from "../src/testing/run-cli.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dvrc-graph-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const graph = (...args: readonly string[]): Promise<CliRun> =>
  runCli(["graph", resolve("examples/os-dvr/topology.yaml"), ...args], { cwd: folder });

function pictureOf(compilation: Compilation): Picture {
  const { plan } = openScene(compilation).scene.world;
  const states = compilation.hosts.map((host) => compiledHost(compilation, host).state);
  return draw(plan, states, { title: (namespace) => namespace, facts: () => [] });
}

function boxesOf({ hosts, outside }: Picture): ReadonlyMap<string, Box> {
  return new Map([...hosts.flatMap(({ boxes }) => boxes), ...outside].map((box) => [box.id, box]));
}

function endsOf({ upper, lower }: Link): readonly LinkEnd[] {
  return [upper, lower];
}

it.each(examples())("draws all that $name has on its hosts, and joins what is joined", async ({ path }) => {
  const { compilation } = await compileExample(path);
  const picture = pictureOf(compilation);
  const boxes = boxesOf(picture);
  const ends = picture.links.flatMap(endsOf);
  for (const end of ends) {
    const box = boxes.get(end.box);
    expect(box, end.box).toBeDefined();
    if (end.port !== undefined) expect(box?.ports.map(({ name }) => name)).toContain(end.port);
  }
  const linked = ends.map(({ box, port }) => `${box} ${port ?? ""}`);
  for (const name of compilation.hosts) {
    const { bridges, namespaces } = compiledHost(compilation, name).state;
    const wanted = [
      ...bridges.flatMap((bridge) =>
        bridge.ports.map((port) => `${boxOnHost(name, bridge.name)} ${port.type.kind === "tunnel" ? tunnelPort : port.name}`),
      ),
      ...namespaces.flatMap((namespace) =>
        namespace.devices
          .filter(({ type }) => type.kind !== "loopback")
          .map((device) => `${boxOnHost(name, namespace.name)} ${device.name}`),
      ),
    ];
    // Each has one other end, and is drawn once.
    for (const end of new Set(wanted)) expect(linked.filter((one) => one === end).length, end).toBe(1);
  }
});

it.each(examples())("leads every packet of $name from its sender to its receiver, and its answer back, link by link", async ({ path }) => {
  const { compilation } = await compileExample(path);
  const picture = pictureOf(compilation);
  const { topology } = compilation.resolution;
  const servers = topology.servers.map(({ pointer }) => lastKey(pointer));
  let delivered = 0;
  for (const from of servers) {
    for (const to of servers.filter((name) => name !== from)) {
      const [found] = walkBetween(openScene(compilation), topology, { from, to }, { protocol: "icmp" });
      if (found === undefined) throw new Error(`${from} to ${to}`);
      const route = routeOf(found, picture);
      expectLeft(found.there, route.there, picture);
      const way = boxesOn(route.there);
      expect(way[0]).toBe(boxOfMachine(from));
      if (!found.delivered) {
        expect(boxesOf(picture).has(route.lostAt ?? "")).toBe(true);
        continue;
      }
      delivered++;
      expect(way.at(-1)).toBe(boxOfMachine(to));
      const answer = boxesOn(route.back);
      expect([answer[0], answer.at(-1), route.lostAt]).toEqual([boxOfMachine(to), boxOfMachine(from), undefined]);
    }
  }
  expect(delivered).toBeGreaterThan(0);
});

/** Of each port by which the packet left a box, its link is on the way. */
function expectLeft({ steps }: Leg, passages: readonly Passage[], picture: Picture): void {
  const boxes = boxesOf(picture);
  const left = passages.map(({ link, downwards }) => (downwards ? link.upper : link.lower)).map(({ box, port }) => `${box} ${port ?? ""}`);
  steps.forEach(({ place, leaves }, at) => {
    const next = steps[at + 1]?.place ?? place;
    if (place.kind === "namespace" && next.name !== place.name) expect(leaves, place.name).toBeDefined();
    const box = place.host === undefined ? boxOfMachine(place.name) : boxOnHost(place.host, place.name);
    if (boxes.get(box)?.ports.some(({ name }) => name === leaves) === true) expect(left).toContain(`${box} ${leaves ?? ""}`);
  });
}

/** The boxes that a way passes. Errors: fails where a link does not begin where the one before it ends. */
function boxesOn(passages: readonly Passage[]): readonly string[] {
  const boxes: string[] = [];
  for (const { link, downwards } of passages) {
    const [near, far] = downwards ? [link.upper, link.lower] : [link.lower, link.upper];
    if (boxes.length > 0) expect(near.box).toBe(boxes.at(-1));
    else boxes.push(near.box);
    boxes.push(far.box);
  }
  return boxes;
}

it("draws the hosts on a packet's way, and numbers its links there and back", async () => {
  const { code, stdout } = await graph("VM2", "198.18.0.1", "--release", "zed", "--format", "dot");
  expect(code).toBe(0);
  expect([...stdout.matchAll(/label=<<b>(.*?)<\/b>>/g)].map(([, host]) => host)).toEqual(["network-1", "compute-3"]);
  const numbers = (colour: string): readonly number[] =>
    [...stdout.matchAll(new RegExp(`color="${colour}", fontcolor="${colour}", penwidth=2, label=" (\\d+) "`, "g"))].map(([, nth]) =>
      Number(nth),
    );
  // qbr, br-int, qrouter, br-int, br-tun, underlay, br-tun, br-int, snat, br-int, br-ex, extnet, upstream.
  expect(numbers("#c0392b")).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  expect(numbers("#1f5fa8")).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect(stdout).toContain("<b>os-dvr for zed: VM2 to 198.18.0.1, icmp</b>");
});

it("marks where a packet is dropped, and exits with 1", async () => {
  const { code, stdout } = await graph("upstream-EXT-NET", "VM1", "--proto", "tcp", "--dport", "80", "--format", "dot");
  expect(code).toBe(1);
  expect([...stdout.matchAll(/border="3" color="#c0392b".*?<b>(.*?)<\/b>/g)].map(([, box]) => box)).toEqual(["qbrddad4cc6-af"]);
  expect(stdout).toMatch(/>there<\/font>: dropped at compute-2 qbrddad4cc6-af: /);
});

it("lays out what it draws, in the format that the file's name tells", async () => {
  expect(await graph("-o", "cloud.svg")).toEqual({ code: 0, stdout: "", stderr: "" });
  const svg = readFileSync(join(folder, "cloud.svg"), "utf8");
  const texts = textsOf(svg);
  for (const text of [
    "network-1",
    "compute-2",
    "compute-3",
    "VM1",
    "floating 169.254.0.55",
    "qrouter-R1",
    "snat-R1",
    "fip-EXT-NET",
    "qg-765b5aca-ce",
  ])
    expect(texts).toContain(text);
  expect((await graph("-o", "cloud.gv")).code).toBe(0);
  expect(readFileSync(join(folder, "cloud.gv"), "utf8")).toMatch(/^digraph dvrc \{\n/);
  expect((await graph("--host", "compute-2", "--format", "dot", "-o", "host.svg")).code).toBe(0);
  const host = readFileSync(join(folder, "host.svg"), "utf8");
  expect([host.startsWith("digraph"), host.includes("<b>compute-2</b>"), host.includes("<b>compute-3</b>")]).toEqual([true, true, false]);
});

/** What is written in a picture, as XML has it but for hyphens. */
function textsOf(svg: string): readonly string[] {
  return [...svg.matchAll(/<text [^>]*>(.*?)<\/text>/g)].map(([, text = ""]) => text.replaceAll("&#45;", "-"));
}

it.each([
  [["-o", "cloud.png"], "dvrc draws .svg and .dot files"],
  [["VM1"], "a packet's way has two ends"],
  [["--dport", "22"], "a packet's way has two ends"],
  [["VM1", "VM2", "--proto", "icmp", "--dport", "22"], "icmp has no ports"],
  [["VM1", "VM3"], 'A trace cannot go to "VM3"'],
  [["--host", "compute-4"], "compute-4"],
  [["-o", "none/cloud.svg"], "no such file or folder"],
])("refuses %j", async (args, reason) => {
  const { code, stdout, stderr } = await graph(...args);
  expect([code, stdout, stderr]).toEqual([2, "", expect.stringContaining(reason)]);
  expect(existsSync(join(folder, "cloud.png"))).toBe(false);
});

it("writes any name so that Graphviz and browsers take it for a name", async () => {
  const networks = { 'n"<&\\l]>': { subnets: { s: { cidr: "10.1.0.0/24" } } } };
  const hosts = { "node-1": { agent_mode: "dvr", local_ip: "192.0.2.1" } };
  const names = ["</table>", "&amp;", "\\N", "a\u202e\u0000", "x".repeat(10_000), "<script>"];
  const servers = Object.fromEntries(names.map((name) => [name, { host: "node-1", networks: Object.keys(networks) }]));
  writeFileSync(join(folder, "odd.json"), JSON.stringify({ name: "<b>", hosts, networks, servers }));
  const { code, stdout } = await runCli(["graph", "odd.json", "</table>", "<script>"], { cwd: folder });
  expect(code).toBe(0);
  const texts = textsOf(stdout);
  expect(texts).toEqual(
    expect.arrayContaining(["&lt;/table&gt;", "&amp;amp;", "\\N", "a\\u202e\\u0000", `${"x".repeat(47)}…`, "&lt;script&gt;"]),
  );
  expect(stdout).not.toContain("<script");
});

it("draws the sender's host where a packet does not leave it, and says beforehand that many hosts take long", async () => {
  const hosts = Object.fromEntries(
    Array.from({ length: 61 }, (_, at) => [`node-${at}`, { agent_mode: "dvr", local_ip: `192.0.2.${at + 1}` }]),
  );
  const networks = { lone: { subnets: { s: { cidr: "10.1.0.0/24", gateway_ip: null } } } };
  const servers = { lone: { host: "node-7", networks: ["lone"] } };
  writeFileSync(join(folder, "many.json"), JSON.stringify({ name: "many", hosts, networks, servers }));
  const lost = await runCli(["graph", "many.json", "lone", "198.18.0.1", "--format", "dot"], { cwd: folder });
  expect([lost.code, lost.stderr]).toEqual([1, ""]);
  expect([...lost.stdout.matchAll(/<b>(node-\d+|lone)<\/b>/g)].map(([, name]) => name)).toEqual(["node-7", "lone"]);
  expect(lost.stdout).toMatch(/border="3" color="#c0392b"[^\n]*<b>lone<\/b>/);
  const all = await runCli(["graph", "many.json"], { cwd: folder });
  expect([all.code, all.stderr]).toEqual([0, expect.stringContaining("To lay out 61 hosts may take minutes")]);
});

it("lays out nothing at all where there is no host to draw", async () => {
  expect(await layOut("digraph dvrc {}\n")).toMatch(/<svg /);
});
