import { lastKey, type Pointer } from "../source/pointer.js";

/** A resource with a key in the topology and a name in Neutron. */
interface Named {
  readonly pointer: Pointer;
  readonly name: string;
}

/** Resources by what they are called: their keys in the topology, and Neutron's names where only one of them bears them and none has them as its key. */
export function calledBy<T extends Named>(resources: readonly T[]): ReadonlyMap<string, T> {
  const called = new Map<string, T>();
  const shared = new Set<string>();
  for (const resource of resources) {
    if (called.has(resource.name)) shared.add(resource.name);
    called.set(resource.name, resource);
  }
  for (const name of [...shared, ""]) called.delete(name);
  for (const resource of resources) called.set(lastKey(resource.pointer), resource);
  return called;
}
