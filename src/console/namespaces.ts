import { didYouMean } from "../base/did-you-mean.js";
import type { VirtualHost } from "../virtual/virtual-host.js";
import { type Answer, listed, refusal, type SceneNames } from "./answer.js";

/**
 * The full name of a namespace of a host: as it is, by a router's or network's name (`qrouter-R1`, `fip-EXT-NET`), or with `uuid` for the id where only one fits.
 *
 * Errors: a refusal that lists the host's namespaces.
 */
export function namespaceNamed(host: VirtualHost, text: string, names: SceneNames): string | Answer {
  if (host.namespaces.has(text)) return text;
  const full = names.namespaces.get(text);
  if (full !== undefined && host.namespaces.has(full)) return full;
  const [, prefix] = /^([a-z]+)-(?:uuid|UUID|<uuid>)$/.exec(text) ?? [];
  if (prefix !== undefined) {
    const fitting = [...host.namespaces.keys()].filter((name) => name.startsWith(`${prefix}-`));
    const [only] = fitting;
    if (fitting.length === 1 && only !== undefined) return only;
    if (fitting.length > 1) return refusal(`${JSON.stringify(text)} may be ${listed(fitting)}.`);
  }
  const known = [
    ...host.namespaces.keys(),
    ...[...names.namespaces].flatMap(([short, name]) => (host.namespaces.has(name) ? [short] : [])),
  ];
  const guess = didYouMean(text, known);
  const hint = guess === undefined ? "" : ` Did you mean ${JSON.stringify(guess)}?`;
  return refusal(
    `There is no namespace ${JSON.stringify(text)} on host ${JSON.stringify(host.name)}.${hint} It has ${listed(host.namespaces.keys(), "none")}.`,
  );
}
