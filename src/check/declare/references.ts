import { didYouMean } from "../../base/did-you-mean.js";
import type { Reference } from "../../model/topology.js";
import type { Pointer } from "../../source/pointer.js";
import { sentence } from "../describe.js";
import { complain, type DeclareContext, declaredAt } from "./context.js";
import { type Kind, subnetKey } from "./names.js";

const unknown = {
  host: "unknown-host",
  "availability-zone": "unknown-availability-zone",
  network: "unknown-network",
  subnet: "unknown-subnet",
  port: "unknown-port",
  server: "unknown-server",
  "security-group": "unknown-security-group",
  "address-scope": "unknown-address-scope",
  "address-group": "unknown-address-group",
} as const satisfies Record<Kind, string>;

/** Longest name, largest section and most names for which a suggestion is looked for: the distance of two names costs the product of their lengths. */
const suggestible = { length: 100, candidates: 5000, names: 500 };

/**
 * A reference as written, where something of that name is declared.
 *
 * Errors: undefined, and an unknown-* complaint with the nearest name, where there is none.
 */
export function refer(context: DeclareContext, kind: Kind, name: string, pointer: Pointer, owner: string): Reference | undefined {
  if (context.names.places[kind].has(name)) return { key: name, pointer };
  complainUnknown(context, kind, name, pointer, owner, context.names.places[kind]);
  return undefined;
}

/**
 * A reference to a subnet by its bare name or as `NETWORK/SUBNET`, its key being the latter.
 *
 * Errors: undefined, and a complaint, where no subnet has the name, or several have.
 */
export function referSubnet(context: DeclareContext, name: string, pointer: Pointer, owner: string): Reference | undefined {
  const { places, subnetsByName } = context.names;
  const found = new Set(subnetsByName.get(name));
  if (places.subnet.has(name)) found.add(name);
  const [only, second] = found;
  if (only === undefined) {
    const candidates = new Map([...subnetsByName].map(([bare, keys]) => [bare, places.subnet.get(keys[0] ?? "") ?? ""]));
    complainUnknown(context, "subnet", name, pointer, sentence(owner), candidates);
    return undefined;
  }
  if (second !== undefined) {
    const related = [...found].map((key) => declaredAt(context.document, key, places.subnet.get(key) ?? ""));
    complain(context, pointer, "ambiguous-subnet", { owner: sentence(owner), name, example: only }, { related });
    return undefined;
  }
  return { key: only, pointer };
}

/**
 * A reference to a subnet of a known network: by its own name there, else as {@link referSubnet}.
 *
 * Errors: undefined, and a complaint, where it is unknown or of another network.
 */
export function referSubnetOf(
  context: DeclareContext,
  network: string,
  name: string,
  pointer: Pointer,
  owner: string,
): Reference | undefined {
  const { places, subnetsByName } = context.names;
  const own = subnetKey(network, name);
  if (places.subnet.has(own)) return { key: own, pointer };
  const elsewhere = places.subnet.has(name) ? name : subnetsByName.get(name)?.[0];
  if (elsewhere === undefined) return referSubnet(context, name, pointer, owner);
  const place = places.subnet.get(elsewhere) ?? "";
  if (place.startsWith(`${places.network.get(network) ?? ""}/`)) return { key: elsewhere, pointer };
  const related = [declaredAt(context.document, elsewhere, place)];
  complain(context, pointer, "subnet-of-other-network", { owner: sentence(owner), network, subnet: `"${elsewhere}"` }, { related });
  return undefined;
}

function complainUnknown(
  context: DeclareContext,
  kind: Kind,
  name: string,
  pointer: Pointer,
  owner: string,
  candidates: ReadonlyMap<string, Pointer>,
): void {
  const meant = suggestionFor(context, `${kind} ${name}`, name, candidates);
  if (meant === undefined) {
    complain(context, pointer, unknown[kind], { owner, name });
    return;
  }
  const place = candidates.get(meant) ?? "";
  const related = place === "" ? [] : [declaredAt(context.document, meant, place)];
  complain(context, pointer, unknown[kind], { owner, name }, { help: `Did you mean "${meant}"?`, related });
}

function suggestionFor(context: DeclareContext, key: string, name: string, candidates: ReadonlyMap<string, Pointer>): string | undefined {
  const { suggestions } = context;
  if (suggestions.has(key)) return suggestions.get(key);
  if (name.length > suggestible.length || candidates.size > suggestible.candidates || suggestions.size >= suggestible.names)
    return undefined;
  const meant = didYouMean(name, candidates.keys());
  suggestions.set(key, meant);
  return meant;
}
