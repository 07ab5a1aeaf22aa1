import type { BridgePort } from "../../ir/bridge.js";
import type { Namespace } from "../../ir/namespace.js";
import type { Mac } from "../../net/mac.js";
import type { Release } from "../../releases/release.js";
import type { AuditedHost } from "../audited-host.js";
import { bridgeEntry, type Entry, inNamespace, namespaceEntry, originOf, pathOf, textOf } from "../entry.js";
import type { Finding, HostComparison, Omission } from "../finding.js";
import { natureOf } from "../nature/nature.js";
import { translateEntry } from "../translate/entries.js";
import { type HostTranslation, translateHost } from "../translate/host.js";
import {
  chainKey,
  chainsOf,
  flowEntries,
  isNeutronSet,
  namespaceEntries,
  type PlacedChain,
  ruleEntries,
  setMemberEntries,
} from "./entries.js";
import { compareLines, type Line, type LineFinding, outOfOrder } from "./lines.js";
import { normalText } from "./normal-form.js";
import { bridgeDifference, compareThings, deviceDifference, portDifference, relevantSysctls } from "./things.js";

/** A comparison of a host, and what other hosts' comparisons need of it. */
export interface ComparedHost extends HostComparison {
  /** The host's own DVR MAC, where it is another on the other side. */
  readonly dvrMac: HostTranslation["dvrMac"];
}

/** What else a comparison of a host is told. */
export interface CompareOptions {
  /** DVR MACs of other hosts that the live side has others for, as far as they are known. */
  readonly dvrMacs?: ReadonlyMap<Mac, Mac>;
  /** Compares these artefacts only. */
  readonly only?: ReadonlySet<string>;
}

/**
 * Compares a host's expected with its live state by value, artefact by artefact and in both directions.
 *
 * Order of findings: that of the artefacts, then missing and changed as expected, then unexpected as dumped.
 */
export function compareHost(
  expected: AuditedHost,
  live: AuditedHost,
  release: Release,
  { dvrMacs = new Map(), only }: CompareOptions = {},
): ComparedHost {
  const translated = translateHost(expected.state, live.state, release, dvrMacs);
  const comparison = new Comparison(expected, live, release, translated, only);
  comparison.bridges();
  comparison.namespaces();
  comparison.root();
  comparison.unreadable();
  const { findings, omissions, compared } = comparison;
  const { renumberings, dvrMac } = translated;
  return { host: expected.state.host, findings, renumberings, omissions, compared, dvrMac };
}

class Comparison {
  readonly findings: Finding[] = [];
  readonly omissions: Omission[] = [];
  compared = 0;
  readonly #host: string;
  readonly #artefacts = new Set<string>();

  constructor(
    readonly expected: AuditedHost,
    readonly live: AuditedHost,
    readonly release: Release,
    readonly translated: HostTranslation,
    readonly only: ReadonlySet<string> | undefined,
  ) {
    this.#host = expected.state.host;
  }

  bridges(): void {
    const { expected, live } = this;
    const here = new Map(expected.state.bridges.map((bridge) => [bridge.name, bridge]));
    for (const { name } of live.state.bridges) {
      if (!here.has(name) && live.has(`${name}.flows`)) this.#omit("", `bridge ${name} is none of Neutron's`);
    }
    const there = new Map([...this.translated.bridges].filter(([name]) => here.has(name)));
    if (this.#has("bridges.txt", here.size > 0)) {
      const own: Line[] = [...here.values()].map((bridge) => this.#own(bridgeEntry(bridge)));
      const others = [...there.values()].map((bridge) => this.#other(bridgeEntry(bridge)));
      this.#add(
        compareThings(
          own,
          others,
          bridgeName,
          differ("bridge", (a, b) => bridgeDifference(a.bridge, b.bridge)),
        ),
      );
      for (const { name, ports } of here.values()) {
        const other = there.get(name);
        if (other === undefined) continue;
        const isOurs = (port: string): boolean =>
          name === "br-int" || name === "br-tun" || isNeutronDevice(port) || ports.some((one) => one.name === port);
        const left = other.ports.filter((port) => !isOurs(port.name));
        for (const port of left) this.#omit("bridges.txt", `port ${port.name} of ${name} is none of Neutron's`);
        const ownPorts = ports.map((port) => this.#own({ kind: "port", bridge: name, port }));
        const otherPorts = this.#numbered(name, other.ports, ports)
          .filter((port) => isOurs(port.name))
          .map((port) => this.#other({ kind: "port", bridge: name, port }));
        this.#add(
          compareThings(
            ownPorts,
            otherPorts,
            portName,
            differ("port", (a, b) => portDifference(a.port, b.port)),
          ),
        );
      }
    }
    for (const bridge of here.values()) {
      const other = there.get(bridge.name);
      if (other === undefined && this.live.has("bridges.txt")) continue;
      if (!this.#has(`${bridge.name}.flows`, true) || other === undefined) continue;
      const { findings } = compareLines(this.#owns(flowEntries(bridge)), this.#others(flowEntries(other)));
      this.#add(findings);
    }
  }

  namespaces(): void {
    const { expected, live } = this;
    const there = new Map(live.state.namespaces.filter(({ kind }) => kind !== "other").map((namespace) => [namespace.name, namespace]));
    for (const namespace of expected.state.namespaces) {
      const other = there.get(namespace.name);
      there.delete(namespace.name);
      if (other === undefined) this.#add([{ kind: "missing", about: "", expected: this.#own(namespaceEntry(namespace)) }]);
      else this.#namespace(namespace, other);
    }
    for (const namespace of there.values()) {
      this.#add([{ kind: "unexpected", about: "", live: this.#other(namespaceEntry(namespace)) }]);
    }
  }

  root(): void {
    const { expected, live } = this;
    const own = expected.state.root ?? emptyRoot;
    const other = live.state.root ?? emptyRoot;
    if (expected.state.root === undefined && live.state.root === undefined) return;
    this.#chains(own, other);
    if (!this.#has("ipset.txt", expected.state.ipSets.length > 0)) return;
    const sets = ({ state }: AuditedHost): Entry[] =>
      state.ipSets.filter(({ name }) => isNeutronSet(name)).map((set) => ({ kind: "ip-set", set }));
    const named = compareThings(this.#owns(sets(expected)), this.#others(sets(live)), setName, (a, b) =>
      a.normal === b.normal ? undefined : "another family",
    );
    this.#add(named);
    this.#add(compareLines(this.#owns(setMemberEntries(expected.state)), this.#others(setMemberEntries(live.state))).findings);
  }

  /** Ports with the expected numbers where theirs were not dumped. */
  #numbered(bridge: string, live: readonly BridgePort[], expected: readonly BridgePort[]): readonly BridgePort[] {
    if (this.live.has(`${bridge}.ports`)) return live;
    this.#omit(`${bridge}.ports`, "the dumps do not have it");
    const numbers = new Map(expected.map(({ name, ofport }) => [name, ofport]));
    return live.map((port) => ({ ...port, ofport: numbers.get(port.name) ?? port.ofport }));
  }

  /** Lines of the live side that were not understood, where they are of something that is compared. */
  unreadable(): void {
    for (const { path, line, text, reason } of this.live.problems) {
      if (!this.#artefacts.has(path)) continue;
      const about = `line ${line}: ${reason}`;
      const finding: Finding = {
        host: this.#host,
        artefact: path,
        kind: "unreadable",
        nature: "drift",
        about: text === "" ? about : `${about}: ${text}`,
        line,
      };
      this.findings.push(finding);
    }
  }

  #namespace(own: Namespace, other: Namespace): void {
    const path = inNamespace(own.name, "ip-addr.txt");
    if (this.#has(path, own.devices.length > 0)) {
      const devices = (namespace: Namespace): Entry[] =>
        namespace.devices.map((device) => ({ kind: "device", namespace: namespace.name, device }));
      const compare = differ("device", (a, b) => deviceDifference(a.device, b.device));
      this.#add(compareThings(this.#owns(devices(own)), this.#others(devices(other)), deviceName, compare));
    }
    for (const [artefact, entriesOf] of namespaceEntries) {
      if (this.#isLeftOut(inNamespace(own.name, artefact))) continue;
      const entries = entriesOf(own);
      if (!this.#has(inNamespace(own.name, artefact), entries.length > 0)) continue;
      this.#add(compareLines(this.#owns(entries), this.#others(entriesOf(other))).findings);
    }
    this.#chains(own, other);
    this.#sysctls(own, other);
  }

  #sysctls(own: Namespace, other: Namespace): void {
    if (!this.#has(inNamespace(own.name, "sysctl.txt"), own.sysctls.length > 0)) return;
    const all = { expected: own.sysctls, live: other.sysctls };
    const { expected, live } = this.live.programmedOnly ? all : relevantSysctls(own.sysctls, other.sysctls);
    const lines = (list: typeof expected): Entry[] => list.map((sysctl) => ({ kind: "sysctl", namespace: own.name, sysctl }));
    const compare = (a: Line, b: Line): string | undefined => (a.normal === b.normal ? undefined : "another value");
    this.#add(compareThings(this.#owns(lines(expected)), this.#others(lines(live)), sysctlKey, compare));
  }

  #chains(own: Namespace, other: Namespace): void {
    for (const version of [4, 6] as const) {
      const path = inNamespace(own.name, version === 4 ? "iptables-save.txt" : "ip6tables-save.txt");
      if (this.#isLeftOut(path)) continue;
      const expected = chainsOf(own, version);
      if (!this.#has(path, expected.length > 0)) continue;
      const live = new Map(chainsOf(other, version).map((chain) => [chainKey(chain), chain]));
      for (const chain of expected) {
        this.#chain(chain, live.get(chainKey(chain)));
        live.delete(chainKey(chain));
      }
      for (const chain of live.values()) this.#unexpectedChain(chain);
    }
  }

  #chain(expected: PlacedChain, live: PlacedChain | undefined): void {
    const own = this.#owns(ruleEntries(expected));
    if (live === undefined) {
      if (own.length === 0) this.#add([{ kind: "missing", about: "", expected: this.#own({ kind: "chain", ...expected }) }]);
      return this.#add(compareLines(own, []).findings);
    }
    if (expected.chain.policy !== live.chain.policy) {
      const policy = { kind: "changed", about: "another policy" } as const;
      this.#add([{ ...policy, expected: this.#own({ kind: "chain", ...expected }), live: this.#other({ kind: "chain", ...live }) }]);
    }
    const others = this.#others(ruleEntries(live));
    const { findings, equal } = compareLines(own, others);
    this.#add(findings);
    const positions = new Map(others.map((line, index) => [line, index]));
    this.#add(outOfOrder(equal, positions).map(([a, b]): LineFinding => ({ kind: "moved", about: "out of order", expected: a, live: b })));
  }

  /** A built-in chain without rules that accepts all is as good as none: any look at its table makes it. */
  #unexpectedChain(chain: PlacedChain): void {
    const rules = this.#others(ruleEntries(chain));
    if (rules.length === 0 && chain.chain.policy === "ACCEPT") return;
    if (rules.length === 0) this.#add([{ kind: "unexpected", about: "", live: this.#other({ kind: "chain", ...chain }) }]);
    this.#add(compareLines([], rules).findings);
  }

  /** True for an artefact that nobody asked for. */
  #isLeftOut(path: string): boolean {
    return this.only?.has(path) === false;
  }

  /** True where both sides have an artefact, or neither needs one. Notes what cannot be compared. */
  #has(path: string, wanted: boolean): boolean {
    if (this.#isLeftOut(path)) return false;
    this.#artefacts.add(path);
    if (this.live.has(path) && this.expected.has(path)) return true;
    if (wanted || this.live.has(path)) {
      const where = this.live.has(path) ? "the expected side" : "the dumps";
      this.#omit(path, `${where} do${where === "the dumps" ? "" : "es"} not have it`);
    }
    return false;
  }

  #omit(artefact: string, reason: string): void {
    this.omissions.push({ host: this.#host, artefact, reason });
  }

  #owns(entries: readonly Entry[]): Line[] {
    return entries.map((entry) => this.#own(entry));
  }

  #others(entries: readonly Entry[]): Line[] {
    return entries.map((entry) => this.#other(entry));
  }

  #own(entry: Entry): Line {
    this.compared++;
    return { source: entry, entry, normal: normalText(entry) };
  }

  #other(entry: Entry): Line {
    const { translation, contextOf } = this.translated;
    const translated = translateEntry(entry, translation, contextOf);
    return { source: entry, entry: translated, normal: normalText(translated) };
  }

  #add(findings: readonly LineFinding[]): void {
    for (const { kind, about, expected, live } of findings) {
      const source = expected?.source ?? live?.source;
      if (source === undefined) continue;
      this.findings.push({
        host: this.#host,
        artefact: pathOf(source),
        kind,
        nature: natureOf({ kind, expected: expected?.entry, live: live?.entry }, this.expected.state, this.release),
        ...(expected === undefined ? {} : { expected: sideOf(expected) }),
        ...(live === undefined ? {} : { live: sideOf(live) }),
        about,
      });
    }
  }
}

const emptyRoot: Namespace = {
  name: "",
  kind: "root",
  devices: [],
  ipRules: [],
  ip6Rules: [],
  routes: [],
  routes6: [],
  neighbours: [],
  iptables: [],
  ip6tables: [],
  sysctls: [],
  origin: { lowering: "dump", because: ["/"] },
};

function sideOf({ source }: Line): Finding["expected"] & object {
  return { entry: source, text: textOf(source), origin: originOf(source) };
}

/** Names that Neutron and Nova give to devices on bridges. */
function isNeutronDevice(name: string): boolean {
  return /^(?:qr-|qg-|sg-|fg-|tap|qvo|int-|phy-|patch-)/.test(name);
}

const bridgeName = ({ entry }: Line): string => (entry.kind === "bridge" ? entry.bridge.name : "");
const portName = ({ entry }: Line): string => (entry.kind === "port" ? entry.port.name : "");
const deviceName = ({ entry }: Line): string => (entry.kind === "device" ? entry.device.name : "");
const setName = ({ entry }: Line): string => (entry.kind === "ip-set" ? entry.set.name : "");
const sysctlKey = ({ entry }: Line): string => (entry.kind === "sysctl" ? entry.sysctl.key : "");

/** A comparison of the entries of two lines, which are of one kind. */
function differ<K extends Entry["kind"]>(
  kind: K,
  differs: (expected: Extract<Entry, { kind: K }>, live: Extract<Entry, { kind: K }>) => string | undefined,
): (expected: Line, live: Line) => string | undefined {
  const is = (entry: Entry): entry is Extract<Entry, { kind: K }> => entry.kind === kind;
  return ({ entry: expected }, { entry: live }) => (is(expected) && is(live) ? differs(expected, live) : undefined);
}
