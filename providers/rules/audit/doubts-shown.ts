import type { AuditedAction, Sender } from "../../domain/audit-log.ts";
import type { IntentRecord } from "../../domain/step-record.ts";
import { candidatesFor, type Explained, type KnownSenders } from "./explain-actions.ts";
import type { Send, Sends } from "./sends.ts";

/** An event that shows that a call in doubt was taken. */
export interface DoubtShown {
  readonly intent: IntentRecord;
  readonly action: AuditedAction;
  /** For people: what tells that it is this call. */
  readonly evidence: string;
}

/** How near an event is to the call that it is evidence of, by Graph's time: milliseconds. */
const EVIDENCE = { before: 60_000, after: 5 * 60_000 };

/**
 * The calls in doubt that Intune's audit log shows as taken. That it shows none proves nothing:
 * nobody knows how late an event comes. An event that failed, one that two sends may explain, and
 * one of two events are no evidence; nor is beta's list, which names no application.
 */
export function doubtsShown(
  doubts: readonly IntentRecord[],
  explained: readonly Explained[],
  sends: Sends,
  known: KnownSenders,
): readonly DoubtShown[] {
  const open = new Set(doubts.map(nameOf));
  const tellsRequests = explained.some(({ explanation }) => explanation.kind === "sent" && explanation.by === "clientRequestId");
  const shown = explained.flatMap(({ action, explanation }): readonly DoubtShown[] => {
    if (explanation.kind !== "sent" || action.hasFailed || !open.has(nameOf(explanation.send.intent))) return [];
    const { send, by } = explanation;
    if (action.action !== send.intent.action) return [];
    if (by === "clientRequestId") return [{ intent: send.intent, action, evidence: "its correlationId is our client-request-id" }];
    if (tellsRequests && action.correlationId !== null) return [];
    const sender = senderOf(action, known);
    if (sender === null || !isNear(action, send) || !isAlone(action, send, { explained, sends, known })) return [];
    return [
      {
        intent: send.intent,
        action,
        evidence: `application ${sender.application}, device and time are those of our call, and of no other`,
      },
    ];
  });
  // One call has one event; the first one tells.
  return [...new Map(shown.toReversed().map((one) => [nameOf(one.intent), one])).values()];
}

function nameOf({ key, step, attempt }: Pick<IntentRecord, "key" | "step" | "attempt">): string {
  return `${key} ${step} ${attempt}`;
}

/** Null where anything is not told: an identity that only may be ours is no evidence. */
function senderOf({ actor }: AuditedAction, { senders }: KnownSenders): Sender | null {
  const own = senders.find(({ application, user }) => application === actor.application && user === actor.userId);
  const ofApplication = senders.find(({ application, user }) => application === actor.application && user === null && actor.user === null);
  return own ?? ofApplication ?? null;
}

/** Only by Graph's own time, and of the very device. */
function isNear(action: AuditedAction, { intent, isSure }: Send): boolean {
  const after = Date.parse(action.at) - Date.parse(intent.graphTime ?? "");
  return isSure && action.device !== null && after >= -EVIDENCE.before && after <= EVIDENCE.after;
}

interface Others {
  readonly explained: readonly Explained[];
  readonly sends: Sends;
  readonly known: KnownSenders;
}

/** No other send may have made this event, and no other event may be of this send. */
function isAlone(action: AuditedAction, send: Send, { explained, sends, known }: Others): boolean {
  if (candidatesFor(action, sends, known).some((other) => other !== send)) return false;
  return !explained.some((one) => one.action !== action && !one.action.hasFailed && candidatesFor(one.action, sends, known).includes(send));
}
