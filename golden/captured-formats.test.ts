import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { expect, it } from "vitest";
import { parseDevices } from "../src/formats/ip-addr/parse.js";
import { printDevices } from "../src/formats/ip-addr/print.js";
import { parseNeighbours } from "../src/formats/ip-neigh/parse.js";
import { printNeighbours } from "../src/formats/ip-neigh/print.js";
import { parseRoutes } from "../src/formats/ip-route/parse.js";
import { printRoutes } from "../src/formats/ip-route/print.js";
import { parseIpRules } from "../src/formats/ip-rule/parse.js";
import { printIpRules } from "../src/formats/ip-rule/print.js";
import { canonicalIproute } from "../src/formats/iproute.js";
import { parseIptables } from "../src/formats/iptables-save/parse.js";
import { printIptables } from "../src/formats/iptables-save/print.js";
import { parseFlows } from "../src/formats/openflow/parse.js";
import { printFlow } from "../src/formats/openflow/print.js";
import { parseOvsTable } from "../src/formats/ovs-json/parse.js";
import { parseSwitch } from "../src/formats/ovs-ofctl-show/parse.js";
import { printSwitch } from "../src/formats/ovs-ofctl-show/print.js";
import { parseShow } from "../src/formats/ovs-vsctl-show/parse.js";
import { printShow } from "../src/formats/ovs-vsctl-show/print.js";
import type { Problem } from "../src/formats/parsed.js";
import { parseSysctls } from "../src/formats/sysctl/parse.js";
import { printSysctls } from "../src/formats/sysctl/print.js";

/** What a parser and its printer make of a file. */
interface Reading {
  readonly problems: readonly Problem[];
  readonly printed: string;
}

const folders = [join(import.meta.dirname, "captured"), join(import.meta.dirname, "reference", "dumps")];
const files = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name)),
);

/** Tests every file of a kind: no line of it is a problem, and printed again it is what it was, trailing blanks and empty lines aside. */
function readsAll(
  kind: string,
  isOfKind: (path: string) => boolean,
  read: (text: string, path: string) => Reading,
  tidy: (text: string) => string = withoutBlanks,
): void {
  it(`reads and prints back every line of ${kind}`, () => {
    const ofKind = files.filter(isOfKind);
    expect(ofKind.length).toBeGreaterThan(0);
    for (const path of ofKind) {
      const text = readFileSync(path, "utf8");
      const { problems, printed } = read(text, path);
      const name = relative(import.meta.dirname, path);
      expect({ name, problems, text: tidy(printed) }).toEqual({ name, problems: [], text: tidy(text) });
    }
  });
}

const named =
  (...names: readonly string[]) =>
  (path: string): boolean =>
    names.includes(basename(path));

readsAll(
  "flows",
  (path) => path.endsWith(".flows") || /\.of1[03]\.txt$/.test(path),
  (text, path) => {
    const { value, problems } = parseFlows(text);
    const openflow = path.endsWith(".of10.txt") ? "1.0" : "1.3";
    return { problems, printed: value.map((flow) => `${printFlow(flow, { openflow, stats: false })}\n`).join("") };
  },
);
readsAll("rules", named("ip-rule.txt", "ip6-rule.txt"), (text, path) => {
  const { value, problems } = parseIpRules(text, basename(path) === "ip-rule.txt" ? 4 : 6);
  return { problems, printed: printIpRules(value) };
});
readsAll("routes", named("ip-route.txt", "ip6-route.txt"), (text, path) => {
  const version = basename(path) === "ip-route.txt" ? 4 : 6;
  const { value, problems } = parseRoutes(text, version);
  return { problems, printed: printRoutes(value, version) };
});
readsAll(
  "neighbours",
  named("ip-neigh.txt"),
  (text) => {
    const { value, problems } = parseNeighbours(text);
    return { problems, printed: printNeighbours(value) };
  },
  // That it is a router is what a neighbour said of itself.
  (text) => withoutBlanks(text.replaceAll(" router ", " ")),
);
readsAll(
  "devices",
  named("ip-addr.txt"),
  (text, path) => {
    const namespace = basename(dirname(path));
    const { value, problems } = parseDevices(text, namespace);
    const version = path.includes("2025.1") ? "6.15" : "6.1";
    return { problems, printed: printDevices(value, namespace, { ...canonicalIproute, version, datapath: "netdev" }) };
  },
  // How an address of a server came about, which was given by hand, and the other end of its veth pair, which has no name.
  (text) => withoutBlanks(text.replaceAll(/ nodad| link-netns(?:id 0| )?$/gm, "")),
);
readsAll("kernel parameters", named("sysctl.txt"), (text) => {
  const { value, problems } = parseSysctls(text);
  return { problems, printed: printSysctls(value) };
});
readsAll(
  "iptables",
  (path) => named("iptables-save.txt", "ip6tables-save.txt")(path) || path.includes("iptables-save/"),
  (text) => {
    const { value, problems } = parseIptables(text);
    return { problems, printed: printIptables(value) };
  },
);
readsAll(
  "ports",
  (path) => path.endsWith(".ports"),
  (text) => {
    const { value, problems } = parseSwitch(text);
    return { problems, printed: printSwitch(value, "1.3").join("\n") };
  },
);
readsAll(
  "bridges",
  named("bridges.txt"),
  (text) => {
    const { value, problems } = parseShow(text);
    return { problems, printed: printShow(value) };
  },
  // Sorted by name is a matter of the artefact, and what it leaves out is not programmed.
  (text) => sortedLines(text.replace(/^[0-9a-f-]{36}$|^ +(?:Manager .*|is_connected: .*|ovs_version: .*)$/gm, "")),
);

it("reads every row of the captured databases", () => {
  for (const path of files.filter((file) => /ovs-(?:bridge|port|interface)\.json$/.test(file))) {
    const { value, problems } = parseOvsTable(readFileSync(path, "utf8"));
    expect(problems).toEqual([]);
    expect(value.every((row) => typeof row.get("name") === "string")).toBe(true);
  }
});

function withoutBlanks(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .join("\n");
}

function sortedLines(text: string): string {
  return withoutBlanks(text).split("\n").sort().join("\n");
}
