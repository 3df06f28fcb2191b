import type { ApprovalOptions } from "./actions/approval-answers.ts";
import type { AuditOptions } from "./audit/audit-book.ts";
import type { EmulatedToken } from "./authorization.ts";
import type { EmulatedDevice } from "./devices/emulated-device.ts";
import type { FaultSpec } from "./faults/fault-spec.ts";
import type { ThrottleOptions } from "./faults/throttle.ts";

/** What `EmulatorOptions.appReads` may say. */
export const APP_READS = ["stubbed", "refused", "whole"] as const;

/** How Graph answers a read of one device through a detected app. */
export type AppReads = (typeof APP_READS)[number];

/** Everything has a default, so that `{}` is an Intune with a small fleet. */
export interface EmulatorOptions {
  /** 0, the default, is a free port. The emulator listens on 127.0.0.1 only. */
  readonly port?: number;
  /** `DEFAULT_FLEET` where absent. */
  readonly devices?: readonly EmulatedDevice[];
  /**
   * From the acceptance of an action to its result: half of it pending, half active. Default 2,000.
   */
  readonly checkInDelayMs?: number;
  /** Added to every answer. Default 0. */
  readonly latencyMs?: number;
  /** Devices per page of a list, at most. Default 1,000, as in Intune. */
  readonly pageSize?: number;
  /** Default: Intune's limits, and 429 without Retry-After. */
  readonly throttle?: ThrottleOptions | "off";
  /** Ignore every `$filter`, also supported ones: all devices come back. Default false. */
  readonly filterTrap?: boolean;
  /** Whether `eq` and `in` tell letters' case apart. Default sensitive, the less forgiving. */
  readonly filterCase?: "sensitive" | "insensitive";
  /**
   * What a GET of one device through a detected app answers: its id and nothing else that is true
   * (the default, as seen in the field), 400 although the id is right, or the whole device.
   */
  readonly appReads?: AppReads;
  /** The only tokens accepted; see `AuthorizationOptions`. */
  readonly tokens?: readonly EmulatedToken[];
  /** Refuse `bypassActivationLock` to applications. Default false. */
  readonly bypassDelegatedOnly?: boolean;
  /** Multi Admin Approval; off where absent. */
  readonly approvals?: ApprovalOptions;
  /** Intune's audit log, which is always kept. */
  readonly audit?: AuditOptions;
  readonly faults?: readonly FaultSpec[];
  /** Milliseconds since the epoch. Results, throttling, approvals and tokens follow it. */
  readonly clock?: () => number;
}

/**
 * What holds where an option is left out. `devices`, `tokens` and `approvals` have no such value:
 * see `EmulatorOptions`.
 */
export const DEFAULT_OPTIONS = {
  port: 0,
  checkInDelayMs: 2_000,
  latencyMs: 0,
  pageSize: 1_000,
  throttle: {},
  filterTrap: false,
  filterCase: "sensitive",
  appReads: "stubbed",
  bypassDelegatedOnly: false,
  audit: {},
  faults: [],
  clock: Date.now,
} as const satisfies EmulatorOptions;
