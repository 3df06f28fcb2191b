import type { ClockReading } from "./clock-reading.ts";
import type { ManagedDevice } from "./managed-device.ts";
import type { ApprovalState, Gone, PermissionAnswer } from "./ports.ts";
import type { Redacted } from "./redacted.ts";
import type { ResultSecretKind } from "./secrets.ts";

/**
 * What one look found. `absent` and `unreadable` are kept apart: that a thing is not there needs
 * evidence, and a look that failed is none.
 */
export type Seen<T> =
  /** `at`: milliseconds since the epoch, by our clock. `from`: who told it. */
  | { readonly kind: "seen"; readonly value: T; readonly at: number; readonly from: string }
  | { readonly kind: "absent"; readonly evidence: string; readonly at: number }
  | Unreadable;

/** `reason`: the outcome's, where nothing more can be said than that it could not be read. */
export interface Unreadable {
  readonly kind: "unreadable";
  readonly reason: "GraphNotReadable" | "NotVisible";
  readonly why: string;
  readonly at: number;
}

/** A look at what always exists, such as the ledger: it was seen, or it could not be read. */
export type SeenOrUnreadable<T> = Exclude<Seen<T>, { readonly kind: "absent" }>;

/** A bypass code that Intune showed, and the mark that tells it from another. */
export interface SeenCode {
  readonly code: Redacted<string>;
  /** Null where a mark would give the code away. */
  readonly fingerprint: string | null;
  /** Where this very code was put since it was read; null while it was not. */
  readonly reference: string | null;
}

/** An action that makes a secret on the device, as far as the ledger knows. */
export interface SecretOnItsWay {
  /** Of the request that has to put it into escrow. */
  readonly key: string;
  readonly action: string;
  readonly kind: ResultSecretKind;
  /** When it was sent, or found under way: ISO 8601, UTC. */
  readonly at: string;
}

/** What the ledger says over all requests, as far as one request needs it. */
export interface LedgerLook {
  /** The last request that destroyed data, or meant to, on this device; null where none did. */
  readonly destroyedBefore: {
    readonly key: string;
    readonly action: string;
    /** ISO 8601, UTC. */
    readonly at: string;
    /** Nobody knows its end yet: it may still take effect. */
    readonly isUnsettled: boolean;
    /** False where Graph surely did not take it. */
    readonly mayHaveDestroyed: boolean;
  } | null;
  /**
   * What is not safe to repeat and was sent to the device for other members of the request's list
   * and generation; oldest first.
   */
  readonly sentForList: readonly { readonly key: string; readonly action: string; readonly at: string }[];
  /**
   * What a request of this ledger sent to this device, or took over there, whose secret is not in
   * escrow yet; null where there is nothing.
   */
  readonly secretOnItsWay: SecretOnItsWay | null;
  /** This request destroyed data already, or may have. */
  readonly hasDestroyed: boolean;
  /** Requests whose first destructive send lies less than 24 hours back, over all runs. */
  readonly destroyedToday: number;
  /** Actions of others in the last 24 hours, as Intune's audit told runs of this ledger. */
  readonly foreignToday: number;
  /** When a run last read all of that audit, by our clock: milliseconds; null where none did. */
  readonly auditedAt: number | null;
  /** The same of what locks people out, for a plan that does and destroys nothing. */
  readonly hasLockedOut: boolean;
  readonly lockedOutToday: number;
  /** Sends in the last 24 hours, by action, of the actions of this plan that destroy data. */
  readonly sentToday: ReadonlyMap<string, number>;
  /** Actions of this plan that Graph last wanted another administrator's approval for. */
  readonly approvalAsked: ReadonlySet<string>;
}

/** What was looked at, for one decision. A member that is missing was not looked at yet. */
export interface Observation {
  readonly device?: Seen<ManagedDevice>;
  /**
   * Looked at only where something follows from the device's absence; `absent` where that is not
   * proven.
   */
  readonly gone?: Seen<Gone>;
  /** Looked at only when the next send would destroy, or when it is to be escrowed. */
  readonly bypassCode?: Seen<SeenCode>;
  readonly approval?: Seen<ApprovalState>;
  /** Seen where the brake is set: its reason. */
  readonly brake?: Seen<string>;
  /** Seen where the safety settings changed: what this run holds back for, in words. */
  readonly hold?: Seen<string>;
  /** Seen where the plan is not what was reviewed: how, in words. */
  readonly review?: Seen<string>;
  /** Seen where the plan is not what the run showed before it began: how, in words. */
  readonly shown?: Seen<string>;
  /** Answers by the action's name. */
  readonly permissions?: SeenOrUnreadable<ReadonlyMap<string, PermissionAnswer>>;
  readonly ledger?: SeenOrUnreadable<LedgerLook>;
  /** Unreadable where no answer of Graph's told its time. */
  readonly clock?: SeenOrUnreadable<ClockReading>;
}

/** What a rule or a decision can ask to be looked at. */
export type Look = keyof Observation;

/** `at` is in milliseconds since the epoch, by our clock. */
export function seen<T>(value: T, at: number, from: string): Extract<Seen<T>, { readonly kind: "seen" }> {
  return { kind: "seen", value, at, from };
}

/** `evidence` says in words what proves it; a look that failed is `Unreadable` instead. */
export function absent(evidence: string, at: number): { readonly kind: "absent"; readonly evidence: string; readonly at: number } {
  return { kind: "absent", evidence, at };
}

/** Seen where there is a value, absent for null: for what is asked of our own stores. */
export function seenOrAbsent<T>(value: T | null, at: number, from: string): Seen<T> {
  return value === null ? absent(`${from} has none`, at) : seen(value, at, from);
}
