import { Command, Option } from "commander";
import { previewComment } from "./preview-comment/preview-comment.ts";

/** The command `preview-comment`. */
export function previewCommentCommand(): Command {
  return new Command("dlr preview-comment")
    .description("Renders a review as Markdown for a pull request, and posts it as the one comment that the pull request has of the stack.")
    .option("--review <FILE>", "what dlr preview --save-review FILE wrote")
    .option("--post", "create or update the comment on GitHub, with the token in GITHUB_TOKEN", false)
    .option("--labels", "set or take away device-lifecycle/destructive and device-lifecycle/blocked", false)
    .option(
      "--mark-outdated",
      "only mark a comment that is of an older commit than the pull request; needs --stack instead of --review",
      false,
    )
    .option("--stack <NAME>", "for --mark-outdated")
    .addOption(new Option("--host <HOST>", "whose limits the comment keeps to").choices(["github", "azure", "gitlab"]).default("github"))
    .option("--out <FILE>", "write the Markdown there (default without --post: stdout)")
    .option("--outputs <FILE>", "append sha256=… of the review, and work=true where up would do something: in a workflow $GITHUB_OUTPUT")
    .option("--summary <FILE>", "append all of it, to 1 MiB, to this file: in a workflow $GITHUB_STEP_SUMMARY")
    .option(
      "--whole <TEXT>",
      "where the whole is, for a comment that has a part of it",
      "the whole is in the run's summary, and in its artifact",
    )
    .option("--repository <OWNER/NAME>", "default: GITHUB_REPOSITORY")
    .option("--pull-request <NUMBER>", "default: the one that the workflow was started for")
    .option("--head <SHA>", "the commit that was reviewed (default: what the review says)")
    .option("--author <LOGIN>", "who writes our comments: no other is ever changed", "github-actions[bot]")
    .addHelpText(
      "after",
      `
Exit codes: 0 fine, also where the review says that nothing may be done; 2 wrong use, 3 GitHub refused or could not be reached.

Examples:
  dlr preview-comment --review review.json
  dlr preview-comment --review review.json --post --labels --summary "$GITHUB_STEP_SUMMARY"`,
    )
    .action(previewComment);
}
