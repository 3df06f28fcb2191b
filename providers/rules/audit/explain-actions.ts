import type { AuditedAction, AuditFacts } from "../../domain/audit-log.ts";
import { DAY_MS } from "../../domain/day.ts";
import type { AdoptedRecord } from "../../domain/step-record.ts";
import { isWithin, type Send, type Sends, sendsAround } from "./sends.ts";

/** Why an action of the tenant's is, or may be, a request's; `foreign` where nothing says so. */
export type Explanation =
  /** `by`: what tells. An identity that may be ours counts with the device and the time. */
  | { readonly kind: "sent"; readonly send: Send; readonly by: "clientRequestId" | "deviceAndTime" }
  /** Somebody else began it, and a request took it over. */
  | { readonly kind: "takenOver"; readonly key: string }
  /** Intune itself took the record of a device away that a request had erased or retired. */
  | { readonly kind: "consequence"; readonly key: string }
  /** Intune says that it did not do it. */
  | { readonly kind: "failed" }
  | { readonly kind: "foreign" };

/** An action with what explains it. */
export interface Explained {
  readonly action: AuditedAction;
  readonly explanation: Explanation;
}

/** Who sent for the ledger, and since when that is known. */
export type KnownSenders = Pick<AuditFacts, "senders" | "sendersSince">;

/**
 * Holds every action against the ledger's sends, in the order given. Its client request id names a
 * send, where Intune repeats it. Else a send explains one event at most, of its device, in its
 * window, of an identity that may be ours: of two wipes of one device in one window, one was
 * somebody else's when we sent one.
 */
export function explainActions(actions: readonly AuditedAction[], sends: Sends, known: KnownSenders): readonly Explained[] {
  const used = new Set<string>();
  const found = new Map<AuditedAction, Explanation>();
  for (const action of actions) {
    const send = namedSend(action, sends);
    if (send === null) continue;
    used.add(useOf(send, action));
    found.set(action, { kind: "sent", send, by: "clientRequestId" });
  }
  const open = actions.filter((action) => !found.has(action) && !action.hasFailed).sort(byNeed);
  for (const action of open) {
    const send = earliestSend(action, sends, known, used);
    if (send === null) continue;
    used.add(useOf(send, action));
    found.set(action, { kind: "sent", send, by: "deviceAndTime" });
  }
  return actions.map((action) => ({ action, explanation: found.get(action) ?? explainOtherwise(action, sends) }));
}

/** What names its device first: what names none takes a send that is left. */
function byNeed(a: AuditedAction, b: AuditedAction): number {
  return Number(a.device === null) - Number(b.device === null) || Date.parse(a.at) - Date.parse(b.at);
}

/** An id that was seen with another device, or another action, than ours names nothing of ours. */
function namedSend(action: AuditedAction, { byRequest }: Sends): Send | null {
  const send = action.correlationId === null ? undefined : byRequest.get(action.correlationId);
  if (send === undefined || !covers(send.intent.action, action.action)) return null;
  return action.device === null || action.device === send.intent.device.id.toLowerCase() ? send : null;
}

/** A delete leads to a wipe or a retire by itself: one send may show as two actions. */
function covers(sent: string, seen: string): boolean {
  return sent === seen || (sent === "delete" && (seen === "wipe" || seen === "retire"));
}

/** A send can be used once for each action that it covers. */
function useOf({ intent: { key, step, attempt } }: Send, { action }: AuditedAction): string {
  return `${key} ${step} ${attempt} ${action}`;
}

/** The one whose window ends first: any other choice could leave a later event without one. */
function earliestSend(action: AuditedAction, sends: Sends, known: KnownSenders, used: ReadonlySet<string>): Send | null {
  const fitting = candidatesFor(action, sends, known).filter((send) => !used.has(useOf(send, action)));
  return fitting.reduce<Send | null>((first, send) => (first === null || send.window.to < first.window.to ? send : first), null);
}

/** Every send that an event may tell of, by device, action, time and identity. */
export function candidatesFor(action: AuditedAction, sends: Sends, known: KnownSenders): readonly Send[] {
  const instant = Date.parse(action.at);
  const there = action.device === null ? sendsAround(sends, instant) : (sends.byDevice.get(action.device) ?? []);
  return there.filter(
    (send) =>
      !send.isUntaken && covers(send.intent.action, action.action) && isWithin(send.window, instant) && mayBeOurs(action, send, known),
  );
}

/** Doubt counts for us: an application that is not told, or senders that were not recorded yet. */
function mayBeOurs({ actor }: AuditedAction, { intent }: Send, { senders, sendersSince }: KnownSenders): boolean {
  if (actor.application === null || sendersSince === null || !(Date.parse(intent.at) >= sendersSince)) return true;
  return senders.some(
    ({ application, user }) => application === actor.application && (user === null || actor.userId === null || user === actor.userId),
  );
}

function explainOtherwise(action: AuditedAction, { byDevice, takenOver }: Sends): Explanation {
  if (action.hasFailed) return { kind: "failed" };
  if (action.device === null) return { kind: "foreign" };
  const adopted = (takenOver.get(action.device) ?? []).find((record) => isTakenOver(action, record));
  if (adopted !== undefined) return { kind: "takenOver", key: adopted.key };
  const earlier = isOfNobody(action) ? (byDevice.get(action.device) ?? []).find((send) => mayHaveLedTo(send, action)) : undefined;
  return earlier === undefined ? { kind: "foreign" } : { kind: "consequence", key: earlier.intent.key };
}

const NEAR_MS = 15 * 60_000;

/** What was under way was begun at its start; where that is not told, within the day before. */
function isTakenOver(action: AuditedAction, { action: name, result, graphTime, at }: AdoptedRecord): boolean {
  if (name !== action.action) return false;
  const [instant, start, seen] = [Date.parse(action.at), Date.parse(result.startDateTime ?? ""), Date.parse(graphTime ?? at)];
  if (start > 0) return Math.abs(instant - start) <= NEAR_MS;
  return instant >= seen - DAY_MS && instant <= seen + NEAR_MS;
}

/** No person is named; Intune's own work names none. */
function isOfNobody({ action, actor }: AuditedAction): boolean {
  return action === "delete" && actor.user === null && actor.userId === null && actor.application === null;
}

const LEADS_MS = 60 * DAY_MS;

function mayHaveLedTo({ intent, isUntaken, window }: Send, action: AuditedAction): boolean {
  const instant = Date.parse(action.at);
  return !isUntaken && intent.action !== "delete" && instant >= window.from && instant <= window.to + LEADS_MS;
}
