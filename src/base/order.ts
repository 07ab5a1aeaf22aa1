/** A total order over `T`, as Array.prototype.sort takes it. */
export type Comparator<T> = (a: T, b: T) => number;

/** Orders strings by UTF-16 code unit: the same on every machine and in every locale. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Orders numbers ascending. */
export function byNumber(a: number, b: number): number {
  return a - b;
}

/** Orders by a key of each value. */
export function by<T, K>(key: (value: T) => K, order: Comparator<K>): Comparator<T> {
  return (a, b) => order(key(a), key(b));
}

/** The first comparator that tells two values apart decides. */
export function inTurn<T>(...orders: readonly Comparator<T>[]): Comparator<T> {
  return (a, b) => {
    for (const order of orders) {
      const result = order(a, b);
      if (result !== 0) return result;
    }
    return 0;
  };
}

/** The reverse of an order. */
export function descending<T>(order: Comparator<T>): Comparator<T> {
  return (a, b) => order(b, a);
}

/** A sorted copy. */
export function sorted<T>(values: Iterable<T>, order: Comparator<T>): T[] {
  const copy = [...values];
  // Most lists are short and come in order: to see that takes a fraction of what sorting does.
  return isInOrder(copy, order) ? copy : copy.sort(order);
}

function isInOrder<T>(values: readonly T[], order: Comparator<T>): boolean {
  for (let at = 1; at < values.length; at++) if (order(values[at - 1] as T, values[at] as T) > 0) return false;
  return true;
}
