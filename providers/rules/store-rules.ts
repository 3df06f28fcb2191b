import { ConfigurationError, LedgerError, type ProductError } from "../domain/errors.ts";
import { type Plan, planIsGuarded } from "../domain/plan.ts";
import type { LedgerContents } from "../domain/ports.ts";
import { PROJECT } from "../domain/project.ts";
import { isCi } from "../support/ci.ts";
import { dlrCommand, pulumiCommand } from "../support/dlr-command.ts";
import { count, listed } from "../support/words.ts";
import type { RunGuard } from "./rule.ts";

/**
 * For the guards' table; `storeProblems` judges the first three, and the check of the escrow's
 * recipients the last.
 */
export const STORE_GUARDS: readonly RunGuard[] = [
  {
    id: "no-ledger",
    effect: "the run is refused",
    realGraphOnly: true,
    when: "there is no ledger, and something is to be done",
    goOn: "once: `dlr ledger init STACK`",
  },
  {
    id: "folders-in-ci",
    effect: "the run is refused",
    realGraphOnly: true,
    when: "a build service runs it, something destroys data or puts a secret into escrow, and escrow or ledger is a folder",
    goOn: "a Key Vault and a ledger that last; or a machine that keeps both",
  },
  {
    id: "shards-over-a-folder",
    effect: "the run is refused",
    realGraphOnly: true,
    when: "`shard` is not 1/1, and the ledger is a folder",
    goOn: "a ledger in Azure Storage",
  },
  {
    id: "unproven-recipients",
    effect: "the run is refused; those who are left out beside others are warned of",
    realGraphOnly: true,
    when: "no recipient of a `file:` escrow has opened a challenge",
    goOn: "`dlr recipients confirm STACK`",
  },
];

/** A store, as its kind knows it. */
interface StorePlace {
  /** As the configuration names it. */
  readonly text: string;
  /** What it is, with its article: `a folder`. */
  readonly noun: string;
  /** It stands on one machine, and is lost with it. */
  readonly isOfOneMachine: boolean;
}

/** The stores of a run, and how many stacks share them. */
export interface RunStores {
  readonly escrow: Omit<StorePlace, "noun">;
  readonly ledger: StorePlace;
  readonly shard: { readonly index: number; readonly of: number };
  /** For the commands of hints; undefined where nobody tells it. */
  readonly stack?: string | undefined;
}

/** One request of the run. */
interface Entry {
  readonly request: { readonly name: string };
  readonly plan: Plan;
  readonly isEnded: boolean;
}

/**
 * All that is wrong with the stores for the work of this run; asked for runs against Microsoft
 * only.
 */
export function storeProblems(
  entries: readonly Entry[],
  stores: RunStores,
  ledger: Pick<LedgerContents, "exists">,
  environment: NodeJS.ProcessEnv,
): readonly ProductError[] {
  return [...checkExists(entries, stores, ledger), ...checkShards(stores), ...checkLasting(entries, stores, isCi(environment))];
}

function checkExists(
  entries: readonly Entry[],
  { ledger: place, stack }: RunStores,
  ledger: Pick<LedgerContents, "exists">,
): ProductError[] {
  const open = entries.filter((entry) => !entry.isEnded).length;
  if (ledger.exists || open === 0) return [];
  const message = `there is no ledger in ${place.text}, and without one nothing is sent: ${count(open, "request")} ${open === 1 ? "is" : "are"} not done`;
  return [new LedgerError(message, { hint: `make it once: ${dlrCommand("ledger init", stack)}; if there was one, get it back first` })];
}

/**
 * Each shard is a stack, on a machine of its own sooner or later: each would have a ledger of its
 * own, and count for itself.
 */
function checkShards({ ledger, shard, stack }: RunStores): ProductError[] {
  if (shard.of === 1 || !ledger.isOfOneMachine) return [];
  const message = `shard is ${shard.index}/${shard.of}, and the ledger ${ledger.text} is ${ledger.noun}, which ${shard.of} stacks cannot share safely; nothing was sent`;
  const hint = `${pulumiCommand(["config", "set", "ledger", "https://ACCOUNT.blob.core.windows.net/CONTAINER"], stack)}, or take ${PROJECT}:shard out`;
  return [new ConfigurationError(message, { hint })];
}

/**
 * A CI runner is thrown away after its run, and a folder on it with it: the only code to a wiped
 * device, the only new passcode of a phone, and the only record of what was sent.
 */
function checkLasting(entries: readonly Entry[], stores: RunStores, runsInCi: boolean): ProductError[] {
  const guarded = entries.filter((entry) => !entry.isEnded && planIsGuarded(entry.plan));
  const folders = (["escrow", "ledger"] as const).filter((key) => stores[key].isOfOneMachine);
  if (!runsInCi || guarded.length === 0 || folders.length === 0) return [];
  const places = folders.map((key) => `${key} (${stores[key].text})`).join(" and ");
  const message = `${describeGuarded(guarded)}, and ${places} would be gone with this CI runner; nothing was sent`;
  const hint = `set ${PROJECT}:escrow to a Key Vault and ${PROJECT}:ledger to a place that lasts, or run up on a machine that keeps both folders; CI=false says that this is no build service`;
  return [new ConfigurationError(message, { hint })];
}

const MOST_NAMED = 5;

/** `requests a (wipe) and b (resetPasscode) destroy data or put a secret into escrow` */
function describeGuarded(guarded: readonly Entry[]): string {
  const named = guarded.slice(0, MOST_NAMED).map(({ request, plan }) => `${request.name} (${guardedActions(plan).join(", ")})`);
  const left = guarded.length - named.length;
  const names = listed(left === 0 ? named : [...named, count(left, "other")], "and");
  return guarded.length === 1
    ? `request ${names} destroys data or puts a secret into escrow`
    : `requests ${names} destroy data or put a secret into escrow`;
}

function guardedActions(plan: Plan): readonly string[] {
  return plan.steps.filter((step) => planIsGuarded({ steps: [step] })).map(({ action }) => action);
}
