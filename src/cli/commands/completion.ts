import { Argument, type Command } from "commander";
import { completedCommands, completedProgramOptions, type CompletedCommand, type CompletedOption } from "../completion/model.js";
import { exitCode, type Context } from "../context.js";
import { addExamples } from "../examples.js";
import { buildProgram } from "../program.js";
import type { Finish } from "../registry.js";

type Shell = "bash" | "zsh" | "fish";
type Print = (programOptions: readonly CompletedOption[], commands: readonly CompletedCommand[]) => string;

/** `dvrc completion`: prints the completion script of a shell. */
export function define(command: Command, context: Context, finish: Finish): void {
  command.addArgument(new Argument("<shell>", "the shell").choices(["bash", "zsh", "fish"])).action(async (shell: Shell) => {
    const program = await buildProgram(context, finish, () => true);
    const print = await printerOf(shell);
    context.stdout.write(print(completedProgramOptions(program), completedCommands(program)));
    finish(exitCode.done);
  });
  addExamples(command, context, [
    ["source <(dvrc completion bash)", "in ~/.bashrc"],
    ["source <(dvrc completion zsh)", "in ~/.zshrc, after compinit"],
    ["dvrc completion fish | source", "in ~/.config/fish/config.fish"],
  ]);
}

async function printerOf(shell: Shell): Promise<Print> {
  switch (shell) {
    case "bash":
      return (await import("../completion/bash.js")).bashCompletion;
    case "zsh":
      return (await import("../completion/zsh.js")).zshCompletion;
    case "fish":
      return (await import("../completion/fish.js")).fishCompletion;
  }
}
