/** A JSON pointer (RFC 6901) into the topology document: `/routers/R1/interfaces/0`. The empty pointer is the whole document. */
export type Pointer = string;

/** The pointer to a member of what another pointer names; the key is escaped. */
export function pointerTo(parent: Pointer, ...keys: readonly (string | number)[]): Pointer {
  let pointer = parent;
  for (const key of keys) pointer += "/" + escapeKey(String(key));
  return pointer;
}

/** The unescaped keys of a pointer. */
export function pointerKeys(pointer: Pointer): string[] {
  if (pointer === "") return [];
  return pointer.slice(1).split("/").map(unescapeKey);
}

/** The last key of a pointer: what a resource is called in the topology, `R1` of `/routers/R1`. */
export function lastKey(pointer: Pointer): string {
  return unescapeKey(pointer.slice(pointer.lastIndexOf("/") + 1));
}

function unescapeKey(key: string): string {
  return key.includes("~") ? key.replaceAll("~1", "/").replaceAll("~0", "~") : key;
}

function escapeKey(key: string): string {
  return key.includes("~") || key.includes("/") ? key.replaceAll("~", "~0").replaceAll("/", "~1") : key;
}
