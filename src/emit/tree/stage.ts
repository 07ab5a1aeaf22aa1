import { hash } from "node:crypto";
import { lstatSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { invariant } from "../../base/invariant.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Artefact } from "../artefact.js";
import { type HostManifest, manifestName, parseHostManifest, printHostManifest } from "../manifest.js";
import { ifThere, touching, TreeFailure } from "./failure.js";
import { FolderGuard, isPlainFolder, stagedPath } from "./place.js";
import { readPlainFile } from "./plain-file.js";
import { type Stamps, stampOf } from "./stamps.js";

/** What the commit has to do for one host. Plain data, so that a worker can send it. */
export interface HostPlan {
  readonly host: string;
  /** Staged files and whole new folders, relative to the tree. */
  readonly moves: readonly string[];
  /** Files of the last build that this one does not make, relative to the tree. */
  readonly removals: readonly string[];
  /** How many of the host's files are new or changed. */
  readonly changed: number;
  readonly unchanged: number;
  /** What the host's files are once the plan is committed; undefined where nobody asked. */
  readonly stamps?: Stamps;
}

/** Puts files into staging, each as a move of its own or as part of a new folder. */
class Stager {
  readonly moves = new Set<string>();
  changed = 0;
  unchanged = 0;
  private readonly made = new Set<string>();
  private readonly folders = new Map<string, boolean>();
  private readonly guard: FolderGuard;
  /** Where staged files are: `/` goes between it and a path everywhere, and is not worth asking the system's rules for each of many files. */
  private readonly staging: string;

  /** Every file's stamp goes to `stamps` where there are any. */
  constructor(
    private readonly root: string,
    readonly stamps?: Map<string, string>,
  ) {
    this.guard = new FolderGuard(root);
    this.staging = stagedPath(root, "");
  }

  /** Stages a file where the tree has none with this text. */
  put(path: string, text: string): void {
    const newFolder = this.newFolderOf(path);
    if (newFolder === undefined && this.hasText(path, text)) {
      this.unchanged++;
      return;
    }
    this.moves.add(newFolder ?? path);
    this.changed++;
    const staged = `${this.staging}/${path}`;
    touching(staged, () => {
      const parent = path.slice(0, Math.max(0, path.lastIndexOf("/")));
      if (!this.made.has(parent)) {
        mkdirSync(`${this.staging}/${parent}`, { recursive: true });
        this.made.add(parent);
      }
      // Given the text, Node.js opens, writes and closes in one call, without a buffer for each file.
      writeFileSync(staged, text);
    });
    this.stamps?.set(path, stampOf(staged) ?? "");
  }

  /** The outermost folder of the path that the tree does not have; undefined where all are there. */
  private newFolderOf(path: string): string | undefined {
    for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) {
      const folder = path.slice(0, slash);
      let there = this.folders.get(folder);
      if (there === undefined) {
        there = isPlainFolder(join(this.root, folder));
        this.folders.set(folder, there);
      }
      if (!there) return folder;
    }
    return undefined;
  }

  private hasText(path: string, text: string): boolean {
    if (!this.guard.parentsExist(path)) return false;
    const place = join(this.root, path);
    // Before the reading: what somebody writes after it is then another.
    if (this.stamps !== undefined) this.stamps.set(path, stampOf(place) ?? "");
    return readPlainFile(place)?.equals(Buffer.from(text)) === true;
  }
}

/**
 * Stages a host's changed files, in any process: the commit is somebody else's.
 *
 * Every file is compared by its bytes, so that one that somebody edited is mended. Nothing outside of the staging folder changes.
 * With `stamped` the plan has the files' stamps.
 * Errors: {@link TreeFailure}.
 */
export function stageHostFiles(root: string, host: string, artefacts: Iterable<Artefact>, stamped = false): HostPlan {
  const old = readHostManifest(root, host);
  const stager = new Stager(root, stamped ? new Map() : undefined);
  const files = new Map<string, string>();
  for (const { path, text } of artefacts) {
    invariant(path.startsWith(`${host}/`), `artefact "${path}" is not of host "${host}"`);
    files.set(path.slice(host.length + 1), sha256(text));
    stager.put(path, text);
  }
  stager.put(`${host}/${manifestName}`, printHostManifest(files));
  const { moves, changed, unchanged, stamps } = stager;
  const removals = goneFiles(root, host, old, files);
  return { host, moves: [...moves], removals, changed, unchanged, ...(stamps === undefined ? {} : { stamps }) };
}

/** Stages a file of the tree itself. Answers what is to be moved: nothing where it is there already. */
export function stageTreeFile(root: string, path: string, text: string): readonly string[] {
  const stager = new Stager(root);
  stager.put(path, text);
  return [...stager.moves];
}

/** The manifest of a host of the tree; empty where it has none. Errors: {@link TreeFailure} with `damaged-manifest`. */
export function readHostManifest(root: string, host: string): HostManifest {
  const path = join(root, host, manifestName);
  if (!isPlainFolder(join(root, host))) return new Map();
  const text = readPlainFile(path)?.toString("utf8");
  if (text === undefined) return new Map();
  const [manifest, diagnostics] = parseHostManifest(text, path);
  if (manifest === undefined) throw failureOf(diagnostics);
  return manifest;
}

/** The diagnostic of a failed reading, on its way to the edge. */
export function failureOf(diagnostics: readonly Diagnostic[]): TreeFailure {
  const [first] = diagnostics;
  invariant(first !== undefined, "a failure has a diagnostic");
  return new TreeFailure(first);
}

/** SHA-256 of a text's UTF-8, hexadecimal. */
export function sha256(text: string): string {
  return hash("sha256", text, "hex");
}

function goneFiles(root: string, host: string, old: HostManifest, files: ReadonlyMap<string, string>): string[] {
  const gone: string[] = [];
  const guard = new FolderGuard(root);
  for (const file of old.keys()) {
    const path = `${host}/${file}`;
    if (files.has(file) || !guard.parentsExist(path)) continue;
    const found = ifThere(path, () => lstatSync(join(root, path), { throwIfNoEntry: false }));
    if (found !== undefined) gone.push(path);
  }
  return gone;
}
