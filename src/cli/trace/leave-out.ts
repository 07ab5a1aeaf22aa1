import type { Compilation } from "../../compile.js";
import { withoutLine } from "../../console/without.js";
import { report } from "../../diagnostics/report.js";
import type { Result } from "../../diagnostics/diagnostic.js";
import { printArtefactLines } from "../../emit/layout.js";
import type { HostState } from "../../ir/host-state.js";
import type { ArtefactPlace } from "../explain/find-line.js";

/** What the absence of lines does to hosts. */
export interface LeftOut {
  readonly lines: readonly string[];
  /** Changes the hosts that have the lines. */
  readonly change: (state: HostState) => HostState;
}

/**
 * Finds lines of artefacts by their places, of which only the last parts matter: `out/compute-2/br-tun.flows:7`.
 *
 * Errors: `nothing-to-leave-out`.
 */
export function leaveOut(compilation: Compilation, places: readonly ArtefactPlace[]): Result<LeftOut> {
  const found = places.map((place) => leaveLineOut(compilation, place));
  const diagnostics = found.flatMap(([, own]) => own);
  if (diagnostics.length > 0) return [undefined, diagnostics];
  const all = found.flatMap(([one]) => (one === undefined ? [] : [one]));
  // Later lines first: rules are found by how many of their chain stand before them.
  const backwards = [...all].sort((a, b) => b.line - a.line);
  return [{ lines: all.map(({ text }) => text), change: (state) => backwards.reduce((changed, { change }) => change(changed), state) }, []];
}

interface LeftOutLine {
  readonly line: number;
  readonly text: string;
  readonly change: LeftOut["change"];
}

function leaveLineOut(compilation: Compilation, { file, line }: ArtefactPlace): Result<LeftOutLine> {
  const place = `${file}:${line}`;
  const failed: Result<LeftOutLine> = [undefined, [report("nothing-to-leave-out", { place }, undefined)]];
  const found = compilation.hosts
    .map((name) => ({ name, at: `/${file}`.lastIndexOf(`/${name}/`) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => b.at - a.at)[0];
  if (found === undefined) return failed;
  const path = `/${file}`.slice(found.at + 1);
  const [compiled, diagnostics] = compilation.host(found.name);
  if (compiled === undefined) return [undefined, diagnostics];
  const lines = printArtefactLines(compiled.state, path)?.map(({ text }) => text) ?? [];
  const artefact = { file: path.slice(found.name.length + 1), lines, index: line - 1 };
  if (withoutLine(compiled.state, artefact) === undefined) return failed;
  const change = (state: HostState): HostState => (state.host === found.name ? (withoutLine(state, artefact) ?? state) : state);
  return [{ line, text: lines[line - 1] ?? "", change }, []];
}
