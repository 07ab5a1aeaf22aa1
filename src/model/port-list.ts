import type { ResolvedNetwork, ResolvedSecurityGroup } from "./resolved.js";

/**
 * A list of ports that belongs to a resource without being a part of it, else an external network would tie every tenant to every other: all ports
 * of a network, those of them that serve it, and the members of a security group.
 */
export type PortList =
  { readonly kind: "ports" | "services"; readonly of: ResolvedNetwork } | { readonly kind: "members"; readonly of: ResolvedSecurityGroup };
