import { cidrAddress } from "../net/cidr.js";
import { type Ip, isIpv4, parseIp } from "../net/ip.js";
import { type Answer, listed, refusal, type Where } from "./answer.js";
import { namespaceOf } from "./ip-selector.js";
import type { Station } from "../virtual/station.js";

/** The address that a user means: an address, or the name of a server, which is its first. Errors: a refusal that lists the servers. */
export function addressNamed(text: string, where: Where): Ip | Answer {
  const address = parseIp(text);
  if (address !== undefined) return address;
  const addresses = addressesOf(where.world.machine(text));
  const first = addresses.find(isIpv4) ?? addresses[0];
  return first ?? refusal(`${JSON.stringify(text)} is neither an address nor a server with one; servers: ${listed(where.names.machines)}.`);
}

/** The addresses of a machine by which others reach it, in order of its devices. */
export function addressesOf(machine: Station | undefined): readonly Ip[] {
  return (machine?.stack.namespace.devices ?? [])
    .filter((device) => device.name !== "lo")
    .flatMap((device) => device.addresses.filter(({ scope }) => scope === "global").map(({ cidr }) => cidrAddress(cidr)));
}

/** The stack that sends. Errors: a refusal in a host's own namespace. */
export function senderOf(where: Where): Station | Answer {
  if (where.station !== undefined) return where.station;
  const namespace = namespaceOf(where);
  return "kind" in namespace && "message" in namespace
    ? namespace
    : refusal("Nothing is sent from a host's own namespace here; use ip netns exec.");
}
