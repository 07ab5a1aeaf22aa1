import { remember } from "../base/remember.js";
import type { HostRouter, WiredPort } from "../model/host-view.js";
import type { PortList } from "../model/port-list.js";
import type { ResolvedPort, ResolvedRouter } from "../model/resolved.js";

/** Lists that any part of a host may read that has these routers, and these ports besides theirs. */
export function listsOfParts(ports: readonly ResolvedPort[], routers: readonly ResolvedRouter[]): PortList[] {
  const wired = [...ports, ...routers.flatMap(portsOf)].map((port) => ({ port }));
  return [...listsOfFirewall({ ports: wired }), ...routers.flatMap((router) => listsOfRouter({ router }))];
}

const portsOf = remember(({ interfaces, gateway }: ResolvedRouter): readonly ResolvedPort[] => [
  ...interfaces.flatMap(({ port, csnat }) => (csnat === undefined ? [port] : [port, csnat])),
  ...(gateway === undefined ? [] : [gateway.port]),
]);

/** Lists that the permanent neighbours of a router are made of. */
export function listsOfRouter({ router }: Pick<HostRouter, "router">): readonly PortList[] {
  return listsOfEachRouter(router);
}

const listsOfEachRouter = remember(({ interfaces }: ResolvedRouter): readonly PortList[] => {
  const networks = new Set(interfaces.flatMap(({ port }) => port.fixedIps.map(({ subnet }) => subnet.network.key)));
  return Array.from(networks, (of) => ({ kind: "ports", of }));
});

/** Lists that a host's firewall reads: members of the remote groups of its ports' rules, and who serves its networks, which the hybrid one lets in. */
export function listsOfFirewall({ ports }: { readonly ports: readonly Pick<WiredPort, "port">[] }): PortList[] {
  const groups = new Set(ports.flatMap(({ port }) => port.securityGroups));
  const remote = new Set([...groups].flatMap(({ rules }) => rules.flatMap(({ remoteGroup }) => remoteGroup?.key ?? [])));
  const networks = new Set(ports.map(({ port }) => port.network.key));
  return [
    ...Array.from(remote, (of): PortList => ({ kind: "members", of })),
    ...Array.from(networks, (of): PortList => ({ kind: "services", of })),
  ];
}
