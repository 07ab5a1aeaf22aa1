import render from "../templates/completion.fish.hbs";
import type { CompletedCommand, CompletedOption } from "./model.js";
import { fishQuote } from "../shell-word.js";

/** The completion script of fish: complete(1). */
export function fishCompletion(programOptions: readonly CompletedOption[], commands: readonly CompletedCommand[]): string {
  return render({
    options: programOptions.map(optionArguments),
    commands: commands.map((command) => ({
      name: command.name,
      summary: fishQuote(command.description),
      words: command.words.length === 0 ? "" : fishQuote(command.words.join(" ")),
      options: command.options.map(optionArguments),
    })),
  });
}

function optionArguments(option: CompletedOption): string {
  const flags = option.flags.map((flag) => (flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)).join(" ");
  const choices = option.choices.length === 0 ? "-r -F" : `-x -a ${fishQuote(option.choices.join(" "))}`;
  return `${flags}${option.takesValue ? ` ${choices}` : ""} -d ${fishQuote(option.description)}`;
}
