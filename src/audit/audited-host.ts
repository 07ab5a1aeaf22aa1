import type { HostState } from "../ir/host-state.js";
import type { DumpProblem, LoadedHost } from "./load-dumps.js";

/** One side of a comparison of a host. */
export interface AuditedHost {
  readonly state: HostState;
  /** False for an artefact, by path below the host's folder, that was not dumped: it is not compared. */
  readonly has: (path: string) => boolean;
  /** True where kernel parameters are those that were programmed; a live namespace has many more. */
  readonly programmedOnly: boolean;
  /** Lines that were not understood. */
  readonly problems: readonly DumpProblem[];
}

/** A host as it was compiled: all of it is known. */
export function compiledSide(state: HostState): AuditedHost {
  return { state, has: () => true, programmedOnly: true, problems: [] };
}

/** A host as its dumps tell it. `programmedOnly` holds for artefact trees. */
export function dumpedSide({ state, paths, problems }: LoadedHost, programmedOnly = false): AuditedHost {
  return { state, has: (path) => paths.has(path), programmedOnly, problems };
}
