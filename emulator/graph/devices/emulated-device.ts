import type { JsonValue } from "../../../providers/domain/json.ts";
import type { ForcedResult } from "../actions/forced-result.ts";
import type { FaultSpec } from "../faults/fault-spec.ts";

/** What the other administrator will say, by itself, one check-in delay after being asked. */
export const APPROVAL_DECISIONS = ["approve", "reject", "lapse"] as const;

/** As a device file says it. */
export type ApprovalDecision = (typeof APPROVAL_DECISIONS)[number];

/** What only the emulator knows of a device: the key `x-emulator` of a device file. */
export interface DeviceSettings {
  /** Time from a call to its result; the emulator's own `checkInDelayMs` where absent. */
  readonly checkInDelayMs?: number;
  /** Whether the device is locked to somebody's Apple ID; true where a bypass code exists. */
  readonly activationLock?: boolean;
  /** Action name → how it ends. */
  readonly results?: Readonly<Record<string, ForcedResult>>;
  /** Action name → `actionName` in `deviceActionResults`. */
  readonly resultNames?: Readonly<Record<string, string>>;
  /** Actions that somebody else sent before the emulator started. */
  readonly pendingActions?: readonly string[];
  /** Android: without a passcode policy, `resetPasscode` fails. Default true. */
  readonly passcodePolicy?: boolean;
  /** What `resetPasscode` (Android) and `remoteLock` (macOS) hand back; made up where absent. */
  readonly passcode?: string;
  readonly unlockPin?: string;
  readonly detectedApps?: readonly { readonly id: string; readonly displayName?: string }[];
  readonly deviceRunStates?: readonly { readonly script: string; readonly runState: string }[];
  readonly approval?: ApprovalDecision;
  /** Faults of calls that name this device; `device` may be left out. */
  readonly faults?: readonly FaultSpec[];
}

/**
 * A device as a device file names it: Graph's own properties of `managedDevice`, all optional but
 * one of `id` and `serialNumber`, and `x-emulator`.
 */
export interface EmulatedDevice {
  readonly "x-emulator"?: DeviceSettings;
  readonly [property: string]: JsonValue | DeviceSettings | undefined;
}
