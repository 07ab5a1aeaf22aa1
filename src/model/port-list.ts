/**
 * A list of ports that belongs to a resource without being a part of it, else an external network would tie every tenant to every other: all ports
 * of a network, those of them that serve it, and the members of a security group.
 */
export interface PortList {
  readonly kind: "ports" | "services" | "members";
  /** Key of the network or group. */
  readonly of: string;
}
