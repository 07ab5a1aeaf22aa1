import { expect, it } from "vitest";
import { compareHost } from "../../src/audit/compare/host.js";
import type { Finding } from "../../src/audit/finding.js";
import { captureNames } from "../tools/captures.js";
import { type CapturedHost, importCapture } from "../tools/imported-captures.js";
import { alterations, type DumpLine, Mutator, programmedLines } from "../tools/mutations.js";

const counts = { lines: 0, removed: 0, added: 0, altered: 0 };

/** Every how many lines the whole dump is read again, to show that a line read alone means the same. */
const wholeEvery = 50;

/** Captures that repeat much of what others have: of these every so many lines are changed. The first are changed line by line. */
const strides: readonly (readonly [RegExp, number])[] = [
  [/^(?:2025\.1-)?S\d/, 1],
  [/-address-groups$|^2025\.1-(?:hybrid|flood)$|^zed-tunnels$/, 16],
];
const usualStride = 4;

/** Rules of others may be in the host's own built-in chains: what is no rule of Neutron's is nobody's business there. */
function isForeign({ path }: DumpLine, text: string): boolean {
  return /^ip6?tables-save\.txt$/.test(path) && /^-A (?:INPUT|FORWARD|OUTPUT|PREROUTING) /.test(text);
}

for (const capture of captureNames()) {
  const stride = strides.find(([names]) => names.test(capture))?.[1] ?? usualStride;
  it(`reports lines of ${capture} that are removed, added or altered, one in ${stride}, and nothing else`, () => {
    const { imported, hosts } = importCapture(capture, true);
    const { release } = imported.compilation;
    const wrong: string[] = [];
    for (const host of hosts) {
      const mutator = new Mutator(host.live, host.dump);
      const found = (line: DumpLine, texts: readonly string[], whole: boolean): readonly Finding[] => {
        const live = whole ? mutator.whole(line, texts) : mutator.replace(line, texts);
        const { findings, renumberings } = compareHost(host.expected, live, release, { only: new Set([line.path]) });
        return renumberings.length > 0 ? [] : findings;
      };
      lines(host).forEach((line, index) => {
        if (index % stride !== 0) return;
        const whole = index % wholeEvery === 0;
        const check = (how: keyof typeof counts, texts: readonly string[], kinds: readonly string[]): void => {
          counts[how]++;
          const findings = found(line, texts, whole);
          const told = findings
            .map(({ kind }) => kind)
            .sort()
            .join(" ");
          if (!kinds.includes(told)) wrong.push(`${host.name}/${line.path}:${line.line} ${how} [${told}] ${texts.at(-1) ?? line.text}`);
        };
        counts.lines++;
        // A line of bridges.txt is an attribute of a bridge or port: without it, or with two, that is another one.
        const isAttribute = line.path === "bridges.txt";
        check("removed", [], [isAttribute ? "changed" : "missing"]);
        const others = alterations(line.text, index);
        for (const other of others) {
          check(
            "altered",
            [other],
            isForeign(line, other) ? ["missing", "changed"] : ["changed", "missing unexpected", "missing unreadable"],
          );
        }
        const [duplicate] = others;
        if (duplicate === undefined) return;
        check("added", [line.text, duplicate], isForeign(line, duplicate) ? [""] : [isAttribute ? "changed" : "unexpected", "unreadable"]);
      });
    }
    expect(wrong).toEqual([]);
  }, 60_000);
}

it("has changed every line of programmed state in every way", () => {
  console.log(`${counts.lines} lines: ${counts.removed} removed, ${counts.added} added, ${counts.altered} altered`);
  expect(counts.lines).toBeGreaterThan(5000);
  expect(counts.altered).toBeGreaterThan(counts.lines);
});

function lines({ dump, expected }: CapturedHost): DumpLine[] {
  const sysctls = new Map(expected.state.namespaces.map(({ name, sysctls: list }) => [name, new Set(list.map(({ key }) => key))]));
  return programmedLines(dump, (namespace) => sysctls.get(namespace) ?? new Set());
}
