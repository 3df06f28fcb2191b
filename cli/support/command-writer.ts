import { dlrCommand, type Shell } from "../../providers/support/dlr-command.ts";
import { shellAtHand } from "./shell-at-hand.ts";
import type { StoreOptions } from "./store-locations.ts";

/**
 * Writes a command of ours as a person would type it here: for the same stack and stores as the
 * one that runs now.
 */
export type CommandWriter = (command: string, ...args: readonly string[]) => string;

/** Quotes what a shell would take apart; commands of Pulumi get no `--ledger`. */
export function commandWriter(
  { stack, ledger, escrow }: StoreOptions,
  shell: Shell = shellAtHand(process.env, process.platform),
): CommandWriter {
  return (command, ...args) => {
    const places = OF_PULUMI.includes(command) ? [] : [...option("--ledger", ledger), ...option("--escrow", escrow)];
    return dlrCommand(command, stack, [...args, ...places], shell);
  };
}

/** These hand their arguments to Pulumi, which takes stores from the stack alone. */
const OF_PULUMI: readonly string[] = ["up", "preview"];

function option(name: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [name, value];
}
