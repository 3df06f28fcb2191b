import { LedgerError } from "../domain/errors.ts";
import type { LedgerContents } from "../domain/ports.ts";
import { PROJECT } from "../domain/project.ts";
import type { RequestRecord } from "../domain/request-record.ts";
import type { RunGuard } from "./rule.ts";

/**
 * For the guards' table; `refuseVanishedLedger` judges the first, and the ledger's name among the
 * safety settings the second.
 */
export const LEDGER_GUARDS: readonly RunGuard[] = [
  {
    id: "vanished-ledger",
    effect: "the run is refused",
    realGraphOnly: true,
    when: "state holds requests, or calls that were sent, of which the ledger has no record: it is missing, fresh, another or an older copy",
    goOn: "get that ledger back, or point `ledger` to it",
  },
  {
    id: "swapped-ledger",
    effect: "as `changed-settings`, with both ledgers named",
    realGraphOnly: true,
    when: "the ledger is another one than the stack's state was written with (stack output `ledger`)",
    goOn: "as `changed-settings`, if the move was meant",
  },
];

/** A request that the stack's state has an outcome of. */
export interface KnownRequest {
  readonly key: string;
  /** Ids of the calls that were sent for it. */
  readonly calls: readonly string[];
  /** What a refresh found that its steps, done anew, undo. */
  readonly drift?: string;
}

/** What the stack's state knows: a second memory beside the ledger, in another place. */
export interface KnownState {
  readonly requests: readonly KnownRequest[];
  /** The ledger that the last run used, by its stack output; undefined where there was none. */
  readonly ledger: string | undefined;
}

type KnowingLedger = Pick<LedgerContents, "exists" | "facts">;

const SHOWN = 5;

/** What to do where a ledger lacks records that the stack's state proves. */
export const FIND_LEDGER = `get that ledger back, or set ${PROJECT}:ledger to where it is; docs/configuration.md says what to do when it is lost for good`;

/**
 * Throws `LedgerError` where the ledger lacks records of a request that state has an outcome of, or
 * of a call that was sent: it is another ledger, an older copy or a fresh one, and would let
 * devices be wiped twice. `place` is the configuration's.
 */
export function refuseVanishedLedger(state: KnownState, ledger: KnowingLedger, place: string): void {
  if (!ledger.exists && state.ledger !== undefined && state.requests.length === 0) {
    throw new LedgerError(`there is no ledger in ${place}, and the last run used ${state.ledger}; nothing was sent`, { hint: FIND_LEDGER });
  }
  const facts = ledger.facts();
  const missing = state.requests.flatMap((known) => whatLacks(known, facts.recordsOf(known.key)));
  if (missing.length === 0) return;
  const list = missing.slice(0, SHOWN).join(", ") + (missing.length > SHOWN ? ` and ${missing.length - SHOWN} more` : "");
  const what = ledger.exists ? `the ledger in ${place} lacks what was done` : `there is no ledger in ${place}, so it lacks what was done`;
  const used = state.ledger === undefined ? "" : `; the last run used ${state.ledger}`;
  const message = `${what} for ${missing.length} of the ${state.requests.length} requests that this stack's state holds: ${list}${used}; nothing was sent`;
  throw new LedgerError(message, { hint: FIND_LEDGER });
}

/** Empty where the ledger has a record of the request and of each of its calls. */
export function whatLacks({ key, calls }: KnownRequest, records: readonly RequestRecord[]): readonly string[] {
  if (records.length === 0) return [`${key} (no record)`];
  const recorded = new Set(records.map((record) => (record.kind === "intent" ? record.clientRequestId : "")));
  const lost = calls.find((call) => !recorded.has(call));
  return lost === undefined ? [] : [`${key} (no record of its call ${lost})`];
}
