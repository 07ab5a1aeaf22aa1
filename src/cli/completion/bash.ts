import render from "../templates/completion.bash.hbs";
import type { CompletedCommand, CompletedOption } from "./model.js";
import { posixQuote } from "../shell-word.js";

/** The completion script of bash: bash(1), "Programmable Completion". */
export function bashCompletion(programOptions: readonly CompletedOption[], commands: readonly CompletedCommand[]): string {
  const names = commands.map((command) => command.name);
  return render({
    commandPattern: names.join("|"),
    options: wordList(programOptions.flatMap((option) => option.flags)),
    words: wordList(names),
    commands: commands.map((command) => ({
      name: command.name,
      options: wordList(command.options.flatMap((option) => option.flags)),
      words: wordList(command.words),
      valued: command.options
        .filter((option) => option.takesValue)
        .map((option) => ({ pattern: option.flags.join("|"), choices: wordList(option.choices) })),
    })),
  });
}

function wordList(words: readonly string[]): string {
  return posixQuote(words.join(" "));
}
