import type { ManagedDevice } from "../domain/managed-device.ts";
import type { Plan } from "../domain/plan.ts";
import type { LifecycleRequest } from "../domain/request.ts";
import type { RequestHistory } from "../domain/request-history.ts";
import type { LedgerView } from "./ledger-view.ts";
import type { Settings } from "./settings.ts";

/** One request with all that is known of it before anything is done. */
export interface Surveyed {
  readonly request: LifecycleRequest;
  readonly history: RequestHistory;
  readonly plan: Plan;
  /** Undefined for ended requests, which need no device; null for a begun one whose device left Intune. */
  readonly device: ManagedDevice | null | undefined;
  /** By the ledger: nothing is left to do or to look at. */
  readonly isEnded: boolean;
}

/** The devices that were found for each request that is not begun yet. */
export type Matches = ReadonlyMap<LifecycleRequest, readonly ManagedDevice[]>;

/** What every rule is checked over. */
export interface Findings {
  readonly requests: readonly LifecycleRequest[];
  readonly surveyed: readonly Surveyed[];
  readonly matches: Matches;
  readonly view: LedgerView;
  readonly settings: Settings;
  /** Milliseconds since the epoch. */
  readonly now: number;
}
