import { expect, it } from "vitest";
import { compiledSide, dumpedSide } from "../src/audit/audited-host.js";
import { compareHost } from "../src/audit/compare/host.js";
import { loadHostDump } from "../src/audit/load-dumps.js";
import { defined } from "../src/base/invariant.js";
import { type Compilation, compile, compiledHost } from "../src/compile.js";
import { hasErrors } from "../src/diagnostics/diagnostic.js";
import type { TopologyDocument } from "../src/dsl/types.generated.js";
import { printArtefacts } from "../src/emit/layout.js";
import { importCloud } from "../src/import-cloud.js";
import { readJson } from "../src/read/json.js";
import { checkShape } from "../src/read/shape.js";
import { releases } from "../src/releases/index.js";
import type { LockValue } from "../src/resolve/lock.js";
import { compileExample, examples } from "../src/testing/compile-example.js";
import { clouds } from "./tools/clouds.js";
import { neutronAnswers } from "./tools/neutron-answers.js";
import { randomOf, shuffleLock } from "./tools/shuffle-lock.js";

function compileCloud(cloud: TopologyDocument, release: string, lock: ReadonlyMap<string, LockValue> | undefined): Compilation | undefined {
  const [document] = readJson({ path: "cloud.json", text: JSON.stringify(cloud) });
  const [value] = checkShape(defined(document, "document"));
  const loaded = {
    document: defined(document, "document"),
    value: defined(value, `shape of ${cloud.name}`),
    lockPath: "cloud.lock.json",
    lock: lock === undefined ? undefined : { allocations: lock },
    lockText: undefined,
  };
  const [compilation, diagnostics] = compile(loaded, { release });
  if (compilation === undefined) {
    // What a release cannot do is no cloud of it.
    const errors = diagnostics.filter(({ severity }) => severity === "error").map(({ name }) => name);
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.filter((name) => !name.endsWith("-not-in-release"))).toEqual([]);
    return undefined;
  }
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  for (const host of compilation.hosts) expect(hasErrors(compilation.host(host)[1])).toBe(false);
  return compilation;
}

/** The tree of a host as files below its folder. */
function treeOf(compilation: Compilation, host: string): Map<string, string> {
  return new Map(printArtefacts(compiledHost(compilation, host).state).map(({ path, text }) => [path.slice(host.length + 1), text]));
}

/** What an import says where the cloud is not wholly in the topology. */
const deviating: ReadonlySet<string> = new Set(["left-out", "answer-differs", "port-not-answered"]);

type Rechoose = (lock: ReadonlyMap<string, LockValue>) => Map<string, LockValue>;

/** What a cloud is after it was built, dumped, and imported again: nothing where it came back as it was. */
function changes(cloud: TopologyDocument, release: string, rechoose: Rechoose): string[] | undefined {
  const first = compileCloud(cloud, release, undefined);
  if (first === undefined) return undefined;
  const built = defined(compileCloud(cloud, release, rechoose(first.nextLock().allocations)), cloud.name);
  return changesOf(built);
}

function changesOf(built: Compilation): string[] {
  const release = built.release.name;
  const trees = new Map(built.hosts.map((host) => [host, treeOf(built, host)] as const));
  const dumps = new Map([...trees].map(([host, files]) => [host, loadHostDump(host, files)] as const));
  const states = new Map([...dumps].map(([host, { state }]) => [host, state] as const));
  const options = { name: built.resolution.topology.name, path: "imported.yaml", release };
  const [imported, diagnostics] = importCloud(neutronAnswers(built.resolution.topology), states, options);
  const errors = diagnostics.filter(({ severity, name }) => severity === "error" || deviating.has(name));
  if (imported === undefined) return errors.map(({ message }) => message);
  const { compilation } = imported;
  return [
    ...errors.map(({ message }) => message),
    ...[...dumps].flatMap(([host, dump]) => {
      const { findings, renumberings } = compareHost(
        compiledSide(compiledHost(compilation, host).state),
        dumpedSide(dump, true),
        built.release,
      );
      const differing = [...treeOf(compilation, host)]
        .filter(([path, text]) => trees.get(host)?.get(path) !== text)
        .map(([path]) => `${host}/${path} differs`);
      return [
        ...findings.map(
          ({ artefact, kind, about, expected, live }) =>
            `${host} ${artefact} ${kind} ${about}: ${expected?.text ?? ""} | ${live?.text ?? ""}`,
        ),
        ...renumberings.map(({ what, owner, expected, live }) => `${host} ${what} ${owner} ${expected} ${live}`),
        ...differing,
      ];
    }),
  ];
}

for (const [index, [name, cloud]] of Object.entries(clouds).entries()) {
  for (const driver of ["openvswitch", "iptables_hybrid", "noop"] as const) {
    it(`brings ${name} with ${driver} back from what its hosts show`, () => {
      const document = { ...cloud, agent: { ...cloud.agent, firewall_driver: driver, explicitly_egress_direct: index % 2 === 1 } };
      // Every release with the usual driver, every other one with the others.
      for (const release of releases.filter((_, at) => driver === "openvswitch" || at % 2 === index % 2)) {
        const found = changes(document, release.name, (lock) => shuffleLock(lock, randomOf(index + 1)));
        if (found === undefined) continue;
        expect({ release: release.name, found }).toEqual({ release: release.name, found: [] });
      }
    });
  }
}

it("gives a MAC that only other hosts show to the host that was not dumped, not to one without distributed routing", () => {
  const cloud = defined(clouds["hosts of every mode, networks of every type"], "cloud");
  const mac = "fa:16:3f:00:00:0c";
  const renamed = JSON.parse(JSON.stringify(cloud).replaceAll("cmp-2", "undumped")) as TopologyDocument;
  const first = defined(compileCloud(renamed, "zed", undefined), "cloud");
  const built = defined(
    compileCloud(renamed, "zed", new Map([...first.nextLock().allocations, ["host/undumped/dvr_mac_address", mac]])),
    "cloud",
  );
  const dumped = built.hosts
    .filter((host) => host !== "undumped")
    .map((host) => [host, loadHostDump(host, treeOf(built, host)).state] as const);
  const options = { name: "partly", path: "imported.yaml", release: "zed" };
  const [imported] = importCloud(neutronAnswers(built.resolution.topology), new Map(dumped), options);
  const hosts = defined(imported, "import").compilation.resolution.topology.hosts.map(({ name, dvrMac }) => [name, dvrMac] as const);
  expect(new Map(hosts).get("undumped")).toBe(mac);
  expect(new Map(hosts).get("old-1")).toBeUndefined();
});

it("leaves out that a floating IP belongs to a port on a host without distributed routers, which nobody serves", () => {
  const cloud = defined(clouds["hosts of every mode, networks of every type"], "cloud");
  const built = defined(compileCloud(cloud, "zed", undefined), "cloud");
  const dumps = new Map(built.hosts.map((host) => [host, loadHostDump(host, treeOf(built, host)).state] as const));
  const answers = new Map(neutronAnswers(built.resolution.topology));
  const { servers, routers, floatingIps } = built.resolution.topology;
  const [port] = defined(
    servers.find(({ name }) => name === "D"),
    "server",
  ).ports;
  const taken = defined(
    floatingIps.find(({ target }) => target?.port.name === "free"),
    "floating IP",
  );
  const { path, text } = defined(answers.get("floatingips"), "floating IPs");
  const body = JSON.parse(text) as { readonly floatingips: readonly Record<string, unknown>[] };
  const stranded = { port_id: port?.id, fixed_ip_address: port?.fixedIps[0]?.ip, router_id: routers.find(({ name }) => name === "R")?.id };
  const changed = body.floatingips.map((one) => (one["id"] === taken.id ? { ...one, ...stranded } : one));
  answers.set("floatingips", { path, text: JSON.stringify({ floatingips: changed }) });
  const [imported, diagnostics] = importCloud(answers, dumps, { name: "stranded", path: "imported.yaml", release: "zed" });
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(diagnostics.map(({ message }) => message).join()).toContain(
    'its port is on host "old-2", which has no L3 agent for distributed routers',
  );
  const { compilation } = defined(imported, "import");
  expect(treeOf(compilation, "old-2")).toEqual(treeOf(built, "old-2"));
  const snat = (one: Compilation): string =>
    [...treeOf(one, "net-1")].map(([path, text]) => (path.startsWith("snat-") ? text : "")).join("");
  expect(snat(built)).toContain(`${taken.ip}/32`);
  expect(snat(compilation)).not.toContain(taken.ip);
});

it("takes over rules of floating IPs that are served centrally and were there before their router", () => {
  const cloud = defined(clouds["hosts of every mode, networks of every type"], "cloud");
  const entries = {
    "net-1": ["port/C/0/floating_ip", "floating_ip/free"],
    "cmp-2": ["port/C/0/floating_ip"],
    "cmp-1": ["floating_ip/free"],
  };
  for (const release of ["zed", "2025.1"]) {
    const restarted: Rechoose = (lock) => {
      const early = Object.entries(entries).flatMap(([host, keys]) =>
        keys.map((key, index) => [`${release}/${host}/early_fip_rule/${key}`, 40000 + index] as const),
      );
      return new Map([...lock, ...early]);
    };
    const built = defined(compileCloud(cloud, release, restarted(new Map())), "cloud");
    const early = (host: string): string[] =>
      [...treeOf(built, host)].flatMap(([path, text]) =>
        path.endsWith("/ip-rule.txt") ? text.split("\n").filter((line) => line.startsWith("4000")) : [],
      );
    // The agent of a dvr host is told of its own floating IPs alone.
    expect(["net-1", "cmp-2", "cmp-1"].map((host) => early(host).length)).toEqual([2, 1, 0]);
    expect(early("cmp-2").join()).toMatch(/^40000:\tfrom 10\.83\.0\.\d+ lookup 16$/);
    expect({ release, found: changes(cloud, release, restarted) }).toEqual({ release, found: [] });
  }
});

it("takes over that an agent gave an sg- port up where nobody is at the subnet's gateway address, and nowhere else", () => {
  const cloud = defined(clouds["ports that nobody plugs in, ports that routers take, and ports without addresses"], "cloud");
  for (const release of ["newton", "zed", "2025.1"]) {
    const givenUp =
      (of: string): Rechoose =>
      (lock) =>
        new Map([...lock, [`${release}/net-1/snat_delivery/${of}`, false]]);
    const delivered = (choose: Rechoose, of: string): boolean => {
      const one = defined(compileCloud(cloud, release, choose(new Map())), "cloud");
      const { mac } = defined(
        one.resolution.topology.ports.find(({ key }) => key === of),
        of,
      );
      const flows = (treeOf(one, "net-1").get("br-int.flows") ?? "").split("\n");
      return flows.some((line) => line.includes("table=1, ") && line.includes(`dl_dst=${mac}`));
    };
    const [red, blue] = ["router/R/csnat/RED/SUB-RED", "router/R/csnat/BLUE/SUB-BLUE"];
    expect([delivered((lock) => new Map(lock), red), delivered(givenUp(red), red)]).toEqual([true, false]);
    expect({ release, found: changes(cloud, release, givenUp(red)) }).toEqual({ release, found: [] });
    // At the gateway address of BLUE is the router's interface: a flow that lacks there is drift.
    expect(changes(cloud, release, givenUp(blue))?.join()).toMatch(/net-1 br-int\.flows missing/);
  }
});

it("takes over a link-local pair that a race gave to two routers", () => {
  const cloud = defined(clouds["two network nodes"], "cloud");
  const together = { ...cloud, servers: { ...cloud.servers, V3: { host: "cmp-1", networks: ["Y2"] } } };
  const pair = "169.254.88.134/31";
  const samePair: Rechoose = (lock) => new Map([...lock].map(([key, value]) => [key, key.includes("/link_local_pair/") ? pair : value]));
  expect(changes(together, "zed", samePair)).toEqual([]);
  const first = defined(compileCloud(together, "zed", undefined), "cloud");
  const raced = defined(compileCloud(together, "zed", samePair(first.nextLock().allocations)), "cloud");
  const fip = [...treeOf(raced, "cmp-1")].filter(([path]) => path.startsWith("fip-"));
  const lines = (file: string): string[] => fip.flatMap(([path, text]) => (path.endsWith(file) ? text.trim().split("\n") : []));
  // Neutron replaces routes: the two agree in their table's default, and each has a connected route of its own.
  expect(lines("/ip-route.txt").filter((line) => line.startsWith("default"))).toHaveLength(1);
  expect(lines("/ip-route.txt").filter((line) => line.startsWith(pair))).toHaveLength(2);
  expect(lines("/ip-rule.txt").filter((line) => line.startsWith("2852018311:"))).toHaveLength(2);
});

it("takes over the orders in which an agent heard of rules and of ports that pass", () => {
  const cloud = defined(clouds["two external networks"], "cloud");
  const hybrid: TopologyDocument = { ...cloud, agent: { ...cloud.agent, firewall_driver: "iptables_hybrid" } };
  const rules = ["ingress IPv4 udp 53:53 security_group/default", "ingress IPv4 tcp 8000:8100 10.0.0.0/8", "ingress IPv4 tcp 80:80"];
  for (const release of ["zed", "2025.1"]) {
    const otherOrders: Rechoose = (lock) => {
      const changed = new Map(lock);
      for (const host of ["net-1", "cmp-1", "cmp-2"]) {
        const prefix = `${release}/${host}/ofport/`;
        const ports = [...lock.keys()].flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : []));
        changed.set(`${release}/${host}/pass_order/firewall`, ports.filter((key) => !/^(?:bridge|tunnel)\//.test(key)).reverse());
        if (host === "cmp-1") changed.set(`${release}/${host}/rule_order/security_group/web`, rules);
      }
      return changed;
    };
    const first = defined(compileCloud(hybrid, release, undefined), "cloud");
    const built = defined(compileCloud(hybrid, release, otherOrders(first.nextLock().allocations)), "cloud");
    for (const host of built.hosts) {
      const [own, other] = [treeOf(first, host), treeOf(built, host)].map((tree) => tree.get("iptables-save.txt"));
      expect(own).not.toBe(other);
      expect(own?.split("\n").sort()).toEqual(other?.split("\n").sort());
    }
    expect({ release, found: changesOf(built) }).toEqual({ release, found: [] });
  }
});

for (const { name, path } of examples()) {
  it(`brings ${name} back as its lock has it`, async () => {
    for (const release of releases) {
      const { compilation } = await compileExample(path, release.name);
      expect({ release: release.name, found: changesOf(compilation) }).toEqual({ release: release.name, found: [] });
    }
  });
}
