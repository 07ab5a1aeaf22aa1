import { it } from "vitest";
import { audit } from "../../src/audit/audit.js";
import { withoutExceptions } from "../../src/lab/exceptions.js";
import { releases } from "../../src/releases/index.js";
import { examples } from "../../src/testing/compile-example.js";
import { settledProbes } from "./lab-chance.js";
import { allProbes, realAnswers, simulatedAnswers } from "./lab-probes.js";
import { artefactLines, dumpedLines, textArtefacts } from "./lab-texts.js";
import { plannedLab, startLab, stopLab, tracesOf } from "./labs.js";

/** All that is not compared by value, in any of the labs. */
const exceptions: ReadonlySet<string> = new Set([
  "bridge br-lab is none of Neutron's",
  "datapath_type is netdev: the lab runs on the userspace datapath",
  "a flow that tracks without naming IP is two, as Open vSwitch has refused it since",
]);

const cases = examples().flatMap(({ name, path }) => releases.map((release) => ({ name, path, release: release.name })));

it.concurrent.for(cases)(
  "runs $name for $release: what is loaded is read back, packets go where the simulation says, and nothing stays",
  async ({ name, path, release }, { expect, onTestFinished }) => {
    const planned = await plannedLab(path, release);
    onTestFinished(() => stopLab(planned));
    const lab = await startLab(planned);
    expect(lab.diagnostics).toEqual([]);

    const dumps = await lab.dumps();
    for (const artefact of textArtefacts(planned)) {
      expect(dumpedLines(artefact, dumps.text(artefact) ?? ""), artefact).toEqual(artefactLines(artefact, planned));
    }
    const { hosts, omissions: unheld } = withoutExceptions(audit(lab.expected, dumps, planned.compilation.release));
    expect(unheld).toEqual([]);
    expect(hosts.flatMap(({ renumberings }) => renumberings)).toEqual([]);
    const omissions = new Set(hosts.flatMap((host) => host.omissions.map(({ reason }) => reason)));
    expect([...omissions].filter((reason) => !exceptions.has(reason))).toEqual([]);
    const findings = hosts.flatMap((host) => host.findings);
    expect(
      findings.map(({ host, artefact, kind, about, expected, live }) => ({
        host,
        artefact,
        kind,
        about,
        expected: expected?.text,
        live: live?.text,
      })),
    ).toEqual([]);

    const probes = settledProbes(name, release, allProbes(planned));
    const [real, simulated] = [await realAnswers(lab, probes), simulatedAnswers(planned, probes)];
    expect(differences(real, simulated)).toEqual([]);
    expect(simulated.size).toBeGreaterThan(0);

    const again = await startLab(planned);
    expect(again.outcome.isNew).toBe(false);
    expect([...again.outcome.applied.values()]).toEqual(planned.compilation.hosts.map(() => "nothing to change"));

    stopLab(planned);
    expect(tracesOf(planned.name)).toEqual([]);
  },
);

/** Probes that only one world answers. */
function differences(real: ReadonlySet<string>, simulated: ReadonlySet<string>): readonly string[] {
  return [
    ...[...real].filter((probe) => !simulated.has(probe)).map((probe) => `only in the lab: ${probe}`),
    ...[...simulated].filter((probe) => !real.has(probe)).map((probe) => `only simulated: ${probe}`),
  ];
}
