import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import process from "node:process";
import { type Pieces, Scratch } from "../base/scratch.js";

/**
 * Writes a file, of one text or of pieces that follow one another, beside its place and renames it there, so that nobody sees half of it and a full
 * disk costs nothing.
 *
 * A link is followed, and the mode of what was there kept.
 * Errors: throws what the system refuses, under the file's own name; a file that may not be written is refused although it could be renamed over.
 */
export function replaceFile(path: string, text: string | Pieces): void {
  replaceFiles([[path, text]]);
}

/** As {@link replaceFile} for files that belong together: all are written before the first is renamed. */
export function replaceFiles(files: readonly (readonly [path: string, text: string | Pieces])[]): void {
  const drafts: Draft[] = [];
  try {
    for (const [path, text] of files) {
      const draft = draftOf(path, drafts.length);
      drafts.push(draft);
      named(path, () => {
        writeDraft(draft, text);
      });
    }
    for (const { path, target, draft } of drafts) {
      named(path, () => {
        renameSync(draft, target);
      });
    }
  } catch (error) {
    for (const { draft } of drafts) rmSync(draft, { force: true });
    throw error;
  }
}

interface Draft {
  readonly path: string;
  /** What a link leads to. */
  readonly target: string;
  readonly draft: string;
  readonly there: boolean;
}

function draftOf(path: string, nth: number): Draft {
  const there = existsSync(path);
  const target = there ? realpathSync(path) : (linkedTo(path) ?? path);
  // The name of the file may be as long as names can be.
  const name = `${basename(target).slice(0, 50)}.${process.pid}-${nth}.tmp`;
  return { path, target, draft: join(dirname(target), name), there };
}

/** Where a link leads to of which nothing is there yet. */
function linkedTo(path: string): string | undefined {
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  return isLink ? resolve(dirname(path), readlinkSync(path)) : undefined;
}

function writeDraft({ target, draft, there }: Draft, text: string | Pieces): void {
  if (there) accessSync(target, constants.W_OK);
  writeFileSync(draft, typeof text === "string" ? text : drafted.join(text));
  if (there) chmodSync(draft, statSync(target).mode & 0o7777);
}

const drafted = new Scratch();

/** What the system refuses of a draft is told of the file that it would become. */
function named(path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error instanceof Error) Object.assign(error, { path });
    throw error;
  }
}
