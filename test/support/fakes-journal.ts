import type { SendResult } from "../../providers/domain/ports.ts";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import type { SecretKind } from "../../providers/domain/secrets.ts";

/** One thing that went through a port, in the order in which it happened. */
export type JournalEntry =
  | { readonly kind: "readCode"; readonly device: string; readonly code: string | null }
  | { readonly kind: "escrow"; readonly key: string; readonly secret: SecretKind; readonly value: string; readonly enrolled: string | null }
  | { readonly kind: "append"; readonly record: RequestRecord }
  | {
      readonly kind: "POST";
      readonly action: string;
      readonly device: string;
      /** The enrolment that the call met, null when the device was gone. */
      readonly enrolled: string | null;
      readonly supervisedApple: boolean;
      readonly code: string | null;
      readonly answer: SendResult["kind"];
      /** Graph took the call, whatever it said. */
      readonly takes: boolean;
      readonly clientRequestId: string;
      readonly approvalRequest: string | null;
      /** Our clock was known to be right. */
      readonly isClockSure: boolean;
    };

export type Journal = JournalEntry[];

/**
 * `readCode`, `escrow`, `intent`, `POST wipe`, `result`: the order of what matters, for comparing.
 */
export function order(journal: readonly JournalEntry[]): readonly string[] {
  return journal.map((entry) => {
    if (entry.kind === "append") return entry.record.kind;
    return entry.kind === "POST" ? `POST ${entry.action}` : entry.kind;
  });
}

/** The actions that were sent, in order. */
export function posts(journal: readonly JournalEntry[]): readonly string[] {
  return journal.flatMap((entry) => (entry.kind === "POST" ? [entry.action] : []));
}

/** The names of records, in order. */
export function appended(journal: readonly JournalEntry[]): readonly string[] {
  return journal.flatMap((entry) => (entry.kind === "append" ? [entry.record.kind] : []));
}
