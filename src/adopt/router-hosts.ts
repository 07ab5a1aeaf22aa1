import { resourceKey } from "../resolve/keys.js";
import type { LockValue } from "../resolve/lock.js";
import { byText } from "../base/order.js";
import { defined } from "../base/invariant.js";
import type { Cloud } from "./document/cloud.js";
import type { DumpedHost } from "./host/facts.js";

/**
 * Hosts of routers that no port of theirs tells: a router without a gateway is bound to an agent of a network node all the same, and a centralised one
 * may be there without any port.
 *
 * It is the one network node that has the router and nothing of its networks, else the first that has it. Entries of the lock.
 */
export function routerHosts(cloud: Cloud, networkNodes: readonly string[], dumps: ReadonlyMap<string, DumpedHost>): Map<string, LockValue> {
  const entries = new Map<string, LockValue>();
  for (const router of cloud.answers.routers) {
    const ports = cloud.portsOfDevice.get(router.id) ?? [];
    if (router.gateway !== undefined || ports.some(({ host }) => host !== undefined)) continue;
    const networks = new Set(ports.map(({ networkId }) => networkId));
    const having = [...(router.distributed ? networkNodes : dumps.keys())]
      .sort(byText)
      .filter((host) => dumps.get(host)?.namespace(`qrouter-${router.id}`) !== undefined);
    const isServed = (host: string): boolean => cloud.answers.ports.some((port) => port.host === host && networks.has(port.networkId));
    const host = having.find((name) => !isServed(name)) ?? having[0];
    const key = resourceKey("router", defined(cloud.handles.router.get(router.id), "key of a router"));
    if (host !== undefined) entries.set(`${key}/host`, host);
  }
  return entries;
}
