import type { GraphReadError } from "../../domain/errors.ts";
import type { ManagedDevice } from "../../domain/managed-device.ts";
import type { Plan } from "../../domain/plan.ts";
import type { LifecycleRequest } from "../../domain/request.ts";
import type { RequestHistory } from "../../domain/request-history.ts";
import type { ReviewGate } from "../review-gate.ts";
import type { Settings } from "../settings.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";

/** One request with all that is known of it before anything is done. */
export interface ResolvedRequest {
  readonly request: LifecycleRequest;
  readonly history: RequestHistory;
  readonly plan: Plan;
  /**
   * Null for a begun request whose device Graph does not know; undefined for ended ones, which need
   * none, and where Graph did not show it.
   */
  readonly device: ManagedDevice | null | undefined;
  /** Why Graph did not show the device of a begun request; null for all others. */
  readonly unreadable: GraphReadError | null;
  /** By the ledger: nothing is left to do or to look at. */
  readonly isEnded: boolean;
}

/**
 * The devices that were found for each request that is not begun yet, or what kept Graph from
 * telling.
 */
export type Matches = ReadonlyMap<LifecycleRequest, readonly ManagedDevice[] | GraphReadError>;

/** What every rule is checked over. */
export interface Findings {
  readonly requests: readonly LifecycleRequest[];
  readonly resolved: readonly ResolvedRequest[];
  readonly matches: Matches;
  readonly view: LedgerSnapshot;
  readonly settings: Settings;
  readonly unreviewed: ReviewGate;
  /** Milliseconds since the epoch. */
  readonly now: number;
}
