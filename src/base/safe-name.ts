/** Longest name that file systems take, in bytes; safe names are plain ASCII. Source: NAME_MAX of Linux file systems. */
export const longestFileName = 255;

const safeName = /^\w[\w.+@=:-]*$/;
const safePath = /^\w[\w.+@=:-]*(?:\/\w[\w.+@=:-]*)*$/;

/** True where a text is a plain file name: nothing that means another folder, nothing hidden, nothing beyond ASCII that file systems fold or refuse. */
export function isSafeName(name: string): boolean {
  return name.length <= longestFileName && safeName.test(name);
}

/** True where every part between slashes is a safe name, so that the path cannot leave the folder that it is relative to. */
export function isSafePath(path: string): boolean {
  return safePath.test(path) && (path.length <= longestFileName || path.split("/").every(isSafeName));
}

/** The first character that keeps a text from being a safe name, and whether it is only unsafe at the beginning. */
export function unsafeCharacter(name: string): { readonly character: string; readonly leading: boolean } | undefined {
  const [unsafe] = /[^A-Za-z0-9_.+@=:-]/u.exec(name) ?? [];
  if (unsafe !== undefined) return { character: unsafe, leading: false };
  const [leading] = /^[^A-Za-z0-9_]/.exec(name) ?? [];
  return leading === undefined ? undefined : { character: leading, leading: true };
}
