import { dlrCommand, type Shell } from "../../providers/support/dlr-command.ts";
import { shellAtHand } from "./shell-at-hand.ts";
import type { StoreOptions } from "./store-locations.ts";

/**
 * Writes a command of ours as a person would type it here: for the same stack and stores as the
 * one that runs now.
 */
export type CommandWriter = (command: string, ...args: readonly string[]) => string;

<<<<<<< da6ceab6bbc45a150c9b5caaeec47cf6da0e215e
export function commandWriter(
  { stack, ledger, escrow }: StoreOptions,
  shell: Shell = shellAtHand(process.env, process.platform),
): CommandWriter {
  return (command, ...args) => {
    const places = OF_PULUMI.includes(command) ? [] : [...option("--ledger", ledger), ...option("--escrow", escrow)];
    return dlrCommand(command, stack, [...args, ...places], shell);
=======
/** Quotes what a shell would take apart; commands of Pulumi get no `--ledger`. */
export function commandWriter({ stack, ledger }: StoreOptions): CommandWriter {
  return (script, ...args) => {
    const places = [...option("--stack", stack), ...(OF_PULUMI.includes(script) ? [] : option("--ledger", ledger))];
    const words = [...args, ...places].map(quoted).join(" ");
    return words === "" ? `npm run ${script}` : `npm run ${script} -- ${words}`;
>>>>>>> e743ede15c277cc124ac54de1a52392236a1a1ec
  };
}

/** These hand their arguments to Pulumi, which takes stores from the stack alone. */
const OF_PULUMI: readonly string[] = ["up", "preview"];

function option(name: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [name, value];
}
