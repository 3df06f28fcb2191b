import type { CloudName } from "../domain/cloud-name.ts";
import type { DeviceFacts } from "../domain/managed-device.ts";
import type { Condition, Outcome } from "../domain/outcome.ts";
import type { Plan } from "../domain/plan.ts";
import type { Provenance, RequestTerms } from "../domain/request-record.ts";
import type { RunSlots } from "./run-slots.ts";

/** One request as `reconcile` gets it. */
export interface Job {
  readonly name: string;
  readonly plan: Plan;
  readonly terms: RequestTerms;
  /**
   * One text for everything that the request asks for; another text is another edition of the
   * request.
   */
  readonly edition: string;
  readonly reason: string;
  /** `file:line` where the request stands. */
  readonly source: string;
  readonly repeats: string | null;
  /** For the commands in messages; undefined where nobody said. */
  readonly stack?: string | undefined;
}

/** How one run behaves; the same for every request of it. */
export interface RunSettings {
  /** The reviewed change that this run performs, such as the address of its pull request. */
  readonly change: string | null;
  readonly cloud: CloudName;
  /** Starts nothing new: observes and finishes what has an intent. */
  readonly followOnly: boolean;
  /**
   * How long an intent in doubt is watched for evidence before a person has to settle it.
   * Milliseconds.
   */
  readonly graceMs: number;
  /** How long Graph must not know a device before it counts as gone. Milliseconds. */
  readonly goneAfterMs: number;
  readonly clock: RunClock;
  readonly slots: RunSlots;
  /** Which run this is, for the ledger. */
  readonly provenance: () => Promise<Provenance>;
  /**
   * More requests than this that destroy data in 24 hours, over all runs of a ledger, are held
   * back.
   */
  readonly maxDestructive: number;
  /** The same of requests that lock people out. */
  readonly maxDisruptive: number;
  /** As in `RunLimits`. */
  readonly foreignLimit?: number | undefined;
  readonly countForeign?: boolean;
  /** Globs over users, device names and categories that no step which destroys data may touch. */
  readonly protected: readonly string[];
  /** Why this run destroys nothing, locks nobody out and escrows nothing, or null. */
  readonly hold: () => Promise<string | null>;
  /** Why a plan is not what was reviewed, in words, or null. */
  readonly unreviewed: (plan: Plan) => Promise<string | null>;
  /** Why a plan is not what this run showed before it began, in words, or null. */
  readonly unshown: (plan: Plan) => Promise<string | null>;
  /**
   * Ends what Graph took, by looking at it: nothing is sent, started or put off, and an end that is
   * not a success is left to the next run, which is red then.
   */
  readonly endsOnly?: true;
  /** Told each time a request waits, and what for; it must not throw. */
  readonly onWait?: (name: string, waitedFor: WaitedFor) => void;
}

/**
 * The device's own report, proof that the device is gone, or evidence of what became of a call.
 */
export type WaitedFor = "report" | "gone" | "doubt";

/** The time that one run follows pending actions for, over all its requests together. */
export interface RunClock {
  /** Called when something was sent or waited for: the first call starts the clock. */
  start(): void;
  /** Milliseconds that are left; 0 when the time is over. */
  timeLeft(): number;
}

/** Why a request stands where it stands: a word for programs, a sentence for people. */
export interface Verdict {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly message: string;
}

/**
 * One step as state and outputs show it. Times are ISO 8601, UTC; null is for what did not happen.
 */
export interface StepReport {
  readonly action: string;
  readonly status: "waiting" | "sent" | "adopted" | "done" | "failed" | "superseded" | "ambiguous" | "awaitingApproval";
  readonly sentAt: string | null;
  readonly finishedAt: string | null;
  readonly clientRequestId: string | null;
  readonly requestId: string | null;
  readonly detail: string;
}

/** What a run leaves behind of one request: the resource's outputs are made of it. */
export interface Report extends Verdict {
  readonly device: DeviceFacts;
  readonly steps: readonly StepReport[];
  readonly bypassCode: { readonly reference: string; readonly fingerprint: string | null; readonly capturedAt: string } | null;
  readonly conditions: readonly Condition[];
}
