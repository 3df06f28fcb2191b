import type { Observation } from "../../domain/observation.ts";
import type { Place, Ports } from "../../domain/ports.ts";
import type { RequestHistory } from "../../domain/request-history.ts";
import type { DoubtWatch, Situation } from "../decide/situation.ts";
import type { Job, RunSettings } from "../job.ts";
import { ourTime } from "../our-time.ts";
import type { RequestSlot } from "../run-slots.ts";

/** One call of `reconcile` at work. */
export interface Acting {
  readonly job: Job;
  readonly ports: Ports;
  readonly settings: RunSettings;
  readonly memory: RunMemory;
  readonly slot: RequestSlot;
}

/** What one run of one request remembers of itself. */
export interface RunMemory {
  /** Steps that it sent: none is sent twice in one run. */
  readonly sentNow: Set<number>;
  /** References that it put into escrow, and read back. */
  readonly putNow: Set<string>;
  /** Since when Graph does not know the device; milliseconds since the epoch, or null. */
  missingSince: number | null;
  /**
   * Since when it waits for what it waits for now; milliseconds since the epoch, or null where it
   * has done something since.
   */
  waitingSince: number | null;
  /** What it has seen of steps in doubt, by the step's index. */
  readonly doubts: Map<number, DoubtWatch>;
  /** How often each step was sent, and when first: milliseconds on the monotonic clock. */
  readonly tries: Map<number, Tries>;
}

/** Sends of one step within this run; those of earlier runs are in the ledger alone. */
export interface Tries {
  readonly count: number;
  readonly firstAt: number;
}

/** A place under the rate limit, and the look at the device that was made after it was taken. */
export interface Placed {
  readonly place: Place;
  /** When the look began. */
  readonly lookedAt: Moment;
}

/**
 * One instant on both clocks, in milliseconds: one stands still while the machine sleeps, the other
 * can be set.
 */
interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

/** To be held against a later one by `ageOf`. */
export function momentNow({ monotonic, clock }: Pick<Ports, "monotonic" | "clock">): Moment {
  return { monotonic: monotonic(), wall: clock.now() };
}

/** Milliseconds, by the clock that saw more of them pass. */
export function ageOf(moment: Moment, ports: Pick<Ports, "monotonic" | "clock">): number {
  const { monotonic, wall } = momentNow(ports);
  return Math.max(monotonic - moment.monotonic, wall - moment.wall);
}

/** What a decision of this run is made of, but for what was seen. */
export function situationOf({ job, ports, settings, memory }: Acting, history: RequestHistory): Omit<Situation, "seen" | "isPlaced"> {
  const { cloud, followOnly, maxDestructive, maxDisruptive, foreignLimit, countForeign = false, graceMs, goneAfterMs, clock } = settings;
  const { sentNow, putNow, missingSince, doubts } = memory;
  const canResendSecrets = ports.escrow.readBack !== null;
  const limits = {
    cloud,
    followOnly,
    maxDestructive,
    maxDisruptive,
    foreignLimit,
    countForeign,
    protected: settings.protected,
    canResendSecrets,
    stack: job.stack,
  };
  const mayWait = clock.timeLeft() > 0;
  return { job, history, limits, ...ourTime(ports), graceMs, goneAfterMs, missingSince, mayWait, sentNow, putNow, doubts };
}

/** What the decision was made of. */
export interface Decided extends Acting {
  readonly history: RequestHistory;
  readonly seen: Observation;
  readonly placed: Placed | null;
}

/** ISO 8601, UTC. */
export function now(ports: Pick<Ports, "clock">): string {
  return new Date(ports.clock.now()).toISOString();
}
