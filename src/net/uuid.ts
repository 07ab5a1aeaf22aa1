import { v5 } from "uuid";

declare const uuid: unique symbol;

/** A lower-case RFC 9562 UUID, as Neutron gives to every resource. */
export type Uuid = string & { readonly [uuid]: true };

const uuidText = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** dvrc's own namespace for version 5 ids: the UUIDv5 of "dvrc" in the RFC's DNS namespace. */
const dvrcNamespace = v5("dvrc", "6ba7b810-9dad-11d1-80b4-00c04fd430c8");

/** Reads a UUID in any letter case. Errors: undefined where the text is not one. */
export function parseUuid(text: string): Uuid | undefined {
  const lower = text.toLowerCase();
  return uuidText.test(lower) ? (lower as Uuid) : undefined;
}

/** The version 5 id of a path: a pure function of it, so that it is stable under edits elsewhere (RFC 9562, section 5.5). */
export function uuidOf(path: string): Uuid {
  return v5(path, dvrcNamespace) as Uuid;
}
