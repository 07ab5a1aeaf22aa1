import { tmpdir } from "node:os";
import type { TextStream } from "../cli/context.js";
import { main } from "../cli/main.js";

/** What a run of the command line did. */
export interface CliRun {
  /** Exit code. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Surroundings of a run. */
export interface CliSurroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Both streams are terminals. */
  readonly terminal?: boolean;
  /** What tells this dvrc from another. */
  readonly program?: string;
}

/** Runs dvrc's command line in this process. */
export async function runCli(args: readonly string[], surroundings: CliSurroundings = {}): Promise<CliRun> {
  const out: string[] = [];
  const err: string[] = [];
  const stream = (parts: string[]): TextStream => ({
    write: (text) => parts.push(text),
    isTTY: surroundings.terminal ?? false,
    columns: 100,
  });
  const code = await main(args, {
    stdout: stream(out),
    stderr: stream(err),
    env: surroundings.env ?? {},
    cwd: surroundings.cwd ?? tmpdir(),
    program: surroundings.program,
  });
  return { code, stdout: out.join(""), stderr: err.join("") };
}
