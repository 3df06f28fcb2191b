/** Who did it, as Intune tells; null for what it does not tell. All texts fit on one line. */
export interface AuditActor {
  /** Client id, in lower case. */
  readonly application: string | null;
  readonly applicationName: string | null;
  readonly servicePrincipal: string | null;
  /** User principal name. */
  readonly user: string | null;
  /** Object id of the user, in lower case. */
  readonly userId: string | null;
  readonly ipAddress: string | null;
}

/**
 * One action that erases a device or takes it out of management, as Intune's own records have it.
 */
export interface AuditedAction {
  /** Names it among all of its source; of an event about several devices, one for each of them. */
  readonly event: string;
  /** As the action table has it, such as `wipe`. */
  readonly action: string;
  /** When it was asked for, by Intune's clock: ISO 8601, UTC. */
  readonly at: string;
  /** Intune's id of the device, in lower case; null where the event names none. */
  readonly device: string | null;
  readonly deviceName: string | null;
  readonly actor: AuditActor;
  /** In lower case. Described as the caller's `client-request-id`; null where there is none. */
  readonly correlationId: string | null;
  /** Intune says that it did not do it. What it says nothing of counts as done. */
  readonly hasFailed: boolean;
}

/** The audit log of v1.0, or beta's list of remote actions, which tells less. */
export type AuditSource = "auditEvents" | "remoteActionAudits";

/**
 * What a look into the audit found. `unreadable` says nothing about what was done: that no action
 * of others was seen is no evidence then.
 */
export type AuditReading =
  | {
      readonly kind: "seen";
      readonly source: AuditSource;
      readonly actions: readonly AuditedAction[];
      /** Graph's time at the look, else ours: milliseconds since the epoch. */
      readonly until: number;
      /** Why not all of it could be read, in words, or null. What was read counts all the same. */
      readonly incomplete: string | null;
    }
  | { readonly kind: "unreadable"; readonly why: string };

/** Intune's record of what was done in the whole tenant, by whomever. */
export interface AuditLog {
  /**
   * Everything since the instant, in milliseconds. Never throws for what Graph or a sign-in does.
   */
  actionsSince(instant: number): Promise<AuditReading>;
}

/** What lets an application read the audit log; beta's list needs none beyond reading devices. */
export const AUDIT_PERMISSION = "DeviceManagementApps.Read.All";

/** An identity that this product sends with. */
export interface Sender {
  /** Client id, in lower case. */
  readonly application: string;
  /** Object id of the person who signed in, in lower case; null for the application itself. */
  readonly user: string | null;
}

/** An action that no request of the ledger explains. */
export type ForeignAction = Omit<AuditedAction, "correlationId" | "hasFailed">;

/** What a ledger remembers of all looks into the audit. */
export interface AuditFacts {
  /** Graph's time up to which all was read: milliseconds; null before the first look. */
  readonly mark: number | null;
  /**
   * When that was, by the clock of the run that read it: milliseconds; null before the first look,
   * and where the last one did not see all.
   */
  readonly readAt: number | null;
  /** Everybody who sent for this ledger, as far as runs could tell. */
  readonly senders: readonly Sender[];
  /** Since when they are recorded, by our clock: milliseconds; null where they never were. */
  readonly sendersSince: number | null;
  /** Every foreign action that was reported, in the order of reporting. */
  readonly foreign: readonly ForeignAction[];
  /** Events that the brake was set for. */
  readonly stopped: ReadonlySet<string>;
  /**
   * True for a foreign action that was reported, under another id too where the source is another.
   */
  isReported(action: ForeignAction, source: AuditSource): boolean;
}
