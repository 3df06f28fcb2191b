import { Command } from "commander";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { processWatch } from "../../providers/telemetry/process-watch.ts";
import { saveRunOption, takeSaveRun } from "../notify/save-run.ts";
import { displayRun } from "../shown/display-run.ts";
import { FAST } from "../shown/fast-words.ts";
import { openLedgerAt } from "../support/open-stores.ts";
import { checkedSettings, readStackSettings, type StackSettings } from "../support/stack-settings.ts";
import { brakeOf, renderWhere } from "../support/where.ts";
import { requireNamed } from "../support/words-of.ts";
import type { PulumiCommand } from "./ask-pulumi.ts";
import type { SetUpOptions } from "./options.ts";
import { withOwnPolicies } from "./own-policies.ts";
import { mendState } from "./recovery/mend-state.ts";
import { recover } from "./recovery/recover.ts";
import { refuseTorn } from "./recovery/refuse-torn.ts";
import { prepareReview, reviewOptions } from "./review-options.ts";
import { optionValues, stackNamed } from "./stack-named.ts";

/**
 * By default the engine writes the whole state twice for each resource, which is slow from some
 * hundred requests on. Only the last write matters here: after a crash the ledger, not the state,
 * knows what was done.
 */
const SKIP_CHECKPOINTS = "true";

type Name = "up" | "preview";

const SHOWS: Readonly<Record<Name, string>> = {
  preview: "What would be done is shown as a table.",
  up: "First the preview, as a table; then it asks, unless --yes is said; then it does what was shown, and holds what changed since.",
};

/**
 * `dlr up` and `dlr preview`: Pulumi's commands of the same names, with our settings; all
 * arguments are handed on. First they say which stack they are about, and check its settings;
 * `up` clears away what a run that died left behind.
 */
export function stackCommand(name: Name, description: string, args: readonly string[], options: SetUpOptions): Command {
  const command = new Command(`dlr ${name}`);
  for (const option of reviewOptions(name)) command.addOption(option);
  if (name === "preview") command.option(FAST, "without Pulumi's engine and policies: the same table in half the time");
  if (name === "up") command.addOption(saveRunOption());
  return command
    .description(description)
    .usage(`[STACK] [ARGS…]`)
    .helpOption("-h, --help", "this text")
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText(
      "after",
      `
ARGS are handed to \`pulumi ${name}\`; its own help: dlr pulumi ${name} --help
${SHOWS[name]}
${name === "preview" ? "--fast asks Pulumi for settings and state alone: the same table, without policies and targets, and no review is saved.\n" : ""}--details shows Pulumi's display besides, with a card for each request; --diff, --json and the like show Pulumi's alone.
However many requests wait for their devices, the next is sent, unless --parallel or PULUMI_PARALLEL says otherwise. Exit codes: 0 fine, 1 the requests are wrong, 2 wrong use, 3 Graph or a store refused or could not be
reached, 4 a request ended failed or ambiguous in this run; any other is Pulumi's.
${name === "up" ? "What a run that died left in a file backend (a lock, unfinished creations, a state that cannot be read) is cleared first, once the run is dead for certain.\nWithout a terminal the stack has to be named.\n" : ""}Where the project has a policies.json, the rules of policy/ are asked with it: docs/policies.md
A stack is made, and selected, by: dlr pulumi stack select --create NAME
Backends and environment variables: docs/set-up.md

Examples:
  dlr ${name} dev${name === "up" ? " --yes" : " --diff"}`,
    )
    .action(() => runOn(name, withStackOption(args), options));
}

/** The word behind the command is the stack: Pulumi would take it for a template. */
function withStackOption(args: readonly string[]): readonly string[] {
  const [first, ...rest] = args;
  if (first === undefined || first.startsWith("-")) return args;
  const other = stackNamed(rest);
  if (other !== null) throw new ConfigurationError(`two stacks are named: ${first} and ${other}`);
  return ["--stack", first, ...rest];
}

async function runOn(name: Name, args: readonly string[], options: SetUpOptions): Promise<void> {
  const named = stackNamed(args) ?? undefined;
  if (name === "preview" && args.includes(FAST)) {
    const { previewFast } = await import("../shown/preview-fast.ts");
    process.exitCode = await previewFast(args, (pulumi) => sayWhere(name, named, args, pulumi), options);
    return;
  }
  if (name === "up") requireNamed(named === undefined ? {} : { stack: named }, "dlr up STACK");
  const { file: saveRun, rest } = name === "up" ? takeSaveRun(args) : { file: null, rest: args };
  const { args: handedOn, env: ofReview } = await prepareReview(name, withOwnPolicies(rest, options.root));
  const env = { PULUMI_SKIP_CHECKPOINTS: SKIP_CHECKPOINTS, ...options.env, ...ofReview, ...processWatch().handOn() };
  process.exitCode = await displayRun(
    { name, args: handedOn, env, saveRun, before: (pulumi) => sayWhere(name, named, rest, pulumi) },
    options,
  );
}

/**
 * Before Pulumi starts: nothing is run on a stack that is not there, or whose settings are wrong.
 * Where Pulumi will ask for a passphrase, the program checks them.
 */
async function sayWhere(name: Name, named: string | undefined, args: readonly string[], pulumi: PulumiCommand): Promise<StackSettings> {
  const read = await readStackSettings(pulumi, named, optionValues(args, "--config-file").at(-1));
  const settings = { ...read, values: { ...read.values, ...saidValues(args, read) } };
  const ledger = read.unseen.keys.length > 0 ? null : checkedSettings(settings).ledger;
  const brake = ledger === null ? undefined : await brakeOf(openLedgerAt(ledger, pulumi.root, { ...pulumi.env }));
  pulumi.say(renderWhere({ settings, ledger }, brake));
  if (name === "preview") await refuseTorn(settings.stack, pulumi);
  else {
    await mendState(settings.stack, pulumi);
    await recover(settings.stack, ledger, pulumi);
  }
  return settings;
}

/**
 * `-c KEY=VALUE`, which Pulumi writes into the stack's file first; a key without a namespace is
 * of the project's.
 */
function saidValues(args: readonly string[], { project }: StackSettings): Readonly<Record<string, string>> {
  const pairs = optionValues(args, "--config", "-c").flatMap((pair) => {
    const [, namespace = project, key, value] = /^(?:([^=:]+):)?([^=:]+)=(.*)$/s.exec(pair) ?? [];
    return key === undefined || value === undefined ? [] : [[`${namespace}:${key}`, value] as const];
  });
  return Object.fromEntries(pairs);
}
