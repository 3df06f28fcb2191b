import type { FaultSpec } from "../../emulator/graph/start-emulator.ts";
import type { RemoteAction } from "../../providers/domain/actions/action-table.ts";
import type { Outcome } from "../../providers/domain/outcome.ts";

/** A fault of the emulator, of the row's own device; `act` stands for the row's action. */
export type Strike = Omit<FaultSpec, "device" | "call"> & { readonly call: string };

/** One row for one family of actions. */
export interface Expected {
  /** Outcome of the first `up`; `broken` where a store failed. */
  readonly up: Outcome | "broken";
  /** Calls of the action on the wire so far. */
  readonly posts: number;
  /** What the ledger keeps of the step then. */
  readonly keeps: string;
  /** What the user reads. */
  readonly says: RegExp;
  /**
   * Outcome and calls of the action in all, once the fault is gone and after two more `up`; as
   * after the first one where absent.
   */
  readonly later?: readonly [Outcome, number];
}

/** What happens to the device between the first `up` and the second. */
export type Meanwhile = "checkIn" | "remove" | "reenrol" | "aWeekPasses";

/**
 * One fault and what comes of it, by what the action is like. A family that is absent is no case;
 * `unreported` counts as `repeatable`, and `leaving` as `once`, where they say nothing of their
 * own.
 */
export interface FaultCase {
  readonly name: string;
  /** Played for one action of each kind; without it for every action. */
  readonly few?: true;
  readonly strikes: readonly Strike[];
  /** Somebody else has started the same action on the device. */
  readonly underWay?: true;
  /**
   * A second request runs at the same time, so that reads go in a batch; it must succeed whatever
   * befalls the first.
   */
  readonly beside?: true;
  readonly meanwhile?: Meanwhile;
  /** Must not be done twice. */
  readonly once?: Expected;
  /** The same, and it takes the device out of Intune. */
  readonly leaving?: Expected;
  /** Harmless twice, and the device reports it. */
  readonly repeatable?: Expected;
  /** Harmless twice, and nobody reports it. */
  readonly unreported?: Expected;
  /** Exceptions, by name of the action. */
  readonly but?: Readonly<Record<string, Expected>>;
  /** Times that a new token is asked for in the first `up`, where the fault is about tokens. */
  readonly renewals?: number;
}

export function expectedOf(row: FaultCase, action: RemoteAction): Expected | undefined {
  const own = row.but?.[action.name];
  if (own !== undefined) return own;
  if (action.result.kind === "none") return row.unreported ?? row.repeatable;
  if (action.repeatable) return row.repeatable;
  return action.result.goneIsSuccess === true ? (row.leaving ?? row.once) : row.once;
}
