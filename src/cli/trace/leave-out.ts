import type { Compilation } from "../../compile.js";
import { withoutLine } from "../../console/without.js";
import { report } from "../../diagnostics/report.js";
import type { Result } from "../../diagnostics/diagnostic.js";
import { printArtefactLines } from "../../emit/layout.js";
import type { HostState } from "../../ir/host-state.js";
import type { ArtefactPlace } from "../explain/find-line.js";

/** What a line's absence does to a host. */
export interface LeftOut {
  readonly text: string;
  /** Changes the one host that has the line. */
  readonly change: (state: HostState) => HostState;
}

/**
 * Finds a line of an artefact by its place, of which only the last parts matter: `out/compute-2/br-tun.flows:7`.
 *
 * Errors: `nothing-to-leave-out`.
 */
export function leaveOut(compilation: Compilation, { file, line }: ArtefactPlace): Result<LeftOut> {
  const place = `${file}:${line}`;
  const failed: Result<LeftOut> = [undefined, [report("nothing-to-leave-out", { place }, undefined)]];
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
  return [{ text: lines[line - 1] ?? "", change }, []];
}
