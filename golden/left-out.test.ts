import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type AnswerFile, answerFiles, readAnswers } from "../src/adopt/answers.js";
import { leftOutOf } from "../src/adopt/left-out.js";
import { defined } from "../src/base/invariant.js";
import type { SourceText } from "../src/source/span.js";
import { type CliRun, runCli } from "../src/testing/run-cli.js";
import { captureNames } from "./tools/captures.js";
import { captureAnswers } from "./tools/imported-captures.js";

/** A cloud with routers of both kinds that are HA, quality of service, a trunk and port forwarding beside what dvrc models. */
const capture = resolve("golden/captured-unmodelled/zed");

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dvrc-left-out-"));
  const { code, stderr } = await runCli(
    ["import", "neutron", join(capture, "api"), "--hosts", join(capture, "hosts"), "-o", "cloud.yaml"],
    {
      cwd: folder,
    },
  );
  expect(code).toBe(0);
  // Each is named.
  const told = [...stderr.matchAll(/left-out: The (.*?) [0-9a-f-]{36} is left out/g)].map(([, what]) => what);
  expect([...new Set(told)].sort()).toEqual([
    "QoS policy of port",
    "association of floating IP",
    "port forwarding of floating IP",
    "router",
    "trunk of port",
  ]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Report {
  readonly findings: readonly {
    readonly host: string;
    readonly artefact: string;
    readonly kind: string;
    readonly live?: string;
  }[];
  readonly not_compared: readonly { readonly artefact: string; readonly reason: string }[];
}

async function differences(hosts: string, ...more: readonly string[]): Promise<Report & Pick<CliRun, "code">> {
  const { code, stdout } = await runCli(["diff", "cloud.yaml", hosts, "--no-effects", "--json", ...more], { cwd: folder });
  return { code, ...(JSON.parse(stdout) as Report) };
}

const withAnswers = ["--api", join(capture, "api")];

it("tells what a cloud has for resources that its topology leaves out from drift, all of it", async () => {
  const { code, findings, not_compared: omissions } = await differences(join(capture, "hosts"), ...withAnswers);
  expect([code, findings]).toEqual([0, []]);
  const reasons = new Set(omissions.map(({ reason }) => reason.replace(/ [0-9a-f-]{36}/, "")));
  expect([...reasons].sort()).toEqual([
    "floating IP is left out of the topology",
    "port forwarding is not modelled",
    "quality of service is not modelled",
    "router is left out of the topology",
  ]);
});

it("knows without the answers what only extensions make", async () => {
  const { code, findings } = await differences(join(capture, "hosts"));
  expect(code).toBe(1);
  expect(findings.filter(({ live }) => live !== undefined).length).toBeGreaterThan(100);
  expect(findings.filter(({ live }) => /set_queue|ip_dscp|fip-pf/.test(live ?? ""))).toEqual([]);
});

/** The capture's dumps with one file changed. */
function changed(host: string, file: RegExp, change: (text: string) => string): string {
  const hosts = mkdtempSync(join(folder, "hosts-"));
  cpSync(join(capture, "hosts"), hosts, { recursive: true });
  const names = readdirSync(join(hosts, host), { recursive: true, encoding: "utf8" });
  const path = join(
    hosts,
    host,
    defined(
      names.find((name) => file.test(name)),
      String(file),
    ),
  );
  const text = readFileSync(path, "utf8");
  const other = change(text);
  expect(other).not.toBe(text);
  writeFileSync(path, other);
  return hosts;
}

/** A neighbour in a router that is there, with the address of a port of a router that is left out. */
function twin(text: string): string {
  return `${text}10.3.0.1 dev qr-${/ dev qr-(\S+)/.exec(text)?.[1] ?? ""} lladdr fa:16:3e:00:00:01 PERMANENT\n`;
}

it.each([
  ["a flow that is gone", "missing", /^br-tun\.flows$/, (text: string) => text.replace(/^.*table=4, .*\n/m, "")],
  [
    "a flow for a machine that is there",
    "unexpected",
    /^br-int\.flows$/,
    (text: string) => text.replace(/^(.*table=60, priority=)90(,dl_vlan=1,.*\n)/m, "$&$191$2"),
  ],
  [
    "a rule of a router that is there",
    "unexpected",
    /^qrouter-210c.*\/ip-rule\.txt$/,
    (text: string) => `${text}40000:\tfrom 10.1.0.77 lookup 16\n`,
  ],
  [
    "a route of a router that is there",
    "unexpected",
    /^qrouter-210c.*\/ip-route\.txt$/,
    (text: string) => `${text}10.77.0.0/16 via 10.1.0.9 dev qr-${/qr-(\S+)/.exec(text)?.[1] ?? ""}\n`,
  ],
  ["an address of another network that is the same", "unexpected", /^qrouter-210c.*\/ip-neigh\.txt$/, twin],
])("still tells of %s, and of nothing else", async (_, kind, file, change) => {
  const { code, findings } = await differences(changed("compute-2", file, change), ...withAnswers);
  expect([code, findings.map((finding) => [finding.host, finding.kind])]).toEqual([1, [["compute-2", kind]]]);
});

it("still tells what hosts have for a router that was switched off, and for its floating IPs", async () => {
  const api = mkdtempSync(join(folder, "api-"));
  cpSync(join(capture, "api"), api, { recursive: true });
  const path = join(api, "routers.json");
  const { routers } = JSON.parse(readFileSync(path, "utf8")) as {
    readonly routers: readonly { readonly ha: boolean; readonly distributed: boolean; readonly id: string }[];
  };
  const [off] = routers.filter(({ ha, distributed }) => ha && distributed);
  const all = routers.map((router) => (router === off ? { ...router, admin_state_up: false } : router));
  writeFileSync(path, JSON.stringify({ routers: all }));
  const { findings } = await differences(join(capture, "hosts"), "--api", api);
  const namespaces = findings.filter(({ artefact }) => artefact.endsWith("/")).map(({ artefact }) => artefact);
  expect([...new Set(namespaces)].sort()).toEqual([`qrouter-${off?.id ?? ""}/`, `snat-${off?.id ?? ""}/`]);
  expect(findings.map(({ live }) => live)).toContainEqual(expect.stringMatching(/^169\.254\.0\.63 via .* dev fpr-/));
});

it.each(captureNames())("leaves nothing out of %s", (name) => {
  const answers = defined(readAnswers(captureAnswers(name))[0], name);
  expect(leftOutOf(answers)).toEqual([]);
});

it("still tells of a namespace that is nobody's, and of what is there in another's", async () => {
  const hosts = changed("compute-3", /^qrouter-210c.*\/ip-rule\.txt$/, (text) => text.replace(/^0:.*\n/, ""));
  const [router = ""] = readdirSync(join(hosts, "compute-3")).filter((name) => name.startsWith("qrouter-599c"));
  cpSync(join(hosts, "compute-3", router), join(hosts, "compute-3", router.replace("599c", "0000")), { recursive: true });
  const { findings } = await differences(hosts, ...withAnswers);
  expect(findings.map(({ kind, artefact }) => `${kind} ${artefact}`).sort()).toEqual([
    expect.stringMatching(/^missing qrouter-210c.*\/ip-rule\.txt$/),
    `unexpected ${router.replace("599c", "0000")}/`,
  ]);
});

it("takes no segmentation id of a VLAN network for a tunnel's key", () => {
  const files = (type: string): Map<AnswerFile, SourceText> =>
    new Map(
      answerFiles.flatMap(({ resource }) => {
        const path = join(capture, "api", `${resource}.json`);
        return existsSync(path) ? [[resource, { path, text: readFileSync(path, "utf8").replaceAll('"vxlan"', type) }] as const] : [];
      }),
    );
  const keys = (type: string): readonly boolean[] =>
    leftOutOf(defined(readAnswers(files(type))[0], type)).flatMap(({ ports }) => ports.map(({ tunnelKey }) => tunnelKey !== undefined));
  expect(keys('"vxlan"').filter((has) => has).length).toBeGreaterThan(2);
  expect(keys('"vlan"').filter((has) => has)).toEqual([]);
});

it("refuses answers that are none", async () => {
  const { code, stderr } = await runCli(["diff", "cloud.yaml", join(capture, "hosts"), "--api", "nowhere"], { cwd: folder });
  expect([code, stderr]).toEqual([2, expect.stringContaining("nowhere")]);
});
