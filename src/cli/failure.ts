import { report } from "../diagnostics/report.js";
import { coloursOf } from "./colours.js";
import { exitCode, type Context, type ExitCode } from "./context.js";
import { printDiagnostics } from "./diagnostics.js";

/**
 * Tells the user of an error that a command threw: files that the system refuses, or a bug of dvrc's.
 *
 * Shape: the exit code. A stack trace only where `debug` asks for it.
 */
export function printFailure(error: unknown, context: Context, debug: boolean): ExitCode {
  const colours = coloursOf(context.stderr, context.env);
  const stack = debug && error instanceof Error ? `${error.stack ?? ""}\n` : "";
  const refusal = refusalOf(error);
  if (refusal !== undefined) {
    printDiagnostics([report("system-refused", refusal, undefined)], context);
    context.stderr.write(stack);
    return exitCode.trouble;
  }
  if (error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY") {
    printDiagnostics([report("out-of-memory", {}, undefined)], context);
    context.stderr.write(stack);
    return exitCode.trouble;
  }
  const what = error instanceof Error ? error.message : String(error);
  // By name: the file of each command has a class of its own.
  const kind = !(error instanceof Error) || error.name === "InvariantError" ? "" : `${error.name}: `;
  context.stderr.write(
    `${colours.red("dvrc has a bug:")} ${kind}${what}\n` +
      `Nothing is wrong with your topology that dvrc should not have told you. Please report this with the topology and the command line` +
      `${debug ? "" : "; --debug adds the place in dvrc"}.\n${stack}`,
  );
  return exitCode.bug;
}

/** Tells the user of what a TypeScript topology does once it is read. */
export function printTopologyFailure(message: string, context: Context): ExitCode {
  printDiagnostics([report("topology-throws", { message }, undefined)], context);
  return exitCode.trouble;
}

/** What the system refused, and why, in words; undefined for any other error. */
export function refusalOf(error: unknown): { readonly path: string; readonly reason: string } | undefined {
  if (!isSystemError(error)) return undefined;
  return { path: error.path ?? error.syscall ?? "a file", reason: reasons.get(error.code ?? "") ?? error.message };
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && "code" in error && typeof error.code === "string";
}

const reasons = new Map([
  ["EACCES", "permission denied"],
  ["EPERM", "not permitted"],
  ["ENOENT", "no such file or folder"],
  ["ENOTDIR", "a part of the path is not a folder"],
  ["EISDIR", "it is a folder"],
  ["ENOSPC", "no space left on the device"],
  ["EROFS", "the file system is read-only"],
  ["EMFILE", "too many open files"],
  ["ENAMETOOLONG", "the name is too long for the file system"],
  ["ELOOP", "too many symbolic links"],
  ["EDQUOT", "the disk quota is used up"],
  ["EEXIST", "a file is in the way"],
]);
