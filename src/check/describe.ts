import type { FloatingIpDeclaration, PortDeclaration } from "../model/topology.js";

/** A port in words, for the middle of a sentence: `port "p1"`, `port 0 of server "vm1"`. */
export function describePort(port: PortDeclaration): string {
  const own = port.server === undefined ? undefined : `${port.server}/`;
  const implicit = own !== undefined && port.key.startsWith(own) && port.pointer.startsWith("/servers/");
  return implicit ? `port ${port.key.slice(own.length)} of server "${port.server}"` : `port "${port.key}"`;
}

/** A floating IP in words, for the beginning of a sentence. */
export function describeFloatingIp(floatingIp: FloatingIpDeclaration): string {
  if (floatingIp.pointer.startsWith("/floating_ips/")) return `Floating IP "${floatingIp.key}"`;
  const slash = floatingIp.key.lastIndexOf("/");
  const ofServer = /^\d+$/.test(floatingIp.key.slice(slash + 1)) && slash > 0;
  return ofServer ? `Floating IP of server "${floatingIp.key.slice(0, slash)}"` : `Floating IP of port "${floatingIp.key}"`;
}

/** A phrase at the beginning of a sentence. */
export function sentence(phrase: string): string {
  return phrase.charAt(0).toUpperCase() + phrase.slice(1);
}

/** A phrase in the middle of a sentence, if it begins with an ordinary word. */
export function clause(phrase: string): string {
  return phrase.charAt(0).toLowerCase() + phrase.slice(1);
}
