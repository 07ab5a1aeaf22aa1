import { hash } from "node:crypto";

declare const uuid: unique symbol;

/** A lower-case RFC 9562 UUID, as Neutron gives to every resource. */
export type Uuid = string & { readonly [uuid]: true };

const uuidText = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The namespace of domain names. Source: RFC 9562, section 6.6. */
const dnsNamespace = Buffer.from("6ba7b8109dad11d180b400c04fd430c8", "hex");

/** dvrc's own namespace: the version 5 id of the domain name "dvrc". */
const dvrcNamespace = Buffer.from("747e6551abeb5898989066d998946c60", "hex");

/** Reads a UUID in any letter case. Errors: undefined where the text is not one. */
export function parseUuid(text: string): Uuid | undefined {
  const lower = text.toLowerCase();
  return uuidText.test(lower) ? (lower as Uuid) : undefined;
}

/**
 * The version 5 id of a path: a pure function of it, so that it is stable under edits elsewhere (RFC 9562, section 5.5).
 *
 * A large topology has tens of thousands, hence the hash in one call.
 */
export function uuidOf(path: string): Uuid {
  return version5(dvrcNamespace, path);
}

/** The version 5 id of a domain name. */
export function uuidOfDomain(name: string): Uuid {
  return version5(dnsNamespace, name);
}

function version5(namespace: Buffer, name: string): Uuid {
  const bytes = Buffer.allocUnsafe(namespace.length + Buffer.byteLength(name));
  namespace.copy(bytes);
  bytes.write(name, namespace.length);
  const digest = hash("sha1", bytes, "hex");
  const variant = ((Number.parseInt(digest.charAt(16), 16) & 3) | 8).toString(16);
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}` as Uuid;
}
