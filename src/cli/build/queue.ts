/** Cells of the memory that threads share. */
const nextCell = 0;
const failedCell = 1;

/** The hosts of a build, of which every thread takes the next one when it has time. */
export class HostQueue {
  private readonly cells: Int32Array;

  /** `shared` is the memory of another thread's queue of the same hosts. */
  constructor(
    private readonly names: readonly string[],
    readonly shared: SharedArrayBuffer = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT),
  ) {
    this.cells = new Int32Array(shared);
  }

  /** The next host, which no other thread has; undefined where all are taken. */
  take(): string | undefined {
    return this.names[Atomics.add(this.cells, nextCell, 1)];
  }

  /** How many are taken. */
  get taken(): number {
    return Math.min(Atomics.load(this.cells, nextCell), this.names.length);
  }

  get length(): number {
    return this.names.length;
  }

  /** Tells all threads that nothing will be written: from now on hosts are only looked through for more errors. */
  fail(): void {
    Atomics.store(this.cells, failedCell, 1);
  }

  get hasFailed(): boolean {
    return Atomics.load(this.cells, failedCell) === 1;
  }
}
