import { createHash, hash } from "node:crypto";
import { closeSync, lstatSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defined, invariant } from "../../base/invariant.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Artefact } from "../artefact.js";
import { type HostManifest, manifestName, parseHostManifest, printHostManifest } from "../manifest.js";
import { ifThere, touching, TreeFailure } from "./failure.js";
import { FolderGuard, isPlainFolder, stagedAlone, stagedPath } from "./place.js";
import { hasPlainText, readPlainFile } from "./plain-file.js";
import { type FileRecord, type FileRecords, stampOf } from "./stamps.js";

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

/** A file that was made of what it was: its bytes in pieces that follow one another, most of which are the old ones. */
export interface EditedFile {
  /** Relative to the tree. */
  readonly path: string;
  readonly pieces: readonly Uint8Array[];
}

/** A text, or the bytes of one in pieces. */
type Content = string | readonly Uint8Array[];

/** What is kept in mind of the files from one build to the next. */
export interface StageOptions {
  /** The plan tells what the files are. */
  readonly recorded?: boolean;
  /** What the plan before told. */
  readonly known?: FileRecords | undefined;
  /** Paths of artefacts that are taken for what is known of them; complete once the other artefacts were taken. */
  readonly kept?: readonly string[];
  /** Complete as `kept` is. */
  readonly edited?: readonly EditedFile[];
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

  /** Stages a file where the tree has none with this content. Answers its SHA-256. */
  put(path: string, content: Content): string {
    const hash = typeof content === "string" ? sha256(content) : sha256OfPieces(content);
    this.stage(path, content, hash);
    return hash;
  }

  /** As {@link put}; the SHA-256 is of use where files are recorded alone. */
  stage(path: string, content: Content, sha256 = ""): void {
    const newFolder = this.newFolderOf(path);
    if (newFolder === undefined && this.has(path, content, sha256)) {
      this.unchanged++;
      return;
    }
    this.moves.add(newFolder ?? path);
    this.changed++;
    const staged = newFolder === undefined ? stagedAlone(this.root, path) : `${this.staging}/${path}`;
    touching(staged, () => {
      const parent = staged.slice(0, staged.lastIndexOf("/"));
      if (!this.made.has(parent)) {
        mkdirSync(parent, { recursive: true });
        this.made.add(parent);
      }
      // Given the text, Node.js opens, writes and closes in one call, without a buffer for each file.
      if (typeof content === "string") writeFileSync(staged, content);
      else writePieces(staged, content);
    });
    this.files?.set(path, { sha256, stamp: stampOf(staged) ?? "" });
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

  private has(path: string, content: Content, sha256: string): boolean {
    if (!this.guard.parentsExist(path)) return false;
    const place = join(this.root, path);
    const text = (): string => (typeof content === "string" ? content : Buffer.concat(content).toString("utf8"));
    if (this.files === undefined) return hasPlainText(place, text());
    // Before the reading: what somebody writes after it is then another.
    const stamp = stampOf(place) ?? "";
    this.files.set(path, { sha256, stamp });
    const known = this.known.get(path);
    if (known?.stamp === stamp) return known.sha256 === sha256;
    return hasPlainText(place, text());
  }
}

/**
 * Stages a host's changed files, in any process: the commit is somebody else's.
 *
 * Every file is compared by its bytes, so that one that somebody edited is mended. Nothing outside of the staging folder changes.
 * Errors: {@link TreeFailure}.
 */
export function stageHostFiles(
  root: string,
  host: string,
  artefacts: Iterable<Artefact>,
  { recorded = false, known, kept = [], edited = [] }: StageOptions = {},
): HostPlan {
  const old = known === undefined ? readHostManifest(root, host) : undefined;
  const stager = new Stager(root, known, recorded ? new Map() : undefined);
  const hashes = new Map<string, string>();
  const file = (path: string): string => {
    invariant(path.startsWith(`${host}/`), `artefact "${path}" is not of host "${host}"`);
    return path.slice(host.length + 1);
  };
  for (const { path, text } of artefacts) hashes.set(file(path), stager.put(path, text));
  for (const { path, pieces } of edited) hashes.set(file(path), stager.put(path, pieces));
  for (const path of kept) hashes.set(file(path), stager.keep(path));
  stager.put(`${host}/${manifestName}`, printHostManifest(hashes));
  const { moves, changed, unchanged, files } = stager;
  const before = old === undefined ? Array.from(known?.keys() ?? [], file) : [...old.keys()];
  const removals = goneFiles(root, host, before, hashes);
  return { host, moves: [...moves], removals, changed, unchanged, ...(files === undefined ? {} : { files }) };
}

/** Stages a file of the tree itself. Answers what is to be moved: nothing where it is there already. */
export function stageTreeFile(root: string, path: string, text: string): readonly string[] {
  const stager = new Stager(root);
  stager.stage(path, text);
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

function sha256OfPieces(pieces: readonly Uint8Array[]): string {
  const sum = createHash("sha256");
  for (const piece of pieces) sum.update(piece);
  return sum.digest("hex");
}

function writePieces(path: string, pieces: readonly Uint8Array[]): void {
  const file = openSync(path, "w");
  try {
    for (const piece of pieces) writeFileSync(file, piece);
  } finally {
    closeSync(file);
  }
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
