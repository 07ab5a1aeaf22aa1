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
  return pointer
    .slice(1)
    .split("/")
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function escapeKey(key: string): string {
  return key.includes("~") || key.includes("/") ? key.replaceAll("~", "~0").replaceAll("/", "~1") : key;
}
