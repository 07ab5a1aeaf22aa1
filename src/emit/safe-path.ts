/** Longest name that file systems take, in bytes; names are plain ASCII here. */
const longestName = 255;

/** True where a text is a plain file name: nothing that means another folder, nothing hidden, nothing beyond ASCII that file systems fold or refuse. */
export function isSafeName(name: string): boolean {
  return name.length <= longestName && /^[A-Za-z0-9_][A-Za-z0-9_.+@=:-]*$/.test(name);
}

/** True where every part between slashes is a safe name, so that the path cannot leave the folder that it is relative to. */
export function isSafePath(path: string): boolean {
  return path.split("/").every(isSafeName);
}
