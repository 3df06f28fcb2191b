import { LedgerBusyError } from "../../../providers/domain/errors.ts";
import { systemClock } from "../../../providers/support/system-clock.ts";
import { ledgerPlaceOf } from "../../support/open-stores.ts";

/**
 * A provider whose engine died ends when the call under way is answered: after an action's time
 * limit at the latest.
 */
const PROVIDER_ENDS_MS = 120_000;

/**
 * Waits until no process holds the stack's ledger. Throws `LedgerBusyError` when one goes on
 * holding it.
 */
export async function awaitLedger(location: string, root: string, say: (line: string) => void): Promise<void> {
  const place = ledgerPlaceOf(location, root);
  try {
    await place.awaitFree(0, systemClock);
  } catch (error) {
    if (!(error instanceof LedgerBusyError)) throw error;
    say(`up: ${error.message}: what the dead run started is still being finished; waiting for it`);
    await place.awaitFree(PROVIDER_ENDS_MS, systemClock);
  }
}
