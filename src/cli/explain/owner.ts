import type { Compilation } from "../../compile.js";
import type { Pointer } from "../../source/pointer.js";

/**
 * The declaration that a key of the lock belongs to: of the resource that the key names most fully, else of the host, else the whole topology.
 *
 * A key is `<resource>/<attribute>`, or `<release>/<host>/<what>/<resource>`, a resource being its kind and names.
 */
export function ownerPointer(key: string, compilation: Compilation): Pointer {
  const pointers = pointersByKey(compilation);
  const parts = key.split("/");
  for (let end = parts.length; end > 1; end--) {
    for (const start of [0, 3]) {
      const pointer = start < end ? pointers.get(parts.slice(start, end).join("/")) : undefined;
      if (pointer !== undefined) return pointer;
    }
  }
  return pointers.get(`host/${parts[1] ?? ""}`) ?? "";
}

function pointersByKey({ resolution }: Compilation): ReadonlyMap<string, Pointer> {
  const { hosts, networks, routers, servers, ports, floatingIps, securityGroups, addressGroups } = resolution.topology;
  const subnets = networks.flatMap((network) => network.subnets);
  const resources = [networks, subnets, routers, servers, ports, floatingIps, securityGroups, addressGroups].flat();
  return new Map([
    ...hosts.map(({ name, pointer }) => [`host/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`, pointer] as const),
    ...resources.map(({ key, pointer }) => [key, pointer] as const),
  ]);
}
