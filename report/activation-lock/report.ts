import type { Platform } from "../../providers/domain/managed-device.ts";

/** Raised when a field goes away or changes its meaning; fields are added without. */
export const REPORT_FORMAT = 1;

/**
 * What one read of the bypass code told. Never "locked": a code is there for devices that nobody
 * locked, and the device's own word on a lock is wrong both ways.
 */
export const CODE_WORDS = ["present", "none", "unreadable", "notAsked"] as const;

/** How a device's bypass code stands in Intune. */
export type CodeWord = (typeof CODE_WORDS)[number];

/**
 * Why an escrowed code may open nothing: the device was enrolled anew after it was captured, or
 * Intune holds another code now.
 */
export const STALE_WORDS = ["setUpSince", "otherCode"] as const;

/** Why an escrowed code counts as stale. */
export type StaleWord = (typeof STALE_WORDS)[number];

/** The newest escrowed code of a device, as the ledger tells it. */
export interface Escrow {
  /** Names the secret for its reader; it is none itself. */
  readonly reference: string;
  /** ISO 8601, UTC, by the clock of the machine that captured it. */
  readonly capturedAt: string;
  /** Whole days between that and the report. */
  readonly ageDays: number;
  /** `NAME#generation` of the request that escrowed it. */
  readonly request: string;
  readonly stale: StaleWord | null;
}

/**
 * A device that Activation Lock can hold. Graph's names are kept, and what Graph does not tell is
 * null.
 */
export interface LockDevice {
  readonly serialNumber: string | null;
  readonly id: string | null;
  readonly deviceName: string | null;
  readonly platform: Platform | null;
  readonly osVersion: string | null;
  readonly model: string | null;
  readonly isSupervised: boolean | null;
  readonly deviceEnrollmentType: string | null;
  readonly managedDeviceOwnerType: string | null;
  readonly userPrincipalName: string | null;
  /** ISO 8601, UTC. */
  readonly enrolledDateTime: string | null;
  readonly lastSyncDateTime: string | null;
  readonly code: CodeWord;
  /** Why the code could not be read. */
  readonly problem: string | null;
  readonly escrow: Escrow | null;
  /** Another device of the report has the same serial number. */
  readonly sharesSerialNumber: boolean;
}

/** Counts over all devices that can have the lock. */
export interface LockTotals {
  readonly canHaveLock: number;
  readonly present: number;
  readonly none: number;
  readonly unreadable: number;
  readonly notAsked: number;
  readonly escrowed: number;
  /** Of those that are escrowed. */
  readonly stale: number;
  readonly sharingSerialNumber: number;
}

/** The report as data, and as `--format json` prints it. It holds no code. */
export interface ActivationLockReport {
  readonly format: typeof REPORT_FORMAT;
  readonly kind: "activation-lock";
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Stack, ledger and Graph, in one line. */
  readonly where: string;
  /** Platforms that were asked for; empty for all. */
  readonly platforms: readonly Platform[];
  readonly totals: LockTotals;
  /** What the options left of all devices, in their words; empty where nothing was left out. */
  readonly chosen: readonly string[];
  readonly devices: readonly LockDevice[];
}
