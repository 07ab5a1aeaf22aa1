import process from "node:process";
import { CommanderError } from "commander";
import { exitCode, type Context } from "./context.js";
import { printFailure } from "./failure.js";
import { buildProgram, sources } from "./program.js";
import { standardStream } from "./standard-stream.js";
import { watchStrays } from "./stray.js";

/**
 * Runs dvrc's command line.
 *
 * Shape: arguments without the program's name; the outcome is the exit code.
 * Errors: none; whatever a command throws is told to the user.
 */
export async function main(args: readonly string[], context: Context): Promise<number> {
  let outcome: number = exitCode.done;
  const finish = (status: number): void => {
    outcome = status;
  };
  try {
    const words = args.filter((arg) => !arg.startsWith("-"));
    const wanted = words[0] === "help" ? words[1] : words[0];
    const program = await buildProgram(context, finish, (entry) => entry.name === wanted);
    await program.parseAsync([...args], { from: "user" });
    return outcome;
  } catch (error) {
    if (error instanceof CommanderError) return isRequestedHelp(error) ? exitCode.done : exitCode.trouble;
    return printFailure(error, context, args.includes("--debug"));
  }
}

function isRequestedHelp(error: CommanderError): boolean {
  return (
    error.code === "commander.helpDisplayed" ||
    error.code === "commander.version" ||
    (error.code === "commander.help" && error.exitCode === 0)
  );
}

/** Runs dvrc's command line as this process: with its streams, environment and working folder. */
export async function runProcess(args: readonly string[]): Promise<number> {
  // A reader that has seen enough, as in `dvrc schema | head`, is no trouble.
  const unread = (): never => {
    over();
    process.exit(process.exitCode ?? exitCode.done);
  };
  const context: Context = {
    stdout: standardStream(1, unread),
    stderr: standardStream(2, unread),
    env: process.env,
    cwd: process.cwd(),
    commandLine: args,
    program: sources,
  };
  const over = watchStrays(context, args.includes("--debug"));
  try {
    return await main(args, context);
  } finally {
    over();
  }
}
