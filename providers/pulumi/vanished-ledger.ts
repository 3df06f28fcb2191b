import { ConfigurationError, LedgerError } from "../domain/errors.ts";
import type { ActionLedger, LedgerContents } from "../domain/ports.ts";
import { requestKey } from "../domain/request.ts";
import type { OwnState } from "./own-state.ts";
import { settingsRecords } from "./safety-settings.ts";
import { PROJECT } from "./settings.ts";
import type { LifecycleOutputs } from "./state.ts";

const SHOWN = 5;
const HINT = `get that ledger back, or set ${PROJECT}:ledger to where it is; docs/configuration.md says what to do when it is lost for good`;

/**
 * Whatever state has an outcome of, the ledger has records of. One that has none is another ledger, an older copy or a fresh one, and would let
 * devices be wiped twice: throws `LedgerError`. `place` is the configuration's.
 */
export function refuseVanishedLedger(state: OwnState, ledger: LedgerContents, place: string): void {
  if (!ledger.exists && state.ledger !== undefined && state.keys.length === 0) {
    throw new LedgerError(`there is no ledger in ${place}, and the last run used ${state.ledger}; nothing was sent`, { hint: HINT });
  }
  const known = new Set(ledger.records.map((record) => ("key" in record ? record.key : "")));
  const missing = state.keys.filter((key) => !known.has(key));
  if (missing.length === 0) return;
  const names = missing.slice(0, SHOWN).join(", ") + (missing.length > SHOWN ? ` and ${missing.length - SHOWN} more` : "");
  const what = ledger.exists ? `the ledger in ${place} has no record` : `there is no ledger in ${place}, so no record`;
  const used = state.ledger === undefined ? "" : `; the last run used ${state.ledger}`;
  throw new LedgerError(
    `${what} of ${missing.length} of the ${state.keys.length} requests that this stack's state holds: ${names}${used}; nothing was sent`,
    { hint: HINT },
  );
}

/** The same for one resource, in the process that sends: whatever the program saw, nothing is done anew that state knows as done. */
export async function refuseForgotten(state: Partial<LifecycleOutputs>, ledger: Pick<ActionLedger, "recordsOf">): Promise<void> {
  if (state.outcome === undefined || state.request === undefined) return;
  const key = requestKey(state.request);
  if ((await ledger.recordsOf(key)).length > 0) return;
  throw new LedgerError(`the ledger has no record of ${key}, which this stack's state holds as ${state.outcome}; nothing was sent`, {
    hint: HINT,
  });
}

/** A double's answers in the ledger of real runs would make real requests look done: throws `ConfigurationError`. */
export function refuseLedgerOfRealRuns({ records }: Pick<LedgerContents, "records">, place: string): void {
  const graph = settingsRecords(records).at(-1)?.settings.graph;
  if (graph === undefined) return;
  throw new ConfigurationError(
    `the ledger in ${place} is of runs against ${graph}, and graphEndpoint is a double on this machine; nothing was sent`,
    {
      hint: `set ${PROJECT}:ledger to another place for the double, such as file:ledger-of-emulator, best in a stack of its own`,
    },
  );
}
