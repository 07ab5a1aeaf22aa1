/** Gives every resource of a section a key of its own, by which the topology refers to it. */
export class Handles {
  private readonly keys = new Map<string, string>();
  private readonly taken = new Set<string>();

  /** Reserves keys that mean something by themselves, such as `default`. */
  constructor(reserved: Iterable<string> = []) {
    for (const key of reserved) this.taken.add(key);
  }

  /**
   * The key of a resource: its name, or where it has none or another has it too, its name or kind and the first octets of its id.
   *
   * Errors: none; the whole id is used where even that is taken.
   */
  add(id: string, name: string, kind: string): string {
    const short = `${name === "" ? kind : name}-${id.slice(0, 8)}`;
    const key = [name, short, `${short}-${id}`].find((candidate) => candidate !== "" && !this.taken.has(candidate)) ?? id;
    return this.set(id, key);
  }

  /** Gives a resource a certain key. */
  set(id: string, key: string): string {
    this.taken.add(key);
    this.keys.set(id, key);
    return key;
  }

  /** The key of a resource; undefined where the answers do not have it. */
  get(id: string | undefined): string | undefined {
    return id === undefined ? undefined : this.keys.get(id);
  }
}
