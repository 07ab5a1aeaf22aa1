import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type AnswerFile, answerFiles } from "../../src/adopt/answers.js";
import { type AuditedHost, compiledSide, dumpedSide } from "../../src/audit/audited-host.js";
import { type HostDump, loadHostDump } from "../../src/audit/load-dumps.js";
import { defined } from "../../src/base/invariant.js";
import { compiledHost } from "../../src/compile.js";
import type { AgentDocument } from "../../src/dsl/types.generated.js";
import { importCloud, type Imported } from "../../src/import-cloud.js";
import type { SourceText } from "../../src/source/span.js";
import { captureDump, captureHosts } from "./captures.js";

const folder = join(import.meta.dirname, "..", "captured");

/** A host of a capture: what its import compiles to, and what it dumped. */
export interface CapturedHost {
  readonly name: string;
  readonly dump: HostDump;
  readonly expected: AuditedHost;
  readonly live: AuditedHost;
}

/** A capture as it was imported. */
export interface ImportedCapture {
  readonly imported: Imported;
  readonly hosts: readonly CapturedHost[];
}

/** The API's answers of a capture. */
export function captureAnswers(capture: string): Map<AnswerFile, SourceText> {
  return new Map(
    answerFiles.flatMap(({ resource }) => {
      const path = join(folder, capture, "api", `${resource}.json`);
      // A cloud without address groups has no such file.
      return existsSync(path) ? [[resource, { path: `${resource}.json`, text: readFileSync(path, "utf8") }] as const] : [];
    }),
  );
}

/** The release that a capture is of, as its name tells. */
export function captureRelease(capture: string): string {
  return /^\d{4}\.\d/.exec(capture)?.[0] ?? "zed";
}

/** Imports a capture with its hosts' dumps, or without and with what the API does not tell. */
export function importCapture(capture: string, withHosts: boolean, agent: AgentDocument = {}): ImportedCapture {
  const loaded = captureHosts(capture).map((name) => {
    const dump = captureDump(capture, name);
    return { name, dump, load: loadHostDump(name, dump) };
  });
  const dumps = new Map(withHosts ? loaded.map(({ name, load }) => [name, load.state] as const) : []);
  const release = withHosts ? undefined : captureRelease(capture);
  const [imported, diagnostics] = importCloud(captureAnswers(capture), dumps, { name: capture, path: `${capture}.yaml`, release, agent });
  const { compilation } = defined(imported, `${capture}: ${diagnostics.map(({ message }) => message).join(" ")}`);
  return {
    imported: defined(imported, capture),
    hosts: loaded.map(({ name, dump, load }) => ({
      name,
      dump,
      expected: compiledSide(compiledHost(compilation, name).state),
      live: dumpedSide(load),
    })),
  };
}
