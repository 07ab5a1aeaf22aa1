import type { Diagnostic, Result } from "./diagnostic.js";

/** Gathers the diagnostics of a phase, so that one run shows them all. */
export class Collector {
  readonly #diagnostics: Diagnostic[] = [];
  #errors = 0;

  /** True once an error was added. */
  get hasErrors(): boolean {
    return this.#errors > 0;
  }

  /** What was added, in that order. */
  get diagnostics(): readonly Diagnostic[] {
    return this.#diagnostics;
  }

  add(...diagnostics: readonly Diagnostic[]): void {
    for (const diagnostic of diagnostics) {
      this.#diagnostics.push(diagnostic);
      if (diagnostic.severity === "error") this.#errors++;
    }
  }

  /** Adds the diagnostics of a part's result and hands on its value. */
  take<T>([value, diagnostics]: Result<T>): T | undefined {
    for (const diagnostic of diagnostics) this.add(diagnostic);
    return value;
  }

  /** The phase's result: the value, unless there was an error. */
  result<T>(value: T): Result<T> {
    return [this.hasErrors ? undefined : value, this.#diagnostics];
  }
}
