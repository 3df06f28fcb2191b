import { Command } from "commander";
import { archive } from "./archive/archive.ts";
import { withStores } from "./support/store-locations.ts";

/** The command `archive`: edits the files of requests, for a commit that people review. */
export function archiveCommand(): Command {
  return withStores(new Command("dlr archive"), "ledger")
    .description(
      "Moves requests that finished long ago out of the folder of requests into an archive beside it, which no run reads. Asks Graph nothing, and changes neither ledger nor state.",
    )
    .argument("[STACK]", "the stack whose ledger says what has finished (default: the selected one)")
    .option("--older-than <TIME>", "what finished before then: how long ago (90d), or a day", "90d")
    .option("--requests <FOLDER>", "the folder of requests, in place of the stack's")
    .option("--playbooks <FOLDER>", "your own playbooks, in place of the stack's")
    .option("--dry-run", "show what would go, and write nothing", false)
    .addHelpText(
      "after",
      `
Of a list all devices go, or none. What stays: what has not ended, is in doubt or may still come to an end, is done anew when its device drifts, or is named by
\`repeats\` of a request that stays. Lines that stay are not touched. The ledger keeps what was done: an archived request that is put back is not done again.
Exit codes: 0 fine, 1 the requests are wrong, 2 wrong use, or git has changes that are not committed, 3 the ledger cannot be read.

Examples:
  dlr archive prod --dry-run
  dlr archive prod --older-than 1095d`,
    )
    .action((stack: string | undefined, flags: Parameters<typeof archive>[1]) => archive(stack === undefined ? [] : [stack], flags));
}
