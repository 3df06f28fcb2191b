import type { Command } from "commander";
import { approvers } from "./people/approvers.ts";
import { authors } from "./people/authors.ts";
import { commandGroup } from "./support/command-group.ts";

const TOKEN = `
The token in GITHUB_TOKEN needs contents: read, pull-requests: read, issues: read and actions: read.
Exit codes: 0 fine, 2 wrong use, 3 GitHub refused or could not be reached.`;

/** The command `people` with those below it. */
export function peopleCommand(): Command {
  const group = commandGroup("dlr people").description(
    "Who wrote the requests and who approved them, as GitHub knows its accounts: for the policies two-persons and author-limit.",
  );
  group
    .command("authors")
    .description("write into a review who wrote each of its requests: its entry, its CSV file and its playbook, in every commit so far")
    .option("--review <FILE>", "what dlr preview --save-review wrote; the names are added to it")
    .option("--folder <FOLDER>", "the checkout that the review is of, with its whole history (default: this one)")
    .option("--repository <OWNER/NAME>", "default: GITHUB_REPOSITORY")
    .addHelpText("after", `${TOKEN}\n\nExample:\n  dlr people authors --review review.json`)
    .action(authors);
  group
    .command("approvers")
    .description("who let this run of the workflow into its environment")
    .option("--environment <NAME>", "the environment with the approvers", "production")
    .option("--run <ID>", "default: GITHUB_RUN_ID")
    .option("--outputs <FILE>", "append DEVICE_LIFECYCLE_APPROVERS=… to it: in a workflow $GITHUB_ENV (default: print the names)")
    .option("--repository <OWNER/NAME>", "default: GITHUB_REPOSITORY")
    .addHelpText("after", `${TOKEN}\n\nExample:\n  dlr people approvers --outputs "$GITHUB_ENV"`)
    .action(approvers);
  return group;
}
