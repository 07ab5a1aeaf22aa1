import { by, byNumber, sorted } from "../../base/order.js";
import type { IpRule } from "../../ir/namespace.js";
import { because } from "./because.js";
import type { Pointer } from "../../source/pointer.js";

/** The IPv4 rules that the kernel gives every namespace. Source: Linux `fib_default_rules_init`. */
export function kernelRules(cause: Pointer): IpRule[] {
  const origin = because("l3/kernel-rule", cause);
  return [
    { priority: 0, lookup: "local", origin },
    { priority: 32766, lookup: "main", origin },
    { priority: 32767, lookup: "default", origin },
  ];
}

/** The IPv6 rules that the kernel gives every namespace. Source: Linux `fib6_rules_net_init`. */
export function kernelRules6(cause: Pointer): IpRule[] {
  const origin = because("l3/kernel-rule", cause);
  return [
    { priority: 0, lookup: "local", origin },
    { priority: 32766, lookup: "main", origin },
  ];
}

/** Rules by ascending priority; those of one priority stay in order of addition. */
export function orderIpRules(rules: readonly IpRule[]): IpRule[] {
  return sorted(
    rules,
    by((rule) => rule.priority, byNumber),
  );
}
