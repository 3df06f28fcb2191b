import type { DriftFinding } from "../providers/domain/drift.ts";
import type { Outcome } from "../providers/domain/outcome.ts";

/** A device, as far as it is known. */
export interface EventDevice {
  readonly id: string | null;
  readonly serialNumber: string | null;
  readonly deviceName: string | null;
}

/** A request came to stand so in a run. */
export interface OutcomeEvent {
  readonly kind: "outcome";
  readonly request: string;
  readonly generation: number;
  readonly outcome: Outcome;
  /** Why, in a word and in a sentence. */
  readonly reason: string;
  readonly message: string;
  readonly device: EventDevice;
  readonly ticket: string | null;
}

/** A refresh saw something first, or saw that it is over. */
export interface DriftEvent {
  readonly kind: "drift";
  readonly request: string;
  readonly finding: DriftFinding["kind"];
  readonly state: "new" | "resolved";
  /** `device`, `bypassCode`, or the reference of an escrowed secret. */
  readonly about: string;
  readonly message: string;
  readonly firstSeen: string;
  readonly lastSeen: string;
}

/** The brake was set or taken away, or held requests. */
export interface BrakeEvent {
  readonly kind: "brake";
  readonly state: "set" | "released" | "held";
  readonly reason: string;
  /** Null where nobody says. */
  readonly who: string | null;
  /** Names of the requests that it held. */
  readonly held: readonly string[];
}

/** An action in the tenant that no request explains. */
export interface ForeignActionEvent {
  readonly kind: "foreignAction";
  /** In Graph's words, such as `wipe`. */
  readonly action: string;
  readonly device: EventDevice;
  /** Who did it, as the tenant's audit log has it. */
  readonly who: string | null;
  /** Id of the entry of the audit log. */
  readonly entry: string;
}

/** A run that ended for another reason than how its requests stand. */
export interface RunEvent {
  readonly kind: "run";
  readonly exitCode: number;
  readonly errors: readonly string[];
}

/** Sent by `dlr notify --test`. */
export interface TestEvent {
  readonly kind: "test";
}

/** What happened, without when and where. */
export type Happening = OutcomeEvent | DriftEvent | BrakeEvent | ForeignActionEvent | RunEvent | TestEvent;

/** One thing to be told. `id` is the same each time that the same is told. */
export type NotifyEvent = Happening & {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly stack: string;
};
