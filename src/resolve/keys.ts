/**
 * Keys of resources and of their allocations in the lock.
 *
 * A resource key is its kind and the names that lead to it, `subnet/NET/SUB`. What the server allocates is `<resource key>/<attribute>`;
 * what a host chooses is `<release>/<host>/<what>/<owner>`. Names are escaped as in a JSON pointer, so that no two owners share a key.
 */

/** A name inside a key: `~` and `/` escaped as RFC 6901 does. */
export function escapeName(name: string): string {
  return name.includes("~") || name.includes("/") ? name.replaceAll("~", "~0").replaceAll("/", "~1") : name;
}

/** The name that a part of a key stands for. */
export function unescapeName(part: string): string {
  return part.includes("~") ? part.replaceAll("~1", "/").replaceAll("~0", "~") : part;
}

/** Kinds of resources: the first part of the keys of what the server allocates. */
export const resourceKinds = [
  "host",
  "network",
  "subnet",
  "router",
  "port",
  "server",
  "floating_ip",
  "security_group",
  "address_scope",
  "address_group",
] as const;

/** What a declared resource is, as its keys begin. */
export type ResourceKind = (typeof resourceKinds)[number];

/** `router/R1`, `subnet/NET/SUB`, `router/R1/csnat/NET/SUB`. */
export function resourceKey(kind: ResourceKind, ...names: readonly string[]): string {
  let key: string = kind;
  for (const name of names) key += `/${escapeName(name)}`;
  return key;
}

/** Prefix of what a host chooses in a release. */
export function hostPrefix(release: string, host: string): string {
  return `${escapeName(release)}/${escapeName(host)}/`;
}

/** What a key is about: a resource's attribute, or a choice of a host. */
export type KeyScope =
  | { readonly kind: "server" }
  | { readonly kind: "host"; readonly release: string; readonly host: string; readonly what: string; readonly owner: string };

const kinds: ReadonlySet<string> = new Set(resourceKinds);

/** True for the first part of the keys of what the server allocates. */
export function isResourceKind(part: string): boolean {
  return kinds.has(part);
}

/** What keys of one kind of resource, or of one host's choices in a release, begin with: `port/`, `<release>/<host>/`. */
export function keyGroup(key: string): string {
  const first = key.indexOf("/") + 1;
  return isResourceKind(key.slice(0, first - 1)) ? key.slice(0, first) : key.slice(0, key.indexOf("/", first) + 1);
}

/** Takes a key of the lock apart. Errors: undefined where it is not one. */
export function keyScope(key: string): KeyScope | undefined {
  const parts = key.split("/");
  const [release = "", host = "", what = "", ...owner] = parts;
  if (kinds.has(release)) return { kind: "server" };
  if (owner.length === 0) return undefined;
  return { kind: "host", release: unescapeName(release), host: unescapeName(host), what, owner: owner.join("/") };
}
