import type { Argument, Command, Option } from "commander";

/** An option as a shell completes it. */
export interface CompletedOption {
  /** `-o` and `--out`, those that exist. */
  readonly flags: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  /** The only values that it takes; empty for files. */
  readonly choices: readonly string[];
}

/** A command as a shell completes it. */
export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** Words that its first argument can be: subcommands or fixed choices; empty for files. */
  readonly words: readonly string[];
}

/** What the completion scripts need to know of dvrc's command line, taken from the definitions that also parse it. */
export function completedCommands(program: Command): readonly CompletedCommand[] {
  const shared = program.options.map(completedOption);
  return program.commands.map((command) => ({
    name: command.name(),
    description: command.summary(),
    options: [...optionsOf(command), helpOption, ...shared.filter((option) => !option.flags.includes("--version"))],
    words: [...command.commands.map((child) => child.name()), ...(command.registeredArguments[0]?.argChoices ?? [])],
  }));
}

/** Options that work before any command. */
export function completedProgramOptions(program: Command): readonly CompletedOption[] {
  return [...program.options.map(completedOption), helpOption];
}

const helpOption: CompletedOption = { flags: ["-h", "--help"], description: "print help", takesValue: false, choices: [] };

/** Options of a command and of its subcommands; one that several of them have is there once. */
function optionsOf(command: Command): CompletedOption[] {
  const all = [command, ...command.commands].flatMap((each) => each.options.filter((option) => !option.hidden).map(completedOption));
  return [...new Map(all.map((option) => [option.flags.join(" "), option])).values()];
}

function completedOption(option: Option & { argChoices?: Argument["argChoices"] }): CompletedOption {
  return {
    flags: [option.short, option.long].filter((flag) => flag !== undefined),
    description: option.description,
    takesValue: option.required || option.optional,
    choices: option.argChoices ?? [],
  };
}
