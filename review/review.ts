import { DAY_MS } from "../providers/domain/day.ts";
import type { JsonObject } from "../providers/domain/json.ts";
import type { DeviceFacts, ManagedDevice } from "../providers/domain/managed-device.ts";
import type { Outcome } from "../providers/domain/outcome.ts";
import type { DevicePath, PlannedDevice } from "../providers/domain/plan.ts";

/** The format that this version writes and reads. */
export const REVIEW_FORMAT = 1;

/** How old a review may be and still count, in milliseconds: 7 days. */
export const REVIEW_LASTS_MS = 7 * DAY_MS;

/**
 * What a preview showed, as data: `dlr preview --save-review FILE` writes it, and `dlr up
 * --reviewed FILE` performs only what is in it. No secret is in it.
 */
export interface Review {
  readonly format: typeof REVIEW_FORMAT;
  /** As Pulumi names it; with organization and project where the backend has organizations. */
  readonly stack: string;
  /**
   * Full hash of the commit that was previewed; ends in `-dirty` where the files differed from it.
   */
  readonly commit: string | null;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Origin of Graph, or `double`; null where the preview was refused before it knew. */
  readonly graph: string | null;
  /** GUID in lower case. */
  readonly tenant: string | null;
  readonly ledger: ReviewedLedger | null;
  readonly guards: ReviewedGuards | null;
  /** What concerns the whole run. */
  readonly warnings: readonly string[];
  /** Requests that have not ended, by name. */
  readonly requests: readonly ReviewedRequest[];
  /** Why nothing would be done at all; empty where `up` may run. */
  readonly refusals: readonly Refusal[];
}

/** Names the ledger: one that was made anew in the same place is another. */
export interface ReviewedLedger {
  /** As configured. */
  readonly place: string;
  /** When it was made; null where there was none yet. */
  readonly made: string | null;
}

/** The limits in force, and how much of them the last 24 hours have used. */
export interface ReviewedGuards {
  readonly requireReview: boolean;
  readonly followOnly: boolean;
  readonly shard: string;
  readonly protected: readonly string[];
  readonly maxDestructive: DayLimit;
  readonly maxDisruptive: DayLimit;
  /** Why `up` would destroy, lock and escrow nothing, or null. */
  readonly hold: string | null;
}

/** `used` counts requests of the last 24 hours, over all runs of the ledger. */
export interface DayLimit {
  readonly limit: number;
  readonly used: number;
}

/** One request as a reviewer sees it, and what `up --reviewed` holds it to. */
export interface ReviewedRequest {
  /** `NAME#generation`: names the request in the ledger. */
  readonly key: string;
  readonly name: string;
  readonly source: { readonly file: string; readonly line: number };
  readonly reason: string;
  readonly ticket: string | null;
  readonly expires: string | null;
  readonly acknowledge: readonly string[];
  readonly repeats: string | null;
  readonly playbook: string | null;
  /** The enrolment that the steps are for. */
  readonly device: PlannedDevice;
  readonly path: DevicePath;
  readonly steps: readonly ReviewedStep[];
  /** What Graph showed of the device; null where it showed nothing. */
  readonly facts: ReviewedFacts | null;
  /** The plan is frozen: something was done already. */
  readonly begun: boolean;
  readonly next: NextAct;
  readonly lastRun: { readonly outcome: Outcome; readonly at: string; readonly message: string } | null;
  readonly warnings: readonly string[];
  /**
   * Who wrote it, by their accounts in lower case; null where one of them is not known. Absent
   * where nobody asked: `dlr people authors` does.
   */
  readonly authors?: readonly string[] | null;
  /** What the tokens at hand lack, or null. */
  readonly lacking: string | null;
  /** Over what will be sent: see `digestOf`. */
  readonly digest: string;
}

/** One step of the plan, done or to be done, in the plan's order. */
export interface ReviewedStep {
  readonly action: string;
  readonly parameters: JsonObject;
  readonly title: string | null;
  readonly destroysData: boolean;
  readonly escrows: boolean;
  /** As in the resource's outputs. */
  readonly status: string;
  /** Still to be sent. */
  readonly left: boolean;
}

/** For people to recognize a device by; no decision is made from them. */
export interface ReviewedFacts
  extends DeviceFacts,
    Pick<ManagedDevice, "model" | "managedDeviceOwnerType" | "deviceCategoryDisplayName" | "lastSyncDateTime"> {}

/** What the next `up` does first. `outcome`: how the request ends where nothing is done. */
export interface NextAct {
  readonly kind: "acts" | "follows" | "ends";
  readonly text: string;
  readonly outcome: Outcome | null;
}

/** A mistake of the files, with its place, or what else stops the whole run. */
export interface Refusal {
  /** Of a diagnostic (`DLR301`), or of an error of the product (`LEDGER`). */
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
}
