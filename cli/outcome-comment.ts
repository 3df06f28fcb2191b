import { Command } from "commander";
import { withStores } from "./support/store-locations.ts";

/** With the clients of the ledger and of GitHub, which the command's help does without. */
const outcomeComment: typeof import("./outcome-comment/outcome-comment.ts").outcomeComment = async (...said) =>
  (await import("./outcome-comment/outcome-comment.ts")).outcomeComment(...said);

/** The command `outcome-comment`. */
export function outcomeCommentCommand(): Command {
  return withStores(new Command("dlr outcome-comment"), "ledger")
    .description(
      "How requests ended, as a comment on the pull request that each came with. Read from the ledger; nothing is asked of Graph.",
    )
    .argument("[words...]", "[STACK]")
    .option("--post", "write the comments on GitHub, with the token in GITHUB_TOKEN (default: print them)", false)
    .option("--since <TIME>", "what ended since then: a day, or how long ago (12h)", "7d")
    .option("--folder <FOLDER>", "the checkout with the requests, and its whole history (default: this one)")
    .option("--repository <OWNER/NAME>", "default: GITHUB_REPOSITORY")
    .option("--author <LOGIN>", "who writes our comments: what others write tells nothing", "github-actions[bot]")
    .addHelpText(
      "after",
      `
A request came with the pull request whose commit last changed the line that it begins at, or the line of its generation. Where its ticket is an issue of
the repository (#12 or GH-12), the issue is told too. What was told once is not told again, by whatever stack of the same ledger.
Exit codes: 0 fine, 2 wrong use, 3 GitHub or the ledger refused or could not be reached.

Examples:
  dlr outcome-comment prod
  dlr outcome-comment prod --post`,
    )
    .action(outcomeComment);
}
