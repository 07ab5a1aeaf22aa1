import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { CheckContext } from "../context.js";

/** Files that the artefact tree has beside the hosts' folders. */
const reserved = new Set(["manifest.json", "allocations.txt"]);

/** Longest name of a file, in bytes. Source: NAME_MAX of Linux file systems. */
const longestName = 255;

/** Hosts become folders of the artefact tree: their names must be path components, and stay apart where letter case does not count. */
export function* checkHostNames({ topology, at }: CheckContext): Iterable<Diagnostic> {
  const folded = new Map<string, string>();
  for (const { name, pointer } of topology.hosts.values()) {
    const reason = flawOf(name);
    if (reason !== undefined) yield report("bad-host-name", { host: name, reason }, at(pointer, "key"));
    const fold = name.normalize("NFC").toLowerCase();
    const first = folded.get(fold);
    if (first === undefined) folded.set(fold, name);
    else {
      const other = topology.hosts.get(first)?.pointer ?? pointer;
      const related = [{ at: at(other, "key"), message: `"${first}" is declared here.` }];
      yield report("colliding-host-names", { first, second: name }, at(pointer, "key"), { related });
    }
  }
}

function flawOf(name: string): string | undefined {
  if (name === "." || name === "..") return "it means another folder";
  if (name.includes("/")) return "it contains a slash";
  if (name.includes("\0")) return "it contains a NUL character";
  if (/\p{Surrogate}/u.test(name)) return "it contains half a character";
  if (Buffer.byteLength(name) > longestName) return `it is longer than ${longestName} bytes`;
  if (reserved.has(name.toLowerCase())) return "the artefact tree has a file of that name";
  return undefined;
}
