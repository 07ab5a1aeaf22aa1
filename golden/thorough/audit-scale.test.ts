import { expect, it } from "vitest";
import { audit } from "../../src/audit/audit.js";
import { compiledSide, dumpedSide } from "../../src/audit/audited-host.js";
import { compareHost } from "../../src/audit/compare/host.js";
import { loadHostDump } from "../../src/audit/load-dumps.js";
import { defined } from "../../src/base/invariant.js";
import { compiledHost } from "../../src/compile.js";
import type { TopologyDocument } from "../../src/dsl/types.generated.js";
import { printArtefacts } from "../../src/emit/layout.js";
import { importCloud } from "../../src/import-cloud.js";
import { compileDocument } from "../tools/compile-document.js";
import { neutronAnswers } from "../tools/neutron-answers.js";

const computes = 48;
const networks = 24;
const servers = 850;

/** A cloud of 50 hosts and 1,000 ports: every second network has a router of its own, a tenth of the servers floating IPs. */
function largeCloud(): TopologyDocument {
  const host = (index: number): string => `compute-${String(index + 1).padStart(2, "0")}`;
  const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
  const mapped = { bridge_mappings: { extnet: "br-ex" } };
  return {
    name: "large",
    release: "zed",
    hosts: Object.fromEntries([
      ...range(2).map((index) => [`network-${index + 1}`, { agent_mode: "dvr_snat", local_ip: `192.0.2.${index + 1}`, ...mapped }]),
      ...range(computes).map((index) => [host(index), { agent_mode: "dvr", local_ip: `192.0.2.${index + 10}`, ...mapped }]),
    ]) as TopologyDocument["hosts"],
    networks: {
      EXT: {
        "router:external": true,
        shared: true,
        "provider:network_type": "flat",
        "provider:physical_network": "extnet",
        subnets: { "EXT-SUB": { cidr: "198.18.0.0/16", enable_dhcp: false } },
      },
      ...Object.fromEntries(
        range(networks).map((index) => [`NET-${index}`, { subnets: { [`SUB-${index}`]: { cidr: `10.${index}.0.0/16` } } }]),
      ),
    },
    routers: Object.fromEntries(
      range(networks / 2).map((index) => [
        `R${index}`,
        { interfaces: [`SUB-${2 * index}`, `SUB-${2 * index + 1}`], external_gateway: "EXT" },
      ]),
    ),
    servers: Object.fromEntries(
      range(servers).map((index) => [
        `vm-${index}`,
        {
          host: host(index % computes),
          networks: [`NET-${index % networks}`],
          ...(index % 10 === 0 ? { floating_ip: true as const } : {}),
        },
      ]),
    ),
    security_groups: { default: { rules: [{ protocol: "icmp" }, { protocol: "tcp", port: 22 }] } },
  };
}

it("imports and audits a cloud of 1,000 ports on 50 hosts in seconds", () => {
  const built = compileDocument(largeCloud());
  const dumps = new Map(
    built.hosts.map((name) => {
      const files = printArtefacts(compiledHost(built, name).state).map(({ path, text }) => [path.slice(name.length + 1), text] as const);
      return [name, new Map(files)] as const;
    }),
  );
  const { ports, hosts } = built.resolution.topology;
  expect(hosts).toHaveLength(50);
  expect(ports.length).toBeGreaterThan(1000);

  // Seconds of this process, whatever else the machine does.
  const now = (): number => (process.cpuUsage().user + process.cpuUsage().system) / 1000;
  const started = now();
  const loaded = new Map([...dumps].map(([name, files]) => [name, loadHostDump(name, files)] as const));
  const states = new Map([...loaded].map(([name, { state }]) => [name, state] as const));
  const [imported] = importCloud(neutronAnswers(built.resolution.topology), states, { name: "large", path: "large.yaml" });
  const { compilation } = defined(imported, "import");
  const importedAt = now();
  const outcome = audit(
    { hosts: compilation.hosts, host: (name) => compiledSide(compiledHost(compilation, name).state) },
    { hosts: [...loaded.keys()], host: (name) => dumpedSide(defined(loaded.get(name), name), true) },
    compilation.release,
  );
  const auditedAt = now();
  expect(outcome.hosts.flatMap(({ findings, renumberings }) => [...findings, ...renumberings])).toEqual([]);
  const entries = outcome.hosts.reduce((sum, { compared }) => sum + compared, 0);
  const seconds = (from: number, to: number): string => ((to - from) / 1000).toFixed(1);
  console.log(
    `${ports.length} ports, ${hosts.length} hosts: import ${seconds(started, importedAt)} s, audit of ${entries} entries ${seconds(importedAt, auditedAt)} s`,
  );
  expect(auditedAt - started).toBeLessThan(30_000);
}, 60_000);

it("keeps of a bridge or namespace that differs nothing of what is in it", () => {
  const built = compileDocument(largeCloud());
  const { state } = compiledHost(built, "network-1");
  const other = {
    ...state,
    bridges: state.bridges.map((bridge) => ({ ...bridge, protocols: ["OpenFlow99"], failMode: "standalone" as const })),
    namespaces: state.namespaces.slice(1),
  };
  const { findings } = compareHost(compiledSide(state), compiledSide(other), built.release);
  const about = findings.map(({ kind, about: what, artefact }) => `${artefact} ${kind} ${what}`);
  expect(about).toEqual([
    ...state.bridges.map(() => "bridges.txt changed another fail_mode, protocols"),
    `${state.namespaces[0]?.name ?? ""}/ missing `,
  ]);
  const kept = findings.flatMap(({ expected, live }) => [expected, live]).flatMap((side) => side?.entry ?? []);
  expect(JSON.stringify(kept).length).toBeLessThan(10_000);
});
