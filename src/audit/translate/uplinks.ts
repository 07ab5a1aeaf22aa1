import type { Bridge, BridgePort } from "../../ir/bridge.js";
import type { Renumbering } from "./translation.js";

/**
 * The live bridge with its uplink called as expected: its name is the operator's, and where nobody told it, the topology has a made-up one.
 *
 * Errors: the bridge as it is, unless exactly one uplink is missing and exactly one port of nobody's is there instead.
 */
export function renameUplink(expected: Bridge, live: Bridge, renumberings: Renumbering[]): Bridge {
  const [wanted, ...moreWanted] = strangers(expected, live);
  const [found, ...moreFound] = strangers(live, expected);
  if (wanted === undefined || found === undefined || moreWanted.length > 0 || moreFound.length > 0) return live;
  const names = { expected: wanted.name, live: found.name };
  renumberings.push({ what: "uplink", owner: `bridge ${expected.name}`, ...names, nature: "renumbering" });
  return { ...live, ports: live.ports.map((port) => (port === found ? { ...port, name: wanted.name } : port)) };
}

/** Ports that are neither Neutron's nor on the other bridge. */
function strangers(bridge: Bridge, other: Bridge): BridgePort[] {
  if (bridge.name === "br-int" || bridge.name === "br-tun") return [];
  const names = new Set(other.ports.map(({ name }) => name));
  return bridge.ports.filter(({ name, type }) => type.kind !== "patch" && !/^(?:qr|qg|sg|fg)-/.test(name) && !names.has(name));
}
