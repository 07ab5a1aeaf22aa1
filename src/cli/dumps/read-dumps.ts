import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { loadHostDump, type LoadedHost } from "../../audit/load-dumps.js";
import { dumpFile, dumpOf } from "../../audit/dump-files.js";
import { byText, sorted } from "../../base/order.js";
import { type Diagnostic, hasErrors, type Result } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { isSafeName } from "../../base/safe-name.js";
import { manifestName, type TreeManifest } from "../../emit/manifest.js";
import { readTreeManifest, recoverTree } from "../../emit/write.js";
import type { SourceText } from "../../source/span.js";

/** Bytes of the largest dump that is read. */
export const dumpSizeLimit = 64 * 1024 * 1024;
/** Files that a host's folder may have: a sosreport has tens of thousands. */
const fileLimit = 200_000;
/** Folders between a host's own and a file: `sosreport-.../sos_commands/networking/namespaces/<namespace>/<file>`. */
const depthLimit = 6;

/** A folder of dumps, or an artefact tree, whose hosts are read when they are asked for. */
export interface DumpFolder {
  readonly folder: string;
  /** Of an artefact tree. */
  readonly manifest: TreeManifest | undefined;
  readonly hosts: readonly string[];
  /** What was met while hosts were read. Grows. */
  readonly diagnostics: Diagnostic[];
  /** Errors: none; what cannot be read is in {@link diagnostics}. */
  readonly host: (name: string) => ReadHost | undefined;
}

/** A host as its dumps tell it, with the files that were not understood in full. */
export interface ReadHost extends LoadedHost {
  /** By the path that problems have. */
  readonly misunderstood: ReadonlyMap<string, SourceText>;
}

/** A host's folder on disk. */
interface HostFolder {
  readonly folder: string;
  readonly files: readonly string[];
}

/**
 * Opens a folder of dumps: `<folder>/<host>/...` as `dvrc collect` and the artefact tree lay it out, the same below `hosts/`, sosreports, or one host's folder.
 *
 * Symbolic links are not followed, special files not opened, and names that are no host names left out.
 * Errors: `no-dumps` where there is nothing to read; those of a damaged manifest.
 */
export function openDumps(folder: string): Result<DumpFolder> {
  const diagnostics: Diagnostic[] = [];
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (stat === undefined) return [undefined, [report("no-dumps", { folder, reason: "it does not exist" }, undefined)]];
  let manifest: TreeManifest | undefined;
  if (isFile(join(folder, manifestName))) {
    // A build of it that was interrupted is put in order first.
    const [, recovered] = recoverTree(folder);
    if (hasErrors(recovered)) return [undefined, recovered];
    const [read, damaged] = readTreeManifest(folder);
    if (hasErrors(damaged)) return [undefined, damaged];
    manifest = read;
  }
  const inside = isFolder(join(folder, "hosts")) && manifest === undefined ? join(folder, "hosts") : folder;
  const folders = hostFolders(inside, manifest, diagnostics);
  if (folders.size === 0) {
    const reason = "neither it nor a folder in it has a file that dvrc knows";
    return [undefined, [...diagnostics, report("no-dumps", { folder, reason }, undefined)]];
  }
  const host = (name: string): ReadHost | undefined => {
    const found = folders.get(name);
    return found === undefined ? undefined : loadHost(name, found, diagnostics);
  };
  return [{ folder, manifest, hosts: sorted(folders.keys(), byText), diagnostics, host }, diagnostics];
}

function hostFolders(folder: string, manifest: TreeManifest | undefined, diagnostics: Diagnostic[]): Map<string, HostFolder> {
  const found = new Map<string, HostFolder>();
  const add = (name: string, at: string): void => {
    const files = dumpFilesOf(at, diagnostics);
    if (files.length === 0) return;
    const host = files.some((file) => file.includes("sos_commands/")) ? sosHostName(at, name) : name;
    if (!isSafeName(host)) leaveOut(at, "its name is no host name", diagnostics);
    else if (found.has(host)) leaveOut(at, `host ${host} has dumps already`, diagnostics);
    else found.set(host, { folder: at, files });
  };
  if (manifest !== undefined) {
    for (const name of manifest.hosts)
      if (isFolder(join(folder, name)))
        found.set(name, { folder: join(folder, name), files: dumpFilesOf(join(folder, name), diagnostics) });
    return found;
  }
  const own = ownFiles(folder);
  if (own) add(basename(folder), folder);
  else for (const name of childFolders(folder, diagnostics)) add(name, join(folder, name));
  return found;
}

/** True where a folder is one host's: it has dumps itself. */
function ownFiles(folder: string): boolean {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.some(
    (entry) => (entry.isFile() && dumpFile(entry.name) !== undefined) || (entry.isDirectory() && entry.name === "sos_commands"),
  );
}

function childFolders(folder: string, diagnostics: Diagnostic[]): string[] {
  const names: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) names.push(entry.name);
    else if (entry.isSymbolicLink()) leaveOut(join(folder, entry.name), "symbolic links are not followed", diagnostics);
  }
  return names.sort(byText);
}

/** Files below a host's folder that mean something, relative to it. */
function dumpFilesOf(root: string, diagnostics: Diagnostic[]): string[] {
  const files: string[] = [];
  let seen = 0;
  const visit = (folder: string, prefix: string, depth: number): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (++seen > fileLimit) return;
      const path = `${prefix}${entry.name}`;
      if (entry.isDirectory()) {
        if (depth < depthLimit) visit(join(folder, entry.name), `${path}/`, depth + 1);
      } else if (dumpFile(path) !== undefined) {
        if (entry.isFile()) files.push(path);
        else leaveOut(join(root, path), "it is no plain file", diagnostics);
      }
    }
  };
  visit(root, "", 1);
  if (seen > fileLimit) leaveOut(root, `it has more than ${fileLimit} files; the rest`, diagnostics);
  return files.sort(byText);
}

/** The name of the host that a sosreport is of: what `hostname` printed, else that of the folder. */
function sosHostName(folder: string, name: string): string {
  for (const file of ["sos_commands/host/hostname", "sos_commands/host/hostname_-f", "etc/hostname"]) {
    const path = join(folder, file);
    if (!isFile(path) || lstatSync(path).size > 1024) continue;
    const [line = ""] = readFileSync(path, "utf8").split("\n");
    if (isSafeName(line.trim())) return line.trim();
  }
  return /^sosreport-([A-Za-z0-9.-]+?)-(?:\d{4}-\d\d-\d\d|\d+)/.exec(name)?.[1] ?? name;
}

function loadHost(name: string, { folder, files }: HostFolder, diagnostics: Diagnostic[]): ReadHost {
  const fileOf = new Map<string, string>();
  const read = (path: string): string | undefined => {
    const file = join(folder, path);
    const { size } = lstatSync(file);
    if (size > dumpSizeLimit) {
      leaveOut(file, `it has ${size} bytes, and dvrc reads up to ${dumpSizeLimit}`, diagnostics);
      return undefined;
    }
    const text = readFileSync(file, "utf8");
    fileOf.set(text, file);
    return text;
  };
  const dump = dumpOf(files, read);
  const loaded = loadHostDump(name, dump);
  const misunderstood = new Map(
    loaded.problems.map(({ path }) => {
      const text = dump.get(path) ?? "";
      // A text that was rewritten is shown under the name of the artefact that it became.
      return [path, { path: fileOf.get(text) ?? join(folder, path), text }] as const;
    }),
  );
  return { ...loaded, misunderstood };
}

function leaveOut(path: string, reason: string, diagnostics: Diagnostic[]): void {
  diagnostics.push(report("dump-left-out", { path, reason }, undefined));
}

function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
