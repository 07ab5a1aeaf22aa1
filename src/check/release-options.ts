import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { report } from "../diagnostics/report.js";
import type { HostDeclaration, Topology } from "../model/topology.js";
import type { Release } from "../releases/release.js";
import type { SourceDocument } from "../source/document.js";
import type { Pointer } from "../source/pointer.js";
import { valueAt } from "../source/value-at.js";

/** A topology without the options that its release does not have, and a warning for each. */
export function withoutDroppedOptions(
  topology: Topology,
  document: SourceDocument,
  release: Release,
): readonly [Topology, readonly Diagnostic[]] {
  const external = release.features.has("external-network-bridge");
  const spoofing = !release.features.has("arp-spoofing-always-prevented");
  const hosts = new Map<string, HostDeclaration>();
  for (const [name, host] of topology.hosts) hosts.set(name, fitted(host, external, spoofing));
  const dropped = (pointer: Pointer, option: string): Diagnostic[] => {
    const written = valueAt(document.value, pointer) !== undefined;
    return written ? [report("option-not-in-release", { option, release: release.name }, document.locate(pointer, "key").span)] : [];
  };
  const hostPointers = [...topology.hosts.values()].map(({ pointer }) => pointer);
  return [
    { ...topology, hosts },
    [
      ...(spoofing ? [] : ["", ...hostPointers].flatMap((at) => dropped(`${at}/agent/prevent_arp_spoofing`, "prevent_arp_spoofing"))),
      ...(external ? [] : hostPointers.flatMap((at) => dropped(`${at}/external_network_bridge`, "external_network_bridge"))),
    ],
  ];
}

function fitted(host: HostDeclaration, external: boolean, spoofing: boolean): HostDeclaration {
  const { externalNetworkBridge, ...rest } = host;
  const agent = spoofing ? host.agent : { ...host.agent, preventArpSpoofing: true };
  return { ...rest, agent, ...(external && externalNetworkBridge !== undefined ? { externalNetworkBridge } : {}) };
}
