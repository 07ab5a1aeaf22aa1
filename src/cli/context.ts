/** A stream that text is written to: standard output and error, or a test's buffer. */
export interface TextStream {
  write(text: string): unknown;
  /** True for a terminal. */
  readonly isTTY?: boolean | undefined;
  /** Width of the terminal in characters. */
  readonly columns?: number | undefined;
}

/** What the command line knows of the outside: only `main.ts` makes one from the process. */
export interface Context {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Working folder, absolute. */
  readonly cwd: string;
  /** What the process was started with, after the program's name; undefined where another program runs dvrc. */
  readonly commandLine?: readonly string[];
  /** What tells this dvrc from any that may compile otherwise; undefined where it runs from its sources, which may change. */
  readonly program?: string | undefined;
}

/** How a command ended, as diff(1)'s: see `exitCode`. */
export type ExitCode = 0 | 1 | 2 | 3;

/** The exit codes by what they mean. */
export const exitCode = {
  /** Done, and no difference. */
  done: 0,
  /** Differences: stale artefacts, drift, an undelivered trace. */
  differences: 1,
  /** Trouble with the input: diagnostics, wrong usage, files that cannot be read or written. */
  trouble: 2,
  /** A bug in dvrc. */
  bug: 3,
} as const satisfies Record<string, ExitCode>;

/** True where a continuous integration runs dvrc: `CI` is set and not `false` or `0`. */
export function isCi(env: Context["env"]): boolean {
  const value = env["CI"];
  return value !== undefined && value !== "" && value !== "false" && value !== "0";
}
