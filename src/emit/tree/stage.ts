import { hash } from "node:crypto";
import { lstatSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defined, invariant } from "../../base/invariant.js";
import { type Pieces, Scratch } from "../../base/scratch.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { ArtefactInPieces } from "../artefact.js";
import { type HostManifest, manifestName, parseHostManifest, printHostManifest } from "../manifest.js";
import { ifThere, touching, TreeFailure } from "./failure.js";
import { FolderGuard, isPlainFolder, stagedAlone, stagedPath } from "./place.js";
import { hasPlainBytes, readPlainFile } from "./plain-file.js";
import { type FileRecord, type FileRecords, stampOf, writeStamped } from "./stamps.js";

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
  readonly files?: FileRecords;
}

/** What is kept in mind of the files from one build to the next. */
export interface StageOptions {
  /** The plan tells what the files are. */
  readonly recorded?: boolean;
  /** What the plan before told. */
  readonly known?: FileRecords | undefined;
  /** Paths of artefacts that are taken for what is known of them; complete once the other artefacts were taken. */
  readonly kept?: readonly string[];
}

/** Puts files into staging, each as a move of its own or as part of a new folder. */
class Stager {
  readonly moves = new Set<string>();
  changed = 0;
  unchanged = 0;
  private readonly made = new Set<string>();
  private readonly guard: FolderGuard;
  /** Where staged files are: `/` goes between it and a path everywhere, and is not worth asking the system's rules for each of many files. */
  private readonly staging: string;

  /** What each file is goes to `files` where there is such a map. */
  constructor(
    private readonly root: string,
    private readonly known: FileRecords = new Map(),
    readonly files?: Map<string, FileRecord>,
  ) {
    this.guard = new FolderGuard(root);
    this.staging = stagedPath(root, "");
  }

  /** Takes a file for what it was. Errors: an invariant where it is not known. */
  keep(path: string): string {
    const file = defined(this.known.get(path), `what is known of ${path}`);
    this.files?.set(path, file);
    this.unchanged++;
    return file.sha256;
  }

  /** Stages a file where the tree has none with these bytes. Answers their SHA-256. */
  put(path: string, pieces: Pieces): string {
    const bytes = staged.join(pieces);
    const sha256 = hash("sha256", bytes, "hex");
    this.stage(path, bytes, sha256);
    return sha256;
  }

  /** As {@link put}; the SHA-256 is of use where files are recorded alone. */
  stage(path: string, bytes: Buffer, sha256 = ""): void {
    const newFolder = this.guard.missingParent(path);
    if (newFolder === undefined && this.has(path, bytes, sha256)) {
      this.unchanged++;
      return;
    }
    this.moves.add(newFolder ?? path);
    this.changed++;
    const place = newFolder === undefined ? stagedAlone(this.root, path) : `${this.staging}/${path}`;
    touching(place, () => {
      const parent = place.slice(0, place.lastIndexOf("/"));
      if (!this.made.has(parent)) {
        mkdirSync(parent, { recursive: true });
        this.made.add(parent);
      }
      if (this.files === undefined) writeFileSync(place, bytes);
      else this.files.set(path, { sha256, stamp: writeStamped(place, bytes) });
    });
  }

  private has(path: string, bytes: Buffer, sha256: string): boolean {
    const place = join(this.root, path);
    if (this.files === undefined) return hasPlainBytes(place, bytes);
    // Before the reading: what somebody writes after it is then another.
    const stamp = stampOf(place) ?? "";
    this.files.set(path, { sha256, stamp });
    const known = this.known.get(path);
    return known?.stamp === stamp ? known.sha256 === sha256 : hasPlainBytes(place, bytes);
  }
}

/** For the file that is being staged. */
const staged = new Scratch();

/**
 * Stages a host's changed files, in any process: the commit is somebody else's.
 *
 * Every file is compared by its bytes, so that one that somebody edited is mended. Nothing outside of the staging folder changes.
 * Errors: {@link TreeFailure}.
 */
export function stageHostFiles(
  root: string,
  host: string,
  artefacts: Iterable<ArtefactInPieces>,
  { recorded = false, known, kept = [] }: StageOptions = {},
): HostPlan {
  const old = known === undefined ? readHostManifest(root, host) : undefined;
  const stager = new Stager(root, known, recorded ? new Map() : undefined);
  const hashes = new Map<string, string>();
  const file = (path: string): string => {
    invariant(path.startsWith(`${host}/`), `artefact "${path}" is not of host "${host}"`);
    return path.slice(host.length + 1);
  };
  for (const { path, pieces } of artefacts) hashes.set(file(path), stager.put(path, pieces));
  for (const path of kept) hashes.set(file(path), stager.keep(path));
  stager.put(`${host}/${manifestName}`, [printHostManifest(hashes)]);
  const { moves, changed, unchanged, files } = stager;
  const before = old === undefined ? Array.from(known?.keys() ?? [], file) : [...old.keys()];
  const removals = goneFiles(root, host, before, hashes);
  return { host, moves: [...moves], removals, changed, unchanged, ...(files === undefined ? {} : { files }) };
}

/** Stages a file of the tree itself. Answers what is to be moved: nothing where it is there already. */
export function stageTreeFile(root: string, path: string, pieces: Pieces): readonly string[] {
  const stager = new Stager(root);
  stager.stage(path, staged.join(pieces));
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

function goneFiles(root: string, host: string, old: readonly string[], files: ReadonlyMap<string, string>): string[] {
  const gone: string[] = [];
  const guard = new FolderGuard(root);
  for (const file of old) {
    const path = `${host}/${file}`;
    if (file === manifestName || files.has(file) || !guard.parentsExist(path)) continue;
    const found = ifThere(path, () => lstatSync(join(root, path), { throwIfNoEntry: false }));
    if (found !== undefined) gone.push(path);
  }
  return gone;
}
