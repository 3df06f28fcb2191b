import { randomUUID } from "node:crypto";
import { DAY_MS } from "../../../providers/domain/day.ts";
import type { JsonObject } from "../../../providers/domain/json.ts";
import type { DeviceState, PendingAction } from "../devices/device-state.ts";

/** How Intune's audit behaves. */
export interface AuditOptions {
  /** From an action to its event: nobody documents how long it takes. Default 0. */
  readonly delayMs?: number;
  /**
   * What `correlationId` is: the caller's `client-request-id`, as Microsoft describes it, or an id
   * that nobody else knows. Default own, the less forgiving.
   */
  readonly correlation?: "clientRequestId" | "own";
  /** Default 365 days, as the admin centre shows them. */
  readonly retentionMs?: number;
  /**
   * 403 whatever the token may: for the audit log, or for beta's list of remote actions too.
   * Default none.
   */
  readonly refused?: "auditEvents" | "both" | "none";
}

/** Who acts; what is absent is null in the event, as Intune leaves it. */
export interface EmulatedActor {
  readonly applicationId?: string;
  readonly applicationDisplayName?: string;
  readonly servicePrincipalName?: string;
  readonly userPrincipalName?: string;
  readonly userId?: string;
  readonly ipAddress?: string;
}

/** The admin centre, as its events name it. */
export const PORTAL: EmulatedActor = {
  applicationId: "5926fc8e-304e-4f59-8bed-58ca97cc39a4",
  applicationDisplayName: "Microsoft Intune portal extension",
  userPrincipalName: "helpdesk@contoso.example",
  userId: "910ed5ca-4ecf-414c-a1be-d53511bfe1a5",
};

/** One event. `pending`: the action that it is about. */
export interface AuditEntry {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly correlationId: string;
  readonly actor: EmulatedActor;
  readonly about: { readonly device: DeviceState; readonly pending: PendingAction } | null;
  /** What a test wrote into the event, in the place of all else. */
  readonly raw: JsonObject | null;
}

interface Recorded {
  readonly device: DeviceState;
  readonly pending: PendingAction;
  readonly actor: EmulatedActor;
  readonly clientRequestId: string | null;
}

/** Everything that was done to devices, by whomever, as the tenant's audit has it. */
export class AuditBook {
  readonly options: Required<AuditOptions>;
  readonly #entries: AuditEntry[] = [];
  readonly #clock: () => number;

  constructor(clock: () => number, options: AuditOptions) {
    this.#clock = clock;
    this.options = { delayMs: 0, correlation: "own", retentionMs: 365 * DAY_MS, refused: "none", ...options };
  }

  record({ device, pending, actor, clientRequestId }: Recorded): void {
    const isCallers = this.options.correlation === "clientRequestId";
    const correlationId = (isCallers ? clientRequestId : null) ?? randomUUID();
    this.#entries.push({ id: randomUUID(), at: this.#clock(), correlationId, actor, about: { device, pending }, raw: null });
  }

  /** An event of a test's own making, whatever it says. */
  add(raw: JsonObject): void {
    this.#entries.push({ id: randomUUID(), at: this.#clock(), correlationId: randomUUID(), actor: {}, about: null, raw });
  }

  /** What can be seen now, newest first. */
  visible(now: number): readonly AuditEntry[] {
    const { delayMs, retentionMs } = this.options;
    return this.#entries.filter(({ at }) => at + delayMs <= now && at + retentionMs > now).toReversed();
  }
}
