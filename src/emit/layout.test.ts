import { expect, it } from "vitest";
import { InvariantError } from "../base/invariant.js";
import { someOrigin } from "../formats/testing/arbitrary-values.js";
import type { Bridge } from "../ir/bridge.js";
import type { HostState } from "../ir/host-state.js";
import type { Namespace } from "../ir/namespace.js";
import { macFromNumber } from "../net/mac.js";
import { because } from "../source/origin.js";
import { artefactPaths, printArtefactLines, printArtefacts } from "./layout.js";

const flowOrigin = because("made-up/flow", "/hosts/h");
const bridge: Bridge = {
  name: "br-int",
  datapathId: "0000000000000001",
  failMode: "secure",
  datapathType: "system",
  controllers: [],
  protocols: [],
  otherConfig: {},
  ports: [{ name: "tap-1", ofport: 3, tag: 2, type: { kind: "internal" }, datapathPort: 4, origin: someOrigin }],
  flows: [
    { table: 1, priority: 0, cookie: 0n, match: {}, actions: [], origin: flowOrigin },
    { table: 0, priority: 2, cookie: 1n, match: { inPort: 3 }, actions: [{ kind: "goto-table", table: 1 }], origin: flowOrigin },
  ],
  origin: someOrigin,
};

const namespace: Namespace = {
  name: "qrouter-1",
  kind: "qrouter",
  devices: [{ name: "lo", index: 1, type: { kind: "loopback" }, mac: macFromNumber(0), mtu: 65536, addresses: [], origin: someOrigin }],
  ipRules: [
    { priority: 32766, lookup: "main", origin: someOrigin },
    { priority: 0, lookup: "local", origin: someOrigin },
  ],
  ip6Rules: [],
  routes: [],
  routes6: [],
  neighbours: [],
  iptables: [{ name: "nat", chains: [{ name: "OUTPUT", policy: "ACCEPT", rules: [], origin: flowOrigin }] }],
  ip6tables: [],
  sysctls: [],
  origin: someOrigin,
};

const state: HostState = { host: "h", bridges: [bridge], namespaces: [namespace], root: undefined, ipSets: [] };

it("names a host's artefacts", () => {
  expect(artefactPaths(state)).toEqual([
    "h/br-int.flows",
    "h/br-int.ports",
    "h/bridges.txt",
    "h/qrouter-1/ip-addr.txt",
    "h/qrouter-1/ip-rule.txt",
    "h/qrouter-1/ip6-rule.txt",
    "h/qrouter-1/ip-route.txt",
    "h/qrouter-1/ip6-route.txt",
    "h/qrouter-1/ip-neigh.txt",
    "h/qrouter-1/iptables-save.txt",
    "h/qrouter-1/ip6tables-save.txt",
    "h/qrouter-1/sysctl.txt",
    "h/apply.sh",
  ]);
});

it("adds the host's own iptables where its own namespace filters", () => {
  const filtering = { ...state, bridges: [], namespaces: [], root: { ...namespace, name: "", kind: "root" } as const };
  expect(artefactPaths(filtering)).toEqual(["h/bridges.txt", "h/iptables-save.txt", "h/ip6tables-save.txt", "h/ipset.txt", "h/apply.sh"]);
});

it("prints artefacts in the order of the tree, whatever the order of the state", () => {
  const texts = new Map(printArtefacts(state).map(({ path, text }) => [path, text]));
  expect(texts.get("h/br-int.flows")).toBe(" cookie=0x1, priority=2,in_port=3 actions=goto_table:1\n table=1, priority=0 actions=drop\n");
  expect(texts.get("h/qrouter-1/ip-rule.txt")).toBe("0:\tfrom all lookup local\n32766:\tfrom all lookup main\n");
  expect(texts.get("h/br-int.ports")).toBe(
    "ofport name             tag  type     options\n" +
      "LOCAL  br-int           -    bridge   datapath_id=0000000000000001 datapath_type=system fail_mode=secure\n" +
      "3      tap-1            2    internal datapath_port=4\n",
  );
});

it("gives the same lines with their causes, of which lines of form take the last one", () => {
  for (const { path, text } of printArtefacts(state)) {
    const lines = printArtefactLines(state, path) ?? [];
    expect(lines.map((line) => `${line.text}\n`).join("")).toBe(text);
    expect(lines.every(({ origin }) => origin !== undefined)).toBe(true);
  }
  expect(printArtefactLines(state, "h/qrouter-1/iptables-save.txt")?.at(-1)).toEqual({ text: "COMMIT", origin: flowOrigin });
  expect(printArtefactLines(state, "h/nothing.txt")).toBeUndefined();
});

it.each(["../h", "h/..", "", ".h", "h\n", "h\u0000", "-h", "x".repeat(256), "hôst"])("never makes a path of the host name %j", (host) => {
  expect(() => printArtefacts({ ...state, host })).toThrow(InvariantError);
});

it("gives every host the same script, which no name gets into", () => {
  const script = (host: HostState): string | undefined => printArtefacts(host).find(({ path }) => path === `${host.host}/apply.sh`)?.text;
  const other: HostState = { ...state, host: "other", bridges: [], namespaces: [] };
  expect(script(state)).toBe(script(other));
  expect(printArtefactLines(state, "h/apply.sh")?.[0]).toEqual({
    text: "#!/usr/bin/env bash",
    origin: { lowering: "dvrc/apply", because: someOrigin.because },
  });
});
