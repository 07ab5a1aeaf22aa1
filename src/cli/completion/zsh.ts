import render from "../templates/completion.zsh.hbs";
import type { CompletedCommand, CompletedOption } from "./model.js";
import { posixQuote } from "../shell-word.js";

/** The completion script of zsh: zshcompsys(1), `_arguments` and `_describe`. */
export function zshCompletion(programOptions: readonly CompletedOption[], commands: readonly CompletedCommand[]): string {
  return render({
    options: specifications(programOptions),
    commands: commands.map((command) => ({
      name: command.name,
      summary: posixQuote(`${command.name}:${command.description}`),
      options: specifications(command.options),
      first: command.words.length === 0 ? "" : posixQuote(`1:word:(${command.words.join(" ")})`),
    })),
  });
}

function specifications(options: readonly CompletedOption[]): string {
  return options.flatMap((option) => option.flags.map((flag) => posixQuote(specification(option, flag)))).join(" ");
}

function specification(option: CompletedOption, flag: string): string {
  const description = option.description.replace(/[[\]\\:]/g, "\\$&");
  const value = option.choices.length === 0 ? "_files" : `(${option.choices.join(" ")})`;
  return `*${flag}[${description}]${option.takesValue ? `:value:${value}` : ""}`;
}
