import { ConfigurationError, LedgerError } from "../domain/errors.ts";
import { lastSettings, type RequestRecord } from "../domain/ledger-record.ts";
import type { ActionLedger, LedgerContents } from "../domain/ports.ts";
import { type KnownRequest, knownIn, type OwnState } from "./own-state.ts";
import { PROJECT } from "./settings.ts";
import type { LifecycleOutputs } from "./state.ts";

const SHOWN = 5;
const HINT = `get that ledger back, or set ${PROJECT}:ledger to where it is; docs/configuration.md says what to do when it is lost for good`;

/**
 * Whatever state has an outcome of, the ledger has records of, and of every call that was sent. One that lacks any is another ledger, an older copy
 * or a fresh one, and would let devices be wiped twice: throws `LedgerError`. `place` is the configuration's.
 */
export function refuseVanishedLedger(state: OwnState, ledger: LedgerContents, place: string): void {
  if (!ledger.exists && state.ledger !== undefined && state.requests.length === 0) {
    throw new LedgerError(`there is no ledger in ${place}, and the last run used ${state.ledger}; nothing was sent`, { hint: HINT });
  }
  const ofKey = Map.groupBy(
    ledger.records.filter((record): record is RequestRecord => "key" in record),
    ({ key }) => key,
  );
  const missing = state.requests.flatMap((known) => whatLacks(known, ofKey.get(known.key) ?? []));
  if (missing.length === 0) return;
  const list = missing.slice(0, SHOWN).join(", ") + (missing.length > SHOWN ? ` and ${missing.length - SHOWN} more` : "");
  const what = ledger.exists ? `the ledger in ${place} lacks what was done` : `there is no ledger in ${place}, so it lacks what was done`;
  const used = state.ledger === undefined ? "" : `; the last run used ${state.ledger}`;
  const message = `${what} for ${missing.length} of the ${state.requests.length} requests that this stack's state holds: ${list}${used}; nothing was sent`;
  throw new LedgerError(message, { hint: HINT });
}

/** The same for one resource, in the process that sends: whatever the program saw, nothing is done anew that state knows as done. */
export async function refuseForgotten(state: Partial<LifecycleOutputs>, ledger: Pick<ActionLedger, "recordsOf">): Promise<void> {
  for (const known of knownIn(state)) {
    const [missing] = whatLacks(known, await ledger.recordsOf(known.key));
    if (missing !== undefined)
      throw new LedgerError(`the ledger lacks what was done for a request that this stack's state holds: ${missing}; nothing was sent`, {
        hint: HINT,
      });
  }
}

function whatLacks({ key, calls }: KnownRequest, records: readonly RequestRecord[]): readonly string[] {
  if (records.length === 0) return [`${key} (no record)`];
  const recorded = new Set(records.map((record) => (record.kind === "intent" ? record.clientRequestId : "")));
  const lost = calls.find((call) => !recorded.has(call));
  return lost === undefined ? [] : [`${key} (no record of its call ${lost})`];
}

/** A double's answers in the ledger of real runs would make real requests look done: throws `ConfigurationError`. */
export function refuseLedgerOfRealRuns({ records }: Pick<LedgerContents, "records">, place: string): void {
  const graph = lastSettings(records)?.settings.graph;
  if (graph === undefined) return;
  throw new ConfigurationError(
    `the ledger in ${place} is of runs against ${graph}, and graphEndpoint is a double on this machine; nothing was sent`,
    {
      hint: `set ${PROJECT}:ledger to another place for the double, such as file:ledger-of-emulator, best in a stack of its own`,
    },
  );
}
