import type { Observation } from "../domain/observation.ts";
import type { Ports } from "../domain/ports.ts";
import type { RequestHistory } from "../domain/request-history.ts";
import type { Job, RunSettings } from "./job.ts";
import type { DoubtWatch, Situation } from "./situation.ts";

/** One call of `reconcile` at work. */
export interface Acting {
  readonly job: Job;
  readonly ports: Ports;
  readonly settings: RunSettings;
  readonly memory: RunMemory;
}

/** What one run of one request remembers of itself. */
export interface RunMemory {
  /** Steps that it sent: none is sent twice in one run. */
  readonly sentNow: Set<number>;
  /** References that it put into escrow, and read back. */
  readonly putNow: Set<string>;
  waits: number;
  /** What it has seen of steps in doubt, by the step's index. */
  readonly doubts: Map<number, DoubtWatch>;
}

/** What a decision of this run is made of, but for what was seen. */
export function situationOf({ job, ports, settings, memory }: Acting, history: RequestHistory): Omit<Situation, "seen"> {
  const { cloud, followOnly, maxDestructive, graceMs, clock } = settings;
  const { sentNow, putNow, doubts } = memory;
  const limits = { cloud, followOnly, maxDestructive, protected: settings.protected, canResendSecrets: ports.escrow.readBack !== null };
  return { job, history, limits, now: ports.clock.now(), graceMs, mayWait: clock.timeLeft() > 0, sentNow, putNow, doubts };
}

/** What the decision was made of. */
export interface Decided extends Acting {
  readonly history: RequestHistory;
  readonly seen: Observation;
}

/** ISO 8601, UTC. */
export function now(ports: Pick<Ports, "clock">): string {
  return new Date(ports.clock.now()).toISOString();
}
