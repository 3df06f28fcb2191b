import { Argument, Command } from "commander";
import { type CompletedShell, completionScript, SHELLS } from "./completion/scripts.ts";

/** The command `completion`: prints a script for one shell, and installs nothing. */
export function completionCommand(): Command {
  return new Command("dlr completion")
    .description("Prints what makes a shell complete commands, options and stacks.")
    .addArgument(new Argument("<SHELL>", "the shell").choices(SHELLS))
    .addHelpText(
      "after",
      `
Put it where the shell starts:
  bash        eval "$(./dlr completion bash)"          in ~/.bashrc
  zsh         eval "$(./dlr completion zsh)"           in ~/.zshrc, after compinit
  fish        ./dlr completion fish > ~/.config/fish/completions/dlr.fish
  PowerShell  .\\dlr completion powershell | Out-String | Invoke-Expression    in $PROFILE`,
    )
    .action((shell: CompletedShell) => console.log(completionScript(shell).trimEnd()));
}
