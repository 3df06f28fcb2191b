import { ConfigurationError, LedgerError, type ProductError } from "../domain/errors.ts";
import { planDestroysData } from "../domain/plan.ts";
import type { LedgerContents } from "../domain/ports.ts";
import { isCi } from "../support/ci.ts";
import { PROJECT, type Settings } from "./settings.ts";
import type { Surveyed } from "./surveyed.ts";

/** What is wrong with the stores for what this run has to do, all of it; for runs against Microsoft only. */
export function storeProblems(
  entries: readonly Surveyed[],
  settings: Settings,
  ledger: Pick<LedgerContents, "exists">,
  environment: NodeJS.ProcessEnv,
): readonly ProductError[] {
  return [...checkExists(entries, settings, ledger), ...checkShards(settings), ...checkLasting(entries, settings, isCi(environment))];
}

function checkExists(entries: readonly Surveyed[], { ledger: place }: Settings, ledger: Pick<LedgerContents, "exists">): ProductError[] {
  const open = entries.filter((entry) => !entry.isEnded).length;
  if (ledger.exists || open === 0) return [];
  const message = `there is no ledger in ${place}, and without one nothing is sent: ${count(open, "request")} ${open === 1 ? "is" : "are"} not done`;
  return [new LedgerError(message, { hint: "make it once: npm run ledger -- init; if there was one, get it back first" })];
}

/** Each shard is a stack, on a machine of its own sooner or later: each would have a ledger of its own, and count for itself. */
function checkShards({ ledger, shard }: Settings): ProductError[] {
  if (shard.of === 1 || !ledger.startsWith("file:")) return [];
  const message = `shard is ${shard.index}/${shard.of}, and the ledger ${ledger} is a folder, which ${shard.of} stacks cannot share safely; nothing was sent`;
  const hint = `npm run pulumi -- config set ledger https://ACCOUNT.blob.core.windows.net/CONTAINER, or take ${PROJECT}:shard out`;
  return [new ConfigurationError(message, { hint })];
}

/**
 * A CI runner is thrown away after its run, and a folder on it with it: the only code to a wiped device, and the only record that it was
 * wiped.
 */
function checkLasting(entries: readonly Surveyed[], settings: Settings, isCi: boolean): ProductError[] {
  const destructive = entries.filter((entry) => !entry.isEnded && planDestroysData(entry.plan));
  const [first] = destructive;
  const folders = (["escrow", "ledger"] as const).filter((key) => settings[key].startsWith("file:"));
  if (!isCi || first === undefined || folders.length === 0) return [];
  const places = folders.map((key) => `${key} (${settings[key]})`).join(" and ");
  const others = destructive.length === 1 ? "destroys" : `and ${count(destructive.length - 1, "other")} destroy`;
  const message = `request ${first.request.name} ${others} data, and ${places} would be gone with this CI runner; nothing was sent`;
  const hint = `set ${PROJECT}:escrow to a Key Vault and ${PROJECT}:ledger to a place that lasts, or run up on a machine that keeps both folders; CI=false says that this is no build service`;
  return [new ConfigurationError(message, { hint })];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
