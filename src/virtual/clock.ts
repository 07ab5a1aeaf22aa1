interface Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/**
 * The simulated clock: what happens next, in order of time, then of entry. Times are milliseconds since the world began.
 *
 * Nothing here looks at the real time: two runs of one scene are the same.
 */
export class Clock {
  #now = 0;
  #entered = 0;
  readonly #heap: Timer[] = [];

  /** Milliseconds since the world began. */
  get now(): number {
    return this.#now;
  }

  /** Has something done after a delay in milliseconds, to the microsecond; 0 is after all that is due now. */
  after(delay: number, run: () => void): void {
    this.#push({ at: Math.round((this.#now + delay) * 1000) / 1000, order: this.#entered++, run });
  }

  /** Does what is due until a time comes, then stands there. */
  runUntil(time: number): void {
    for (let next = this.#heap[0]; next !== undefined && next.at <= time; next = this.#heap[0]) this.#step(next);
    this.#now = Math.max(this.#now, time);
  }

  /** Does the one thing that is due next. */
  runNext(): void {
    const next = this.#heap[0];
    if (next !== undefined) this.#step(next);
  }

  /** When the next thing is due; undefined where nothing is. */
  get next(): number | undefined {
    return this.#heap[0]?.at;
  }

  #step(next: Timer): void {
    this.#pop();
    this.#now = Math.max(this.#now, next.at);
    next.run();
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !before(timer, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const [leftTimer, rightTimer] = [heap[left], heap[left + 1]];
      if (leftTimer === undefined) break;
      const right = rightTimer !== undefined && before(rightTimer, leftTimer);
      const child = right ? rightTimer : leftTimer;
      if (!before(child, last)) break;
      heap[at] = child;
      at = right ? left + 1 : left;
    }
    heap[at] = last;
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
