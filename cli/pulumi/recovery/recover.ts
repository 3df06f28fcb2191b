import type { PulumiCommand } from "../ask-pulumi.ts";
import { awaitLedger } from "./await-ledger.ts";
import { clearInterrupted } from "./clear-interrupted.ts";
import { interruptedResources } from "./interrupted-resources.ts";
import { heldLocks, judgedLocks } from "./judged-locks.ts";
import { type RunLock, removeRunLock } from "./run-lock.ts";
import { placeOf, stateFolder } from "./state-folder.ts";
import { cancelHint, deadLine, heldLine } from "./wording.ts";

/**
 * Before `up` on a file backend: removes the locks of runs that are dead for certain and what
 * they left unfinished in the state, and says so. Where one lock is not dead for certain,
 * everything stays as it is. Throws `LedgerBusyError` when what a dead run started does not end.
 * `ledger`: where the stack's is, or null where nobody can tell.
 */
export async function recover(stack: string, ledger: string | null, pulumi: PulumiCommand): Promise<void> {
  const folder = stateFolder(pulumi);
  if (folder === null) return;
  const place = placeOf(stack);
  const judged = await judgedLocks(folder, place);
  const blocking = heldLocks(judged);
  if (blocking.length > 0) {
    for (const one of blocking) pulumi.say(heldLine(one));
    if (blocking.some(({ verdict }) => verdict !== "alive")) pulumi.say(cancelHint(stack));
    return;
  }
  const interrupted = await interruptedResources(folder, place);
  if (judged.length === 0 && interrupted.length === 0) return;

  const locks = judged.map(({ lock }) => lock);
  for (const lock of locks) pulumi.say(deadLine(stack, lock));
  if (ledger !== null) await awaitLedger(ledger, pulumi.root, pulumi.say);
  await clear(stack, locks, interrupted, pulumi);
}

async function clear(stack: string, locks: readonly RunLock[], interrupted: readonly string[], pulumi: PulumiCommand): Promise<void> {
  for (const lock of locks) await removeRunLock(lock);
  if (locks.length > 0) pulumi.say(`up: ${locks.length === 1 ? "its lock is" : "their locks are"} removed`);
  if (interrupted.length > 0) await clearInterrupted(stack, interrupted, pulumi);
  pulumi.say("up: the ledger knows what was sent; this run goes on from there");
}
