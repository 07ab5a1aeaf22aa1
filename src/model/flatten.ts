import { invariant } from "../base/invariant.js";

/**
 * Data as text that other data does not have: every text with its length, every collection with its end.
 *
 * What has a name, which has no semicolon, is only named; what comes a second time is numbered, so that data may share parts and go round in circles.
 */
export class Flattening {
  text = "";
  /** Names that were met, in order of the first meeting. */
  readonly references = new Set<string>();
  private readonly numbers = new Map<object, number>();

  constructor(private readonly names: ReadonlyMap<object, string>) {}

  put(value: unknown): void {
    switch (typeof value) {
      case "string":
        this.text += `"${value.length}:${value}`;
        return;
      case "object":
        if (value === null) this.text += "-";
        else this.putObject(value);
        return;
      case "function":
      case "symbol":
        invariant(false, `a ${typeof value} is no data`);
        return;
      default:
        // The type tells the number 1 from the bigint 1.
        this.text += `${typeof value}:${String(value)};`;
    }
  }

  /** An object's own members, whatever its name. */
  putMembers(value: object): void {
    if (Array.isArray(value)) {
      this.text += "[";
      for (const item of value as readonly unknown[]) this.put(item);
    } else if (value instanceof Map) {
      this.text += "<";
      for (const [key, item] of value as ReadonlyMap<unknown, unknown>) {
        this.put(key);
        this.put(item);
      }
    } else if (value instanceof Set) {
      this.text += "(";
      for (const item of value as ReadonlySet<unknown>) this.put(item);
    } else {
      const prototype: unknown = Object.getPrototypeOf(value);
      invariant(prototype === Object.prototype || prototype === null, "an object of a class is no data");
      this.text += "{";
      for (const key of Object.keys(value)) {
        this.put(key);
        this.put((value as Readonly<Record<string, unknown>>)[key]);
      }
    }
    this.text += "]";
  }

  private putObject(value: object): void {
    const name = this.names.get(value);
    if (name !== undefined) {
      this.references.add(name);
      this.text += `@${name};`;
      return;
    }
    const number = this.numbers.get(value);
    if (number !== undefined) {
      this.text += `#${number};`;
      return;
    }
    this.numbers.set(value, this.numbers.size);
    this.putMembers(value);
  }
}
