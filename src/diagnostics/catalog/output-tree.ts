import type { CatalogEntry } from "./entry.js";

/** 600x: the output folder. */
export const outputTreeEntries = {
  "output-folder-not-empty": {
    code: "DVRC6001",
    severity: "error",
    message: 'Output folder "{folder}" has files, but none of them says that dvrc wrote it.',
    help: "Name an empty folder or one that dvrc built with -o, or empty this one.",
    explanation: "dvrc writes into a folder that is empty or has its manifest.json, so that it never mixes its files with somebody else's.",
  },
  "output-not-a-folder": {
    code: "DVRC6002",
    severity: "error",
    message: 'Output "{folder}" is not a folder.',
    explanation: "The artefact tree is a folder; a file of that name is in the way.",
  },
  "symbolic-link-in-output": {
    code: "DVRC6003",
    severity: "error",
    message: '"{path}" in the output folder is a symbolic link.',
    help: "Remove the link.",
    explanation: "dvrc would write or remove files outside of the output folder if it followed a link there.",
  },
  "output-folder-busy": {
    code: "DVRC6004",
    severity: "error",
    message: 'Another dvrc (process {pid} on "{machine}") is writing to "{folder}".',
    help: 'Wait for it. If it is gone, remove "{lock}".',
    explanation: "Two builds into one folder would undo each other; the lock of a process that ended is taken over by itself.",
  },
  "disk-full": {
    code: "DVRC6005",
    severity: "error",
    message: 'There is no room left for "{path}".',
    help: "Make room and build again: the tree is as it was before.",
    explanation: "Everything is staged inside the tree before anything of it changes, so a full disk leaves the old tree whole.",
  },
  "output-not-writable": {
    code: "DVRC6006",
    severity: "error",
    message: '"{path}" cannot be read or written: {reason}.',
    explanation: "The operating system refused to make, read, write, rename or remove a file of the output folder.",
  },
  "damaged-manifest": {
    code: "DVRC6007",
    severity: "error",
    message: 'Manifest "{path}" is damaged: {reason}.',
    help: "Restore it, or remove the output folder and build again.",
    explanation: "The manifests tell which files dvrc wrote, so that it removes no others.",
  },
  "manifest-of-another-format": {
    code: "DVRC6008",
    severity: "error",
    message: 'Manifest "{path}" has format {format}; this dvrc knows format {known}.',
    help: "Use the dvrc that wrote the tree, or remove the output folder and build again.",
    explanation: "A later dvrc may lay its tree out in another way.",
  },
  "build-unfinished": {
    code: "DVRC6009",
    severity: "error",
    message: 'The build of "{folder}" stopped half way: some of its files are new, others not yet.',
    help: "Mend what was in the way; the next dvrc command that opens the folder finishes the build.",
    explanation:
      "Everything was staged and the journal written, and then the operating system refused to rename or remove a file. The journal stays, so that nothing is lost.",
  },
} as const satisfies Record<string, CatalogEntry>;
