import { Command } from "commander";
import { ownExitCode } from "./exit-file.ts";
import type { SetUpOptions } from "./options.ts";
import type { PulumiCommand } from "./recovery/pulumi-command.ts";
import { recover } from "./recovery/recover.ts";
import { prepareReview, reviewOptions } from "./review-options.ts";
import { runPulumi } from "./run-pulumi.ts";
import { stackHint } from "./stack-hint.ts";

/** Most of a request's time is spent waiting for Graph; Pulumi's own default counts processors. */
const PARALLEL = "64";

/**
 * By default the engine writes the whole state twice for each resource, which is slow from some
 * hundred requests on. Only the last write matters here: after a crash the ledger, not the state,
 * knows what was done.
 */
const SKIP_CHECKPOINTS = "true";

/**
 * `npm run up` and `npm run preview`: Pulumi's commands of the same names, with our settings; all
 * arguments are handed on. `up` first clears away what a run that died left behind.
 */
export function stackCommand(name: "up" | "preview", description: string, options: SetUpOptions): Command {
  const command = new Command(`npm run ${name} --`);
  for (const option of reviewOptions(name)) command.addOption(option);
  return command
    .description(description)
    .usage(`[--stack NAME] [ARGS…]`)
    .helpOption("-h, --help", "this text")
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText(
      "after",
      `
ARGS are handed to \`pulumi ${name}\` unchanged; its own help: npm run pulumi -- ${name} --help
${PARALLEL} resources run at once unless --parallel or PULUMI_PARALLEL says otherwise. Exit codes: 0 fine, 1 the requests are wrong, 2 wrong use, 3 Graph or a store refused or could not be
reached, 4 a request ended failed or ambiguous in this run; any other is Pulumi's.
${name === "up" ? "What a run that died left in a file backend (a lock, unfinished creations) is cleared first, once the run is dead for certain.\n" : ""}A stack is made, and selected, by: npm run pulumi -- stack select --create NAME
Backends and environment variables: docs/set-up.md

Examples:
  npm run ${name} -- --stack dev${name === "up" ? " --yes" : " --diff"}`,
    )
    .action(async () => {
      const { args, env: ofReview } = await prepareReview(name, process.argv.slice(2));
      const env = { PULUMI_PARALLEL: PARALLEL, PULUMI_SKIP_CHECKPOINTS: SKIP_CHECKPOINTS, ...options.env, ...ofReview };
      const before = name === "up" ? (pulumi: PulumiCommand) => recover(args, pulumi) : undefined;
      process.exitCode = await ownExitCode((told) => runPulumi([name, ...args], { ...options, env: { ...env, ...told } }, before));
      if (process.exitCode === 0) return;
      const hint = await stackHint(name, args, options);
      if (hint !== null) options.say(`  help: ${hint}`);
    });
}
