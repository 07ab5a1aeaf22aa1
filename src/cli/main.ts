import process from "node:process";
import { CommanderError } from "commander";
import { exitCode, type Context, type ExitCode } from "./context.js";
import { printFailure } from "./failure.js";
import { buildProgram } from "./program.js";

/**
 * Runs dvrc's command line.
 *
 * Shape: arguments without the program's name; the outcome is the exit code.
 * Errors: none; whatever a command throws is told to the user.
 */
export async function main(args: readonly string[], context: Context = processContext()): Promise<ExitCode> {
  let outcome: ExitCode = exitCode.done;
  const finish = (code: ExitCode): void => {
    outcome = code;
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

function processContext(): Context {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      // A reader that has seen enough, as in `dvrc schema | head`, is no trouble.
      if (error.code === "EPIPE") process.exit(process.exitCode ?? exitCode.done);
      throw error;
    });
  }
  return { stdout: process.stdout, stderr: process.stderr, env: process.env, cwd: process.cwd() };
}
