/** Sets a member of a plain object, whatever its key: `__proto__` becomes a member like any other, as `JSON.parse` makes it. */
export function setMember(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}
