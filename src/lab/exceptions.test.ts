import { expect, it } from "vitest";
import type { Audit } from "../audit/audit.js";
import type { Finding, Side } from "../audit/finding.js";
import { someOrigin } from "../formats/testing/arbitrary-values.js";
import { withoutExceptions } from "./exceptions.js";

const side = (text: string): Side => ({ text, origin: someOrigin, entry: { kind: "bridge" } as Side["entry"] });
const finding = (artefact: string, about: string, expected?: string, live?: string): Finding => ({
  host: "h",
  artefact,
  kind: expected === undefined ? "unexpected" : live === undefined ? "missing" : "changed",
  nature: "drift",
  about,
  ...(expected === undefined ? {} : { expected: side(expected) }),
  ...(live === undefined ? {} : { live: side(live) }),
});

function left(...findings: readonly Finding[]): { readonly findings: readonly Finding[]; readonly reasons: readonly string[] } {
  const audit: Audit = { hosts: [{ host: "h", findings, renumberings: [], omissions: [], compared: 0 }], omissions: [] };
  const [host] = withoutExceptions(audit).hosts;
  return { findings: host?.findings ?? [], reasons: host?.omissions.map(({ reason }) => reason) ?? [] };
}

const tracked = "table=71, priority=4,ct_state=-trk,in_port=1 actions=ct(table=72,zone=1)";
const standIn = (version: string): string => tracked.replace("ct_state=-trk,", `ct_state=-trk,${version},`);

it("excepts the datapath of a bridge, and nothing else about it", () => {
  const other = finding("bridges.txt", "another fail_mode, datapath_type", "Bridge br-int", "Bridge br-int");
  expect(left(finding("bridges.txt", "another datapath_type", "Bridge br-int", "Bridge br-int"), other).findings).toEqual([other]);
});

it("excepts a flow that tracks without naming IP, and the two that stand for it", () => {
  const { findings, reasons } = left(
    finding("br-int.flows", "", tracked),
    finding("br-int.flows", "", undefined, standIn("ip")),
    finding("br-int.flows", "", undefined, standIn("ipv6")),
  );
  expect([findings, reasons.length]).toEqual([[], 1]);
});

it("tells that a flow is missing when one of the two that stand for it is", () => {
  const missing = finding("br-int.flows", "", tracked);
  expect(left(missing).findings).toEqual([missing]);
  expect(left(missing, finding("br-int.flows", "", undefined, standIn("ip"))).findings).toEqual([missing]);
});

it("excepts neither a stand-in without the flow, nor a flow that names IP", () => {
  const alone = finding("br-int.flows", "", undefined, standIn("ip"));
  const named = finding("br-int.flows", "", standIn("ip"));
  expect(left(alone, named).findings).toEqual([alone, named]);
});
