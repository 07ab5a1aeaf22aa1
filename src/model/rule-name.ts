import { remoteOf } from "./remote.js";
import type { ResolvedSecurityGroupRule } from "./resolved.js";

/**
 * Name of a rule among those of its group: what it says, as no two of a group say the same.
 *
 * Shape: `ingress IPv4 tcp 80:80 10.0.0.0/8`, `egress IPv6`.
 */
export function ruleName(rule: ResolvedSecurityGroupRule): string {
  const { direction, ethertype, protocol, portRangeMin, portRangeMax, remoteIpPrefix } = rule;
  const ports = portRangeMin === undefined && portRangeMax === undefined ? undefined : `${portRangeMin ?? ""}:${portRangeMax ?? ""}`;
  return [direction, ethertype, protocol, ports, remoteIpPrefix, remoteOf(rule)?.key].filter((part) => part !== undefined).join(" ");
}

/** Values in an order of names; those that it does not name come last, as they were. */
export function inOrderOf<T>(values: readonly T[], order: readonly string[] | undefined, name: (value: T) => string): readonly T[] {
  if (order === undefined) return values;
  const places = new Map(order.map((one, index) => [one, index] as const));
  const placeOf = (value: T): number => places.get(name(value)) ?? order.length;
  return [...values].sort((a, b) => placeOf(a) - placeOf(b));
}
