import type { ForcedResult } from "../actions/forced-result.ts";
import type { ErrorShape } from "./error-answer.ts";

/**
 * What goes wrong. `applied: true` lets the call take effect first: the caller then sees an error
 * for something that was done. A `reset`, `hang` or `cut` of one item of a `$batch` strikes the
 * whole answer.
 */
export type FaultEffect =
  /** An error answer; `retryAfter` in seconds, or `date` for an HTTP date two seconds ahead. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: ErrorShape;
      readonly code?: string;
      /** `$BODY` in it stands for the body of the call, as servers repeat what they do not like. */
      readonly message?: string;
      readonly retryAfter?: number | "date";
      readonly headers?: Readonly<Record<string, string>>;
      readonly applied?: boolean;
    }
  /** The connection is reset instead of an answer. */
  | { readonly kind: "reset"; readonly applied?: boolean }
  /** No answer ever comes. */
  | { readonly kind: "hang"; readonly applied?: boolean }
  /** The answer is late. */
  | { readonly kind: "slow"; readonly delayMs: number }
  /** The connection breaks in the middle of the answer. */
  | { readonly kind: "cut" }
  /** The status is right, the body is not. */
  | { readonly kind: "body"; readonly body: ErrorShape }
  /** A `$batch` answer lacks its last items. */
  | { readonly kind: "omitItems"; readonly count: number }
  /** The action is accepted and ends like this. */
  | { readonly kind: "result"; readonly state: ForcedResult }
  /** The bypass code reads as null, or changes right before it is read. */
  | { readonly kind: "code"; readonly code: "null" | "rotated" }
  /** The device leaves Intune right before the call. */
  | { readonly kind: "gone" };

/**
 * Names for calls that are not actions. `action` is any action; `any` is everything, `$batch` and
 * its items included.
 */
export const CALL_KINDS = [
  "list",
  "read",
  "readCode",
  "action",
  "batch",
  "approvals",
  "audit",
  "policies",
  "policyWrite",
  "states",
  "other",
  "any",
] as const;

/**
 * One fault: which calls it strikes, and what then happens. Faults that match the same call add up;
 * of two that replace the answer, the first wins.
 */
export interface FaultSpec {
  /** Id or serial number; any device where absent. */
  readonly device?: string;
  /** An action's name or a word of `CALL_KINDS`, or several; `any` where absent. */
  readonly call?: string | readonly string[];
  /** Only items of a `$batch` (true), or only calls of their own (false). */
  readonly batched?: boolean;
  /** Which of the matching calls, counted from 1; all where absent. */
  readonly nth?: number | readonly number[];
  readonly effect: FaultEffect;
}
