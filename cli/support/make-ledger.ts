import { LedgerError } from "../../providers/domain/errors.ts";
import type { Clock } from "../../providers/domain/ports.ts";
import type { World } from "../../providers/domain/world.ts";
import { StorageFailure } from "../../providers/ledger/azure/azure-failure.ts";
import type { OpenedLedger } from "../../providers/ledger/open-ledger.ts";
import { every, retry } from "../../providers/support/retry.ts";
import { createLedger } from "../support/create-ledger.ts";

const PAUSE_MS = 15_000;
const TRIES = 12;

/** What making the ledger needs; roles take minutes to work, so `clock` paces the tries. */
export interface LedgerWork {
  readonly ledger: Pick<OpenedLedger, "read" | "create" | "append" | "describe">;
  readonly world: World;
  /** The requests' stack names this ledger already: it was made then, and a missing one is lost. */
  readonly isKnown: boolean;
  readonly clock: Clock;
  readonly say: (line: string) => void;
}

/**
 * Makes the ledger, once; one that is there stays as it is, and one that is lost is never made
 * anew. New roles take some minutes to work, so a refusal for want of rights is waited out.
 */
export async function makeLedger(work: LedgerWork): Promise<void> {
  const onPause = (tries: number) => {
    if (tries === 1)
      work.say(`storage does not let us in yet: waiting up to ${(PAUSE_MS * TRIES) / 60_000} minutes, which new roles take to work`);
  };
  try {
    await retry(() => makeOnce(work), lacksRight, { pauses: every(PAUSE_MS, TRIES), clock: work.clock, onPause });
  } catch (error) {
    throw lacksRight(error) ? withoutRight(work.ledger.describe(), error) : error;
  }
}

async function makeOnce({ ledger, world, isKnown, clock, say }: LedgerWork): Promise<void> {
  const { exists } = await ledger.read();
  if (!exists && isKnown) throw lost(ledger.describe());
  say(exists ? `the ${ledger.describe()} is there already, and stays as it is` : await createLedger(ledger, world, clock));
}

function lost(ledger: string): LedgerError {
  const hint = "restore it (docs/azure.md): without it nobody knows what was sent. If there never was one: `dlr ledger init STACK`";
  return new LedgerError(`there is no ${ledger}, although the requests' stack has it`, { hint });
}

function lacksRight(error: unknown): error is LedgerError {
  return error instanceof LedgerError && error.cause instanceof StorageFailure && error.cause.code === "AuthorizationPermissionMismatch";
}

function withoutRight(ledger: string, cause: LedgerError): LedgerError {
  const hint =
    "let a member of the operators' group (--operators-group ID) sign in and run this again; a membership counts from the next az login on";
  return new LedgerError(`all is made but the ${ledger}: whoever is signed in may not write there`, { hint, cause });
}
