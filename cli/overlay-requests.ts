import { Command } from "commander";
import { overlay } from "./overlay/overlay.ts";
import { runCommand } from "./support/run-command.ts";

await runCommand(
  new Command("node cli/overlay-requests.ts")
    .description(
      "For pipelines: takes requests and playbooks of a pull request, as data, over the checked-out branch that it goes to. Everything that runs stays the branch's.",
    )
    .requiredOption("--ref <REF>", "what the pull request would be once it is merged, such as refs/pull/17/merge; fetched from origin")
    .requiredOption("--head <SHA>", "the commit of the pull request that is previewed")
    .requiredOption("--stack <NAME>", "for the review of a refusal")
    .requiredOption("--review <FILE>", "where a refusal is written as a review, for dlr preview-comment")
    .option("--folder <FOLDER>", "the checked-out branch", ".")
    .option("--outputs <FILE>", "append kind=overlaid, kind=refused or kind=nothing: in a workflow $GITHUB_OUTPUT")
    .addHelpText(
      "after",
      `
Only plain files under devices/requests and devices/playbooks are taken, at most 1,000 of 1 MiB each; a pull request that changes anything else besides,
save devices/archive, is refused. Exit codes: 0 fine, 1 refused, 2 wrong use, or the pull request has moved on.`,
    )
    .action((flags: Parameters<typeof overlay>[0]) => overlay(flags)),
);
