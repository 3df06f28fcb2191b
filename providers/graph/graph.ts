import type { AuditLog } from "../domain/audit-log.ts";
import type { DeviceFleet } from "../domain/device-fleet.ts";
import type { LockPolicies } from "../domain/lock-policy.ts";
import type { Clock, DeviceActions, DeviceDirectory, Ports } from "../domain/ports.ts";
import type { Watch } from "../domain/watch.ts";
import type { TokenSource } from "../identity/access-token.ts";
import type { GraphEndpoint } from "../support/cloud.ts";
import type { GraphLimits } from "./client/limits.ts";
import type { Wire } from "./client/wire.ts";

/** What a composition root gives; what is absent has the default of runs. */
export interface GraphOptions {
  readonly endpoint: GraphEndpoint;
  /** Asked at each call: whoever gives them keeps them (`cacheTokens`). */
  readonly tokens: TokenSource;
  readonly clock: Clock;
  /** Milliseconds on a clock that nobody sets. */
  readonly monotonic: () => number;
  /** From 0 to 1; spreads retries. */
  readonly random?: () => number;
  readonly uuid: () => string;
  readonly wire?: Wire;
  readonly limits?: Partial<GraphLimits>;
  /** How many stacks share Graph's limits at once; one where absent. */
  readonly shards?: number;
  /** Told what people would wonder about: long waits, long lists. */
  readonly onProgress?: (text: string) => void;
  /** Sees each call. */
  readonly watch?: Watch;
}

/** The ports over one client, so that reads and actions share its limits. */
export interface Graph {
  readonly directory: DeviceDirectory;
  readonly actions: DeviceActions;
  readonly fleet: DeviceFleet;
  readonly auditLog: AuditLog;
  readonly policies: LockPolicies;
  readonly graphClock: Ports["graphClock"];
}
