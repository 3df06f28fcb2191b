import type { NotVisibleError } from "../domain/errors.ts";
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
  /** Undefined for ended requests, which need no device; null for a begun one whose device Graph does not show. */
  readonly device: ManagedDevice | null | undefined;
  /** Why it is not shown, where Graph did not say that it does not know it. */
  readonly notVisible?: NotVisibleError;
  /** By the ledger: nothing is left to do or to look at. */
  readonly isEnded: boolean;
}

/** The devices that were found for each request that is not begun yet, or why nobody can tell. */
export type Matches = ReadonlyMap<LifecycleRequest, readonly ManagedDevice[] | NotVisibleError>;

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
