import type { HostRouter, HostView } from "../model/host-view.js";
import type { PortList } from "../model/port-list.js";

/** Lists that the permanent neighbours of a router are made of. */
export function listsOfRouter({ router }: HostRouter): PortList[] {
  const networks = new Set(router.interfaces.flatMap(({ port }) => port.fixedIps.map(({ subnet }) => subnet.network.key)));
  return Array.from(networks, (of) => ({ kind: "ports", of }));
}

/** Lists that a host's firewall reads: members of the remote groups of its ports' rules, and who serves its networks, which the hybrid one lets in. */
export function listsOfFirewall({ ports }: Pick<HostView, "ports">): PortList[] {
  const groups = new Set(ports.flatMap(({ port }) => port.securityGroups));
  const remote = new Set([...groups].flatMap(({ rules }) => rules.flatMap(({ remoteGroup }) => remoteGroup?.key ?? [])));
  const networks = new Set(ports.map(({ port }) => port.network.key));
  return [
    ...Array.from(remote, (of): PortList => ({ kind: "members", of })),
    ...Array.from(networks, (of): PortList => ({ kind: "services", of })),
  ];
}
