import type { RemoteAction } from "./actions/action-table.ts";
import type { AuditFacts } from "./audit-log.ts";
import type { ClockReading } from "./clock-reading.ts";
import type { GraphReadError } from "./errors.ts";
import type { JsonObject } from "./json.ts";
import type { LedgerRecord, RunRecord } from "./ledger-record.ts";
import type { ManagedDevice } from "./managed-device.ts";
import type { DeviceReference, PlannedDevice } from "./plan.ts";
import type { Redacted } from "./redacted.ts";
import type { DeviceSelector } from "./request.ts";
import type { RequestRecord } from "./request-record.ts";
import type { SecretKind } from "./secrets.ts";
import type { StartRecord } from "./step-record.ts";
import type { Watch } from "./watch.ts";

/**
 * Reads devices from Graph. Reads are retried inside; what is thrown is final (`GraphReadError`,
 * `SignInError`).
 */
export interface DeviceDirectory {
  /**
   * The devices that match each selector, in the selectors' order; every match is re-checked here,
   * whatever a `$filter` returned. What cannot be read for one selector is told in its place and
   * leaves the others alone; what concerns all of them is thrown.
   */
  resolveEach(selectors: readonly DeviceSelector[]): Promise<readonly (readonly ManagedDevice[] | GraphReadError)[]>;
  /**
   * The device as it is now, or null when Graph itself says that it does not know it, which is no
   * proof yet. Calls under way at once share one `$batch`. Throws `NotVisibleError` for any other
   * 404.
   */
  observe(device: DeviceReference): Promise<ManagedDevice | null>;
  /**
   * The device, with its bypass code where that is asked for, in one GET of its own, never from a
   * cache. Throws `GraphReadError`, also where Graph does not know the device.
   */
  lookClosely(device: DeviceReference, withCode: boolean): Promise<CloseLook>;
  /**
   * Looks again for a device that Graph did not know: alone, then in the list of all devices. Calls
   * under way at once share one list. Throws as `observe` does.
   */
  lookForGone(device: DeviceReference, serialNumber: string | null): Promise<GoneAnswer>;
  /**
   * One GET with `$select=id,activationLockBypassCode`; null when there is no code. Never from a
   * cache.
   */
  readBypassCode(device: DeviceReference): Promise<Redacted<string> | null>;
}

/**
 * What the last look before a send shows. `code`: null when there is none, or none was asked for;
 * the error where it cannot be read.
 */
export interface CloseLook {
  readonly device: ManagedDevice;
  readonly code: Redacted<string> | GraphReadError | null;
}

/** A place under the rate limit of what acts. */
export interface Place {
  /** It is not used after all. Once is enough, and more does no harm. */
  readonly giveBack: () => void;
  /** Graph asked since to be left alone: the place is no leave any more. */
  readonly isPaused: () => boolean;
  /** Milliseconds that it was waited for. */
  readonly waitedMs?: number;
}

/**
 * Proof that a device left Intune: Graph said twice, some time apart, that it does not know it, and
 * no list has it.
 */
export interface Gone {
  /** Ids under which devices with its serial number are enrolled now. */
  readonly elsewhere: readonly string[];
}

/**
 * What a search by the id and through the whole list found; only `gone` proves that the device
 * left.
 */
export type GoneAnswer =
  | { readonly kind: "there"; readonly device: ManagedDevice }
  /** Neither by its id nor in any list. */
  | ({ readonly kind: "gone" } & Gone)
  /** Graph contradicts itself, in words. */
  | { readonly kind: "listed"; readonly detail: string };

/** One try at one step. Its intent is in the ledger before it is handed over. */
export interface ActionCall {
  readonly device: DeviceReference;
  readonly action: RemoteAction;
  readonly parameters: JsonObject;
  /** Parameters that are secrets, merged into the body by the adapter at the last moment. */
  readonly secretParameters?: Readonly<Record<string, Redacted<string>>>;
  readonly clientRequestId: string;
  /** Why, for tenants that ask another administrator first. */
  readonly justification: string;
  /** Read right before each try on the wire: a reason not to send after all, or null. */
  readonly holdBack: () => Promise<string | null>;
  /** Id of an approval that was given: the call is a resubmission. */
  readonly approvalRequest?: string;
  /**
   * Taken before the last look at the device, and given back where nothing goes to the wire;
   * without one the call waits for a place itself.
   */
  readonly place?: Place;
}

/**
 * What became of one call. `unknown` is doubt: it may have been taken. `signInRequired`: Graph
 * refused it to the identities at hand and did nothing; it is safe to send again with another.
 * Never for what is not safe to repeat.
 */
export type SendResult =
  | { readonly kind: "accepted"; readonly requestId: string | null }
  | { readonly kind: "refused"; readonly status: number; readonly detail: string; readonly requestId: string | null }
  | {
      readonly kind: "throttled";
      readonly detail: string;
      readonly requestId: string | null;
      /** Graph asks to wait: milliseconds, null where it does not say how long. */
      readonly again?: { readonly afterMs: number | null };
    }
  | { readonly kind: "approvalRequired"; readonly approvalRequest: string; readonly requestId: string | null }
  | {
      readonly kind: "signInRequired";
      readonly permission: string;
      readonly signIn: string;
      readonly detail: string;
      readonly requestId: string | null;
    }
  | { readonly kind: "unknown"; readonly detail: string; readonly requestId: string | null };

/**
 * Whether the tokens at hand carry the permission of an action; `unknown` for tokens that cannot be
 * read.
 */
export type PermissionAnswer =
  | { readonly kind: "granted" | "unknown" }
  | {
      readonly kind: "missing";
      readonly permission: string;
      /** The command to type. */
      readonly signIn: string;
      /** Why a token that should be there is not, such as a sign-in that lapsed. */
      readonly why?: string;
    };

/**
 * What another administrator said. `unknown`: it cannot be read, and only a resubmission tells;
 * `why` is for people.
 */
export type ApprovalState =
  | { readonly kind: "waiting" | "approved" }
  | { readonly kind: "unknown"; readonly why?: string }
  | { readonly kind: "refused"; readonly detail: string };

/** Acts on devices through Graph. `send` never throws for what Graph or the network does. */
export interface DeviceActions {
  /** How an approval stands; a read that Graph refuses is `unknown`, never an error. */
  approval(request: string): Promise<ApprovalState>;
  permission(action: RemoteAction): Promise<PermissionAnswer>;
  /** Returns when an action may go, by our own rate limit and by Graph's wish. */
  takePlace(): Promise<Place>;
  send(call: ActionCall): Promise<SendResult>;
}

/** What stands beside a secret in escrow, in the clear, so that people find it by the device. */
export interface EscrowEntry {
  readonly kind: SecretKind;
  readonly requestKey: string;
  readonly device: PlannedDevice;
  readonly deviceName: string | null;
  /** ISO 8601, UTC. */
  readonly capturedAt: string;
}

/** What a secret in a store is of. Another version may know kinds that this one does not. */
export type StoredEntry = Omit<EscrowEntry, "kind"> & { readonly kind: string };

/**
 * Where secrets go. `put` returns only after what is stored was read back and found equal; throws
 * `EscrowError` otherwise.
 */
export interface EscrowStore {
  put(entry: EscrowEntry, secret: Redacted<string>): Promise<{ readonly reference: string }>;
  /**
   * Gives back what was put, to send it again the same; null where the writer of an entry cannot
   * read it.
   */
  readonly readBack: ((reference: string) => Promise<Redacted<string>>) | null;
}

/** Looks whether secrets are still to be had; their values are not asked for. */
export interface EscrowWatch {
  /** By what stands beside the secret. What cannot be seen is told, never thrown. */
  look(reference: string): Promise<SecretLook>;
}

/** What a store shows of a secret that it was given; `detail` and `why` are for people. */
export type SecretLook =
  /** `expiresAt`: ISO 8601, UTC; null where it is kept for good. */
  | { readonly kind: "there"; readonly expiresAt: string | null }
  | { readonly kind: "disabled" }
  /** The store itself says so: that it has none would be no proof. */
  | { readonly kind: "deleted"; readonly detail: string }
  /** This identity may put secrets there, and not look at them. */
  | { readonly kind: "notAllowed"; readonly why: string }
  | { readonly kind: "unseen"; readonly why: string };

/** The authorized reader's side of an escrow, for `reveal` alone. */
export interface EscrowReader {
  reveal(reference: string): Promise<{ readonly entry: StoredEntry; readonly secret: Redacted<string> }>;
}

/** Requests that may explain what others did to devices. */
export interface Concerned {
  /** Ids of devices. */
  readonly devices: readonly string[];
  /** Client request ids. */
  readonly calls: readonly string[];
  /** Those that began an action at this instant or later: milliseconds, by any clock. */
  readonly since: number;
}

/** Everything that a ledger holds, read once: it stays as it was then. */
export interface LedgerContents {
  /** False when no ledger was ever made at this place. */
  readonly exists: boolean;
  /** How many records it holds; none is parsed for it. */
  readonly count: number;
  /** All of them, oldest first. Runs ask the others: this parses years of finished requests. */
  readonly records: readonly LedgerRecord[];
  /**
   * Every record of no request but looks into Intune's audit, oldest first, with the first of a
   * request and the first of kind `begun`. Others may be among them.
   */
  readonly outline: readonly LedgerRecord[];
  /** As if `more` stood behind it. */
  facts(more?: readonly LedgerRecord[]): LedgerFacts;
  /**
   * Every record of requests that are concerned, that have a call in doubt, or that a person
   * settled, oldest first. Those of others may be among them.
   */
  recordsAbout(concerned: Concerned): readonly LedgerRecord[];
  /** For people: why reading took longer than it has to; null where there is nothing to tell. */
  readonly note: string | null;
}

/** Reading needs no lock: index.ts and reports use it. */
export interface LedgerReader {
  read(): Promise<LedgerContents>;
}

/** Questions over all requests of a ledger, answered from one state of it. */
export interface LedgerFacts {
  recordsOf(key: string): readonly RequestRecord[];
  /**
   * Destructive intents, and what was taken over, of all requests for any of these serial numbers
   * or device ids; oldest first.
   */
  destructiveIntents(...devices: readonly PlannedDevice[]): readonly StartRecord[];
  /**
   * Intents, and what was taken over, of all requests for any of them, of actions whose result may
   * carry a secret; oldest first.
   */
  secretIntents(...devices: readonly PlannedDevice[]): readonly StartRecord[];
  /**
   * Intents of actions that are not safe to repeat, and what was taken over, for the device id and
   * for other requests of the key's list and generation; oldest first.
   */
  sentForList(key: string, deviceId: string): readonly StartRecord[];
  /**
   * True for a request that destroyed data, or may have: what Graph surely did not take does not
   * count.
   */
  hasDestroyed(key: string): boolean;
  /**
   * Keys of such requests, whose first destructive record is not older than the instant
   * (milliseconds), or of no readable time.
   */
  destroyedSince(instant: number): ReadonlySet<string>;
  /**
   * True for a request that locked somebody out of a device, or may have, and that destroys no data
   * besides.
   */
  hasLockedOut(key: string): boolean;
  /** As `destroyedSince`, of requests that locked somebody out and destroy nothing. */
  lockedOutSince(instant: number): ReadonlySet<string>;
  /**
   * Calls of an action, over all requests, that are not older than the instant (milliseconds), or
   * of no readable time: those that Graph took, or may have taken.
   */
  sentSince(action: string, instant: number): number;
  /**
   * True when Graph asked for another administrator's approval the last time that the action was
   * sent without one.
   */
  wasApprovalAsked(action: string): boolean;
  /** What all looks into Intune's audit left. */
  audit(): AuditFacts;
}

/**
 * Durable write-ahead record. An `append` that has returned survives a crash of the machine; one
 * that threw may or may not be there. Only the holder of the device's lock appends for it.
 */
export interface ActionLedger extends LedgerReader {
  recordsOf(key: string): Promise<readonly RequestRecord[]>;
  append(record: RunRecord): Promise<void>;
  /**
   * Asks for an objection and appends where there is none; nobody else's record comes between the
   * two. Gives the objection back, or null once the record is durable. May ask more than once.
   */
  appendUnless<T>(record: RunRecord, objection: (facts: LedgerFacts) => T | null): Promise<T | null>;
  /**
   * Runs `work` while nobody else, in this or another process, acts on the device. Throws
   * `LedgerBusyError`.
   */
  withDevice<T>(deviceId: string, work: () => Promise<T>): Promise<T>;
  /**
   * The brake's reason, read anew; null when it is not set. With a device named, throws
   * `LedgerBusyError` when it is not surely ours any more: the holder of the device's lock asks
   * right before each send.
   */
  brake(deviceId?: string): Promise<string | null>;
  facts(): Promise<LedgerFacts>;
}

/** Time as it is told to the program; only composition roots use the machine's own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** What `reconcile` is given. */
export interface Ports {
  readonly directory: DeviceDirectory;
  readonly actions: DeviceActions;
  readonly escrow: EscrowStore;
  readonly ledger: ActionLedger;
  readonly clock: Clock;
  /** Milliseconds on a clock that nobody sets. */
  readonly monotonic: () => number;
  /** Both clocks now, as far as an answer of this run told Graph's time; null where none did. */
  readonly graphClock: () => ClockReading | null;
  /** A new random UUID. */
  readonly uuid: () => string;
  /** Six random digits. */
  readonly pin: () => string;
  /**
   * A short one-way mark that tells equal high-entropy secrets; null where a secret is short enough
   * to be guessed from it.
   */
  readonly fingerprint: (secret: Redacted<string>) => string | null;
  /** Sees what is done; nobody does where it is absent. */
  readonly watch?: Watch;
}
