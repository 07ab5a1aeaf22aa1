import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Ajv } from "ajv";
import { afterAll, beforeAll, expect, it } from "vitest";
import { defined } from "../src/base/invariant.js";
import { type CliRun, runCli } from "../src/testing/run-cli.js";
import { clouds } from "./tools/clouds.js";

const host = "cmp-1";
let folder = "";
const dvrc = (...args: readonly string[]): Promise<CliRun> => runCli(args, { cwd: folder });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dvrc-diff-"));
  const cloud = defined(clouds["two network nodes"], "cloud");
  writeFileSync(join(folder, "cloud.json"), JSON.stringify({ ...cloud, release: "zed" }, undefined, 1));
  for (const release of ["zed", "2025.1"]) expect((await dvrc("build", "cloud.json", "--release", release, "-o", release)).code).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Dumps of the built hosts as somebody would have them: without manifests, one file changed. */
function dumps(name: string, file: string, change: (text: string) => string): void {
  const to = join(folder, name);
  cpSync(join(folder, "zed"), to, { recursive: true });
  rmSync(join(to, "manifest.json"));
  const path = join(to, host, file);
  writeFileSync(path, change(readFileSync(path, "utf8")));
}

interface DiffJson {
  readonly counts: { readonly drift: number; readonly chance: number };
  readonly findings: readonly {
    readonly host: string;
    readonly artefact: string;
    readonly kind: string;
    readonly nature: string;
    readonly rule?: string;
    readonly because?: readonly { readonly file: string }[];
    readonly effects: readonly { readonly change: string }[];
  }[];
  readonly renumberings: readonly { readonly what: string; readonly owner: string }[];
  readonly not_compared: readonly { readonly host: string; readonly artefact: string }[];
}

async function diffJson(...args: readonly string[]): Promise<DiffJson & { readonly code: number }> {
  const { code, stdout } = await dvrc("diff", ...args, "--json");
  return { code, ...(JSON.parse(stdout) as DiffJson) };
}

it("finds nothing between a topology and what it builds, as tree and as dumps", async () => {
  dumps("same", "br-int.flows", (text) => text);
  for (const [expected, live] of [
    ["cloud.json", "zed"],
    ["cloud.json", "same"],
    ["zed", "same"],
    ["same", "zed"],
  ] as const) {
    const { code, counts, renumberings } = await diffJson(expected, live);
    expect({ expected, live, code, counts, renumberings }).toEqual({
      ...{ expected, live, code: 0, renumberings: [] },
      counts: { drift: 0, chance: 0 },
    });
  }
});

it("knows a host by its name with and without its domain, and says where its dumps are", async () => {
  dumps("qualified", "br-int.flows", (text) => text.replace(/^.*table=60, priority=90.*\n/m, ""));
  renameSync(join(folder, "qualified", host), join(folder, "qualified", `${host}.example.org`));
  expect((await diffJson("cloud.json", "qualified", "--no-effects")).findings).toMatchObject([{ host, kind: "missing" }]);
  const sarif = (await dvrc("diff", "cloud.json", "qualified", "--no-effects", "--sarif")).stdout;
  expect(sarif).toContain(`"uri": "qualified/${host}.example.org/br-int.flows"`);
});

it.each([
  [["br-int.flows"], [`${host}/br-int.flows`]],
  [
    ["br-int.ports", "br-tun.ports"],
    [`${host}/br-int.ports`, `${host}/br-tun.ports`],
  ],
  [
    ["br-int.flows", "bridges.txt"],
    [`${host}/br-int.flows`, `${host}/bridges.txt`],
  ],
])("takes for lost nothing of which only the dump is: %s", async (files, omitted) => {
  dumps("partial", "br-int.flows", (text) => text);
  for (const file of files) rmSync(join(folder, "partial", host, file));
  const { findings, not_compared } = await diffJson("cloud.json", "partial", "--no-effects");
  rmSync(join(folder, "partial"), { recursive: true });
  expect(findings).toEqual([]);
  expect(not_compared.map((one) => `${one.host}/${one.artefact}`).sort()).toEqual(omitted);
});

it("blames nothing that differs for what was only not dumped, such as kernel parameters of a sosreport", async () => {
  const topology = resolve("examples/os-dvr/topology.yaml");
  expect((await dvrc("build", topology, "-o", "partial", "--frozen")).code).toBe(0);
  const out = join(folder, "partial");
  rmSync(join(out, "manifest.json"));
  const files = readdirSync(out, { recursive: true, encoding: "utf8" });
  // That of the other network's DHCP port, which nobody sends to.
  const [artefact = ""] = files.filter((file) => /^compute-2\/qrouter-.*ip-neigh\.txt$/.test(file));
  writeFileSync(join(out, artefact), readFileSync(join(out, artefact), "utf8").replace(/.*\n$/, ""));
  for (const left of [/sysctl\.txt$/, /ip-rule\.txt$/, /iptables-save\.txt$/, /br-tun\.flows$/, /br-int\.ports$/]) {
    for (const file of files) if (left.test(file)) rmSync(join(out, file));
    const { findings } = await diffJson(topology, "partial");
    expect(findings).toMatchObject([{ host: "compute-2", kind: "missing", effects: [] }]);
  }
  rmSync(out, { recursive: true });
});

it("says for machines in which line it could not read a dump", async () => {
  dumps("odd", "br-tun.flows", (text) => text.replace(/\n.*\n/, "\n nonsense\n"));
  const { findings } = await diffJson("cloud.json", "odd", "--no-effects");
  expect(findings).toContainEqual(expect.objectContaining({ host, artefact: "br-tun.flows", kind: "unreadable", line: 2 }));
  const sarif = (await dvrc("diff", "cloud.json", "odd", "--no-effects", "--sarif")).stdout;
  expect(sarif).toContain('"startLine": 2');
});

it("compares two topologies of which one lacks hosts of the other, either way", async () => {
  const [larger, smaller] = [resolve("examples/os-dvr/topology.yaml"), resolve("examples/os-vlan/topology.yaml")];
  const { code, stdout } = await dvrc("diff", larger, smaller);
  expect([code, stdout]).toEqual([1, expect.stringMatching(/not compared\n {2}compute-3: /)]);
  expect((await dvrc("diff", smaller, larger)).code).toBe(1);
});

it("finds nothing between dumps and themselves, whatever they lack", async () => {
  const captured = resolve("golden/captured/S1/hosts");
  expect(await dvrc("diff", captured, captured)).toMatchObject({ code: 0, stdout: expect.stringContaining("no difference") as string });
});

it("names the folder of dumps that is not there", async () => {
  const { code, stderr } = await dvrc("diff", "cloud.json", "nowhere");
  expect(code).toBe(2);
  expect(stderr).toContain('DVRC7015 no-dumps: Folder "nowhere" has no dumps: it does not exist.');
});

it("compares two releases of one topology: what the later one programs otherwise", async () => {
  const { code, findings } = await diffJson("zed", "2025.1", "--no-effects");
  expect(code).toBe(1);
  const sysctls = findings.filter(({ artefact }) => artefact.endsWith("/sysctl.txt"));
  expect(sysctls.length).toBeGreaterThan(0);
  expect(findings.some(({ artefact, kind }) => artefact === "br-int.flows" && kind === "unexpected")).toBe(true);
});

it("tells renumbering apart: other port numbers and local VLANs are no difference", async () => {
  // Ports 3 and 4 of br-int change places, in the rows and in every flow.
  const swap = (text: string): string =>
    text.replace(
      /\b(in_port=|output:|reg5=0x|set_field:0x)([34])\b(?=(?:,|\s|->reg5|$))/gm,
      (_, what: string, port: string) => `${what}${7 - Number(port)}`,
    );
  dumps("swapped", "br-int.flows", swap);
  const ports = join(folder, "swapped", host, "br-int.ports");
  writeFileSync(
    ports,
    readFileSync(ports, "utf8").replace(/^([34]) /gm, (_, port: string) => `${7 - Number(port)} `),
  );
  const { code, findings, renumberings } = await diffJson("cloud.json", "swapped");
  expect(findings).toEqual([]);
  expect(renumberings.map(({ what }) => what)).toEqual(["port number", "port number"]);
  expect(code).toBe(0);
});

it("exits with 1 for chance unless it is told to ignore it", async () => {
  dumps("chance", `${namespaceOf("qrouter-", "ip-rule.txt", /lookup 16$/m)}/ip-rule.txt`, (text) =>
    text.replace(/^\d+:(\s.* lookup 16)$/m, "40000:$1"),
  );
  const { code, counts } = await diffJson("cloud.json", "chance");
  expect({ code, counts }).toEqual({ code: 1, counts: { drift: 0, chance: 1 } });
  expect((await dvrc("diff", "cloud.json", "chance", "--ignore-chance")).code).toBe(0);
});

/** The namespace of the host in which a file has a text. */
function namespaceOf(prefix: string, file: string, pattern: RegExp): string {
  const names = readdirSync(join(folder, "zed", host)).filter((name) => name.startsWith(prefix));
  return defined(
    names.find((name) => pattern.test(readFileSync(join(folder, "zed", host, name, file), "utf8"))),
    `${prefix} with ${pattern}`,
  );
}

it("gives cause, effect and hint of a difference, also where a tree is expected", async () => {
  dumps("broken", "br-tun.flows", (text) => text.replace(/^.*table=22,.*\n/gm, "").replace(/^.*table=20, priority=2,.*\n/gm, ""));
  for (const expected of ["cloud.json", "zed"]) {
    const { code, findings } = await diffJson(expected, "broken");
    expect(code).toBe(1);
    const unicast = findings.filter(({ rule }) => rule === "l2pop/unicast");
    expect(unicast.length).toBeGreaterThan(0);
    expect(unicast[0]?.because?.[0]?.file).toBe("cloud.json");
    expect(findings.some(({ effects }) => effects.some(({ change }) => change === "lost"))).toBe(true);
  }
  const { stdout } = await dvrc("diff", "cloud.json", "broken");
  expect(stdout).toContain("restart neutron-openvswitch-agent on cmp-1");
});

it("tells whom ports with another tag hurt, although their packets come to no entry that differs", async () => {
  dumps("tagged", "br-int.ports", (text) => text.replace(/^(\d+ +(?:tap|qvo)\S+ +)\d+/gm, "$1999"));
  const { code, findings } = await diffJson("cloud.json", "tagged");
  expect([code, ...new Set(findings.map(({ artefact }) => artefact))]).toEqual([1, "bridges.txt"]);
  expect(findings.flatMap(({ effects }) => effects.map(({ change }) => change))).toContain("lost");
});

it("names the device whose peer went with its namespace", async () => {
  dumps("peerless", "br-int.flows", (text) => text);
  const gone = defined(
    readdirSync(join(folder, "peerless", host)).find((name) => name.startsWith("fip-")),
    "fip namespace",
  );
  rmSync(join(folder, "peerless", host, gone), { recursive: true });
  const { stdout } = await dvrc("diff", "cloud.json", "peerless");
  expect(stdout).toMatch(/lost .*: ends at cmp-1, fip-.*: the peer of rfp-\S+ is gone\n/);
});

it("reads a sosreport's files of the same commands", async () => {
  const to = join(folder, "sos", "sosreport-cmp-1-2026-01-01-abcdefg", "sos_commands");
  const from = join(folder, "zed", host);
  const put = (name: string, text: string): void => {
    mkdirSync(dirname(join(to, name)), { recursive: true });
    writeFileSync(join(to, name), text);
  };
  const read = (name: string): string => readFileSync(join(from, name), "utf8");
  put("host/hostname", `${host}\n`);
  put("openvswitch/ovs-vsctl_-t_5_show", read("bridges.txt"));
  for (const bridge of ["br-int", "br-tun", "br-ex"]) {
    put(`openvswitch/ovs-ofctl_-O_OpenFlow13_dump-flows_${bridge}`, `OFPST_FLOW reply (OF1.3) (xid=0x2):\n${read(`${bridge}.flows`)}`);
    put(`openvswitch/ovs-ofctl_-O_OpenFlow13_show_${bridge}`, read(`${bridge}.ports`));
    put(`openvswitch/ovs-ofctl_dump-flows_${bridge}`, "NXST_FLOW reply (xid=0x4):\n");
  }
  for (const namespace of readdirSync(from).filter((name) => /^(?:qrouter|snat|fip|qdhcp)-/.test(name))) {
    const command = `networking/namespaces/${namespace}/ip_netns_exec_${namespace}`;
    put(
      `${command}_ip_-d_address_show`,
      read(`${namespace}/ip-addr.txt`).replace(/^( +link\/ether .*)$/gm, "$1\n    veth numtxqueues 1 gso_max_size 65536"),
    );
    put(`${command}_ip_route_show_table_all`, read(`${namespace}/ip-route.txt`) + read(`${namespace}/ip6-route.txt`));
    put(`${command}_ip_-s_-s_neigh_show`, read(`${namespace}/ip-neigh.txt`).replaceAll("PERMANENT", "used 1/2/3 probes 0 PERMANENT"));
    put(`${command}_ip_-4_rule_list`, read(`${namespace}/ip-rule.txt`));
    put(`${command}_ip_-6_rule_list`, read(`${namespace}/ip6-rule.txt`));
    put(`${command}_sysctl_-a`, `kernel.osrelease = 6.1\n${read(`${namespace}/sysctl.txt`)}`);
    for (const tool of ["iptables-save", "ip6tables-save"]) put(`${command}_${tool}`, read(`${namespace}/${tool}.txt`));
  }
  const { code, findings } = await diffJson("cloud.json", "sos", "--host", host);
  expect(findings).toEqual([]);
  expect(code).toBe(0);
  put("openvswitch/ovs-ofctl_-O_OpenFlow13_dump-flows_br-ex", "");
  expect((await diffJson("cloud.json", "sos", "--host", host)).counts.drift).toBeGreaterThan(0);
});

it("writes SARIF 2.1.0", async () => {
  dumps("sarif", "br-int.flows", (text) => text.replace(/^.*table=0?, ?priority=99.*\n|^.*priority=99,arp.*\n/m, ""));
  const { code, stdout } = await dvrc("diff", "cloud.json", "sarif", "--sarif");
  expect(code).toBe(1);
  const log = JSON.parse(stdout) as { readonly runs: readonly { readonly results: readonly object[] }[] };
  const validate = new Ajv({ allErrors: true }).compile(sarifShape);
  expect(validate(log) ? [] : validate.errors).toEqual([]);
  expect(log.runs[0]?.results).toHaveLength(1);
  expect(log.runs[0]?.results[0]).toMatchObject({
    level: "error",
    locations: [{ physicalLocation: { artifactLocation: { uri: `sarif/${host}/br-int.flows` } } }],
    relatedLocations: [{ physicalLocation: { artifactLocation: { uri: "cloud.json" } } }, {}, {}],
  });
});

/** The properties of SARIF 2.1.0 that the log uses, and that they are what the standard says. Source: OASIS SARIF 2.1.0, sections 3.13 to 3.34. */
const text = { type: "object", required: ["text"], properties: { text: { type: "string", minLength: 1 } }, additionalProperties: false };
const physicalLocation = {
  type: "object",
  required: ["artifactLocation"],
  properties: {
    artifactLocation: {
      type: "object",
      required: ["uri"],
      properties: { uri: { type: "string", pattern: "^[^ \\\\]+$" } },
      additionalProperties: false,
    },
    region: {
      type: "object",
      properties: { startLine: { type: "integer", minimum: 1 }, startColumn: { type: "integer", minimum: 1 } },
      additionalProperties: false,
    },
  },
  additionalProperties: false,
};
const location = {
  type: "object",
  properties: {
    id: { type: "integer", minimum: 0 },
    message: text,
    physicalLocation,
    logicalLocations: {
      type: "array",
      items: {
        type: "object",
        properties: { fullyQualifiedName: { type: "string" }, kind: { type: "string" } },
        additionalProperties: false,
      },
    },
  },
  additionalProperties: false,
};
const sarifShape = {
  type: "object",
  required: ["version", "runs"],
  properties: {
    $schema: { type: "string" },
    version: { const: "2.1.0" },
    runs: {
      type: "array",
      items: {
        type: "object",
        required: ["tool"],
        properties: {
          tool: {
            type: "object",
            required: ["driver"],
            properties: {
              driver: {
                type: "object",
                required: ["name"],
                properties: {
                  name: { type: "string" },
                  semanticVersion: { type: "string" },
                  informationUri: { type: "string" },
                  rules: {
                    type: "array",
                    uniqueItems: true,
                    items: {
                      type: "object",
                      required: ["id"],
                      properties: { id: { type: "string" }, shortDescription: text },
                      additionalProperties: false,
                    },
                  },
                },
                additionalProperties: false,
              },
            },
            additionalProperties: false,
          },
          columnKind: { enum: ["utf16CodeUnits", "unicodeCodePoints"] },
          results: {
            type: "array",
            items: {
              type: "object",
              required: ["message"],
              properties: {
                ruleId: { type: "string" },
                ruleIndex: { type: "integer", minimum: 0 },
                kind: { enum: ["notApplicable", "pass", "fail", "review", "open", "informational"] },
                level: { enum: ["none", "note", "warning", "error"] },
                message: text,
                locations: { type: "array", items: location },
                relatedLocations: { type: "array", items: location, uniqueItems: true },
                partialFingerprints: { type: "object", additionalProperties: { type: "string" } },
                properties: { type: "object" },
              },
              additionalProperties: false,
            },
          },
        },
        additionalProperties: false,
      },
    },
  },
  additionalProperties: false,
};

it("finishes a build of the tree that was interrupted before it compares", async () => {
  cpSync(join(folder, "zed"), join(folder, "half"), { recursive: true });
  const flows = join(folder, "half", host, "br-int.flows");
  const staged = join(folder, "half/.dvrc-staging/files", host, "br-int.flows");
  mkdirSync(dirname(staged), { recursive: true });
  renameSync(flows, staged);
  const journal = { removals: [], moves: [`${host}/br-int.flows`], folders: [] };
  writeFileSync(join(folder, "half/.dvrc-staging/journal"), JSON.stringify(journal));
  expect((await diffJson("cloud.json", "half")).code).toBe(0);
  expect(readdirSync(join(folder, "half"))).toEqual(readdirSync(join(folder, "zed")));
});
