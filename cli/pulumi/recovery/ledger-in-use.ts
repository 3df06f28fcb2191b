import { access } from "node:fs/promises";
import path from "node:path";
import { LedgerBusyError } from "../../../providers/domain/errors.ts";
import { ledgerPaths } from "../../../providers/ledger/file/ledger-folder.ts";
import { acquireLock } from "../../../providers/ledger/file/ledger-lock.ts";
import { systemClock } from "../../support/system-clock.ts";

/**
 * A provider whose engine died ends when the call under way is answered: after an action's time
 * limit at the latest.
 */
const PROVIDER_ENDS_MS = 120_000;

/**
 * Waits until no process holds the stack's ledger. Throws `LedgerBusyError` when one goes on
 * holding it. A ledger in Azure Storage needs no such wait: each send there takes its device's
 * lease first.
 */
export async function awaitLedger(place: string, root: string, say: (line: string) => void): Promise<void> {
  if (!place.startsWith("file:")) return;
  const { lock } = ledgerPaths(path.resolve(root, place.slice("file:".length)));
  if (!(await exists(lock))) return;
  try {
    (await acquireLock(lock, { waitMs: 0, clock: systemClock })).release();
  } catch (error) {
    if (!(error instanceof LedgerBusyError)) throw error;
    say(`up: ${error.message}: what the dead run started is still being finished; waiting for it`);
    (await acquireLock(lock, { waitMs: PROVIDER_ENDS_MS, clock: systemClock })).release();
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
