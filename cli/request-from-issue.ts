import { Command } from "commander";
import { requestFromIssue } from "./request-from-issue/request-from-issue.ts";

/** The command `request-from-issue`. */
export function requestFromIssueCommand(): Command {
  return new Command("dlr request-from-issue")
    .description(
      "Makes a request of an issue form that somebody has accepted: a branch with one file, and a pull request. For the workflow “request”.",
    )
    .option("--event <FILE>", "GitHub's event: the text of the form is taken from there (default: GITHUB_EVENT_PATH)")
    .option("--post", "make the pull request, or answer the issue, with the token in GITHUB_TOKEN (default: print)", false)
    .option("--base <SHA>", "the commit of the default branch that is checked out (default: GITHUB_SHA)")
    .option("--folder <FOLDER>", "the checkout with the form and the requests (default: this one)")
    .option("--repository <OWNER/NAME>", "default: GITHUB_REPOSITORY")
    .option("--author <LOGIN>", "who writes our comments: no other is ever changed", "github-actions[bot]")
    .addHelpText(
      "after",
      `
With --post, GitHub is asked whether whoever set the label has the role "triage" or more. A pull request that is there already stays as it is.
Exit codes: 0 fine, 1 no request was made of it and the issue was told why, 2 wrong use, 3 GitHub refused or could not be reached.

Example:
  dlr request-from-issue --event event.json`,
    )
    .action(requestFromIssue);
}
