import { LedgerError } from "../../providers/domain/errors.ts";
import type { Clock } from "../../providers/domain/ports.ts";
import { StorageFailure } from "../../providers/ledger/azure-failure.ts";
import type { OpenedLedger } from "../../providers/ledger/open-ledger.ts";

const PAUSE_MS = 15_000;
const TRIES = 12;

/** Makes the ledger, once; one that is there stays as it is. New roles take some minutes to work, so a refusal for want of rights is waited out. */
export async function makeLedger(
  ledger: Pick<OpenedLedger, "read" | "create" | "describe">,
  clock: Pick<Clock, "sleep">,
  say: (line: string) => void,
): Promise<void> {
  for (let left = TRIES; ; left -= 1) {
    try {
      if ((await ledger.read()).exists) return say(`the ${ledger.describe()} is there already, and stays as it is`);
      await ledger.create();
      return say(`made an empty ${ledger.describe()}`);
    } catch (error) {
      if (!lacksRight(error)) throw error;
      if (left <= 1) throw withoutRight(ledger.describe(), error);
      if (left === TRIES)
        say(`storage does not let us in yet: waiting up to ${(PAUSE_MS * TRIES) / 60_000} minutes, which new roles take to work`);
      await clock.sleep(PAUSE_MS);
    }
  }
}

function lacksRight(error: unknown): error is LedgerError {
  return error instanceof LedgerError && error.cause instanceof StorageFailure && error.cause.code === "AuthorizationPermissionMismatch";
}

function withoutRight(ledger: string, cause: LedgerError): LedgerError {
  const hint =
    "let a member of the operators' group (--operators-group ID) sign in and run this again; a membership counts from the next az login on";
  return new LedgerError(`all is made but the ${ledger}: whoever is signed in may not write there`, { hint, cause });
}
