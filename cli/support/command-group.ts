import { Command } from "commander";

/**
 * A command that has commands below it. They take over what is set here at the moment when they are
 * added, and only that.
 */
export function commandGroup(name: string): Command {
  return new Command(name).exitOverride().showHelpAfterError("(--help lists what can be said)");
}
