import { unsafeCharacter } from "../../base/safe-name.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { HostDeclaration } from "../../model/topology.js";
import { pointerTo } from "../../source/pointer.js";
import type { CheckContext } from "../context.js";

/** The agent's own bridges. Source: Neutron `integration_bridge`, `tunnel_bridge`. */
const ownBridges: ReadonlyMap<string, string> = new Map([
  ["br-int", "integration"],
  ["br-tun", "tunnel"],
]);

/** Longest name of a Linux device, in bytes: IFNAMSIZ less the final NUL. */
const longestName = 15;

/** Bridges and uplinks are devices of Linux, and each physical network has a bridge of its own. */
export function* checkDeviceNames(context: CheckContext): Iterable<Diagnostic> {
  for (const host of context.topology.hosts.values()) {
    yield* checkMappings(context, host);
    yield* checkUplinks(context, host);
    const bridge = host.externalNetworkBridge;
    if (bridge !== undefined) yield* checkBridge(context, host, bridge, pointerTo(host.pointer, "external_network_bridge"));
  }
}

function* checkMappings(context: CheckContext, host: HostDeclaration): Iterable<Diagnostic> {
  const physicalOf = new Map<string, string>();
  for (const [physical, bridge] of host.bridgeMappings) {
    const pointer = pointerTo(host.pointer, "bridge_mappings", physical);
    yield* checkBridge(context, host, bridge, pointer);
    const first = physicalOf.get(bridge);
    physicalOf.set(bridge, first ?? physical);
    if (first === undefined) continue;
    const related = [{ at: context.at(pointerTo(host.pointer, "bridge_mappings", first)), message: `"${first}" has it here.` }];
    const holes = { host: host.name, first, second: physical, bridge };
    yield report("bridge-mapped-twice", holes, context.at(pointer), { related });
  }
}

function* checkUplinks(context: CheckContext, host: HostDeclaration): Iterable<Diagnostic> {
  const mapped = new Set(host.bridgeMappings.values());
  for (const [bridge, device] of host.uplinks) {
    const pointer = pointerTo(host.pointer, "uplinks", bridge);
    yield* checkDevice(context, host, "Uplink", device, pointer);
    if (!mapped.has(bridge)) yield report("unmapped-uplink", { host: host.name, bridge }, context.at(pointer, "key"));
  }
}

function* checkBridge(context: CheckContext, host: HostDeclaration, bridge: string, pointer: string): Iterable<Diagnostic> {
  const role = ownBridges.get(bridge);
  if (role !== undefined) yield report("reserved-bridge", { host: host.name, bridge, role }, context.at(pointer));
  yield* checkDevice(context, host, "Bridge", bridge, pointer);
}

function* checkDevice(context: CheckContext, host: HostDeclaration, what: string, device: string, pointer: string): Iterable<Diagnostic> {
  const reason = flawOf(device);
  if (reason !== undefined) yield report("bad-device-name", { what, device, host: host.name, reason }, context.at(pointer));
}

/** Beyond what Linux refuses, names must be safe in names of files: a bridge's artefacts are named after it. Source: Linux `dev_valid_name`. */
function flawOf(device: string): string | undefined {
  if (device === "." || device === "..") return "it means a folder";
  const unsafe = device.includes(":") ? { character: ":", leading: false } : unsafeCharacter(device);
  if (unsafe !== undefined) return `it ${unsafe.leading ? "begins with" : "contains"} "${unsafe.character}"`;
  if (device.length > longestName) return `it is longer than ${longestName} bytes`;
  return undefined;
}
