import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import { PROJECT } from "../../../providers/domain/project.ts";
import type { PulumiCommand } from "../ask-pulumi.ts";
import { backendUrl } from "../backend-choice.ts";
import { awaitLedger } from "./await-ledger.ts";
import { clearInterrupted } from "./clear-interrupted.ts";
import { findProcess } from "./find-process.ts";
import { interruptedResources } from "./interrupted-resources.ts";
import { judgeLock, type LockVerdict } from "./judge-lock.ts";
import { type RunLock, readRunLocks, removeRunLock, type StackPlace } from "./run-lock.ts";
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
  const judged = (await readRunLocks(folder, place)).map((lock) => ({ lock, verdict: judge(lock) }));
  const blocking = judged.filter(({ verdict }) => verdict !== "dead");
  if (blocking.length > 0) {
    for (const { lock, verdict } of blocking) pulumi.say(heldLine(lock, verdict));
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

/** The folder of a file backend; null for any other. */
function stateFolder({ env, root }: PulumiCommand): string | null {
  const url = backendUrl(env, root);
  const home = /^file:\/\/~(\/.*)?$/.exec(url ?? "");
  if (home !== null) return `${env.HOME ?? ""}${home[1] ?? ""}`;
  const parsed = URL.parse(url ?? "");
  if (parsed?.protocol !== "file:" || parsed.host !== "") return null;
  return fileURLToPath(`file://${parsed.pathname}`);
}

function judge({ holder }: RunLock): LockVerdict {
  const here = hostname();
  return judgeLock(holder, here, holder?.host === here ? findProcess(holder.pid) : null);
}

/** `ORGANIZATION/PROJECT/NAME` and `ORGANIZATION/NAME` may stand for `NAME`. */
function placeOf(stack: string): StackPlace {
  const parts = stack.split("/");
  return { project: parts.length === 3 ? (parts[1] ?? PROJECT) : PROJECT, name: parts.at(-1) ?? stack };
}
