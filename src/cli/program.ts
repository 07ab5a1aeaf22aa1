import { Command } from "commander";
import { coloursOf, wantsColours } from "./colours.js";
import type { Context } from "./context.js";
import { registry, type CommandEntry, type Finish } from "./registry.js";

declare const DVRC_VERSION: string | undefined;
declare const DVRC_SOURCES: string | undefined;

/** dvrc's version; `0.0.0` where it runs from its sources. */
export const version = typeof DVRC_VERSION === "string" ? DVRC_VERSION : "0.0.0";

/** SHA-256 of what dvrc was built from; undefined where it runs from its sources. */
export const sources = typeof DVRC_SOURCES === "string" ? DVRC_SOURCES : undefined;

/**
 * The command line as commander knows it. Only the entries in `loaded` have their arguments and options; the others have their names.
 *
 * Errors: its `parseAsync` throws commander's `CommanderError` for wrong usage, help and version.
 */
export async function buildProgram(context: Context, finish: Finish, loaded: (entry: CommandEntry) => boolean): Promise<Command> {
  const program = new Command("dvrc")
    .description("Compile a declarative OpenStack Neutron DVR topology into the exact state of every host.")
    .version(version, "--version", "print the version")
    .option("--debug", "print stack traces of dvrc's own errors")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "print help of a command")
    .exitOverride()
    .showSuggestionAfterError();
  styleOutput(program, context);
  for (const entry of registry) {
    const command = program
      .command(entry.name)
      .summary(entry.summary)
      .description(sentence(entry.summary))
      .helpOption("-h, --help", "print help");
    if (!loaded(entry)) continue;
    const module = await entry.load();
    module.define(command, context, finish);
    command.showHelpAfterError(`Try: dvrc ${entry.name} --help`);
    for (const part of command.commands) {
      part.description(sentence(part.summary())).showHelpAfterError(`Try: dvrc ${entry.name} ${part.name()} --help`);
    }
  }
  program.addHelpText("after", () => `\nExit codes: 0 done, 1 differences, 2 trouble with the input, 3 a bug in dvrc.`);
  program.showHelpAfterError("Try: dvrc --help");
  return program;
}

function styleOutput(program: Command, context: Context): void {
  const colours = coloursOf(context.stdout, context.env);
  const errorColours = coloursOf(context.stderr, context.env);
  program.configureOutput({
    writeOut: (text) => void context.stdout.write(text),
    writeErr: (text) => void context.stderr.write(text),
    getOutHelpWidth: () => context.stdout.columns ?? 100,
    getErrHelpWidth: () => context.stderr.columns ?? 100,
    getOutHasColors: () => wantsColours(context.stdout, context.env),
    getErrHasColors: () => wantsColours(context.stderr, context.env),
    outputError: (text, write) => write(text.replace(/^error:/, errorColours.red("error:"))),
  });
  program.configureHelp({
    styleTitle: (title) => colours.bold(title),
    styleCommandText: (text) => colours.cyan(text),
    styleSubcommandText: (text) => colours.cyan(text),
    styleOptionText: (text) => colours.cyan(text),
  });
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}
