import type { AuditedAction, AuditFacts, AuditReading, ForeignAction } from "../../domain/audit-log.ts";
import { DAY_MS } from "../../domain/day.ts";
import { dlrCommand } from "../../support/dlr-command.ts";
import { count } from "../../support/words.ts";
import type { Finding, RunGuard } from "../rule.ts";
import type { Explained } from "./explain-actions.ts";
import { LONGEST_WINDOW_MS } from "./sends.ts";

/** For the guards' table; `judgeForeign` judges it. */
export const AUDIT_GUARDS: readonly RunGuard[] = [
  {
    id: "foreign-limit",
    effect: "the run sets the brake by itself, with the reason, and ends red",
    when: "more actions that erase devices or take them out of management than `foreignLimit` were done in 24 hours by others, as Intune's audit tells, and at least one of them since the brake was set for the last time",
    goOn: "`dlr audit STACK` shows them; `dlr resume STACK`, once somebody knows who it was",
  },
];

/** Who sets the brake, as its stop names it. */
export const AUDIT_WHO = "Intune's audit log, as this product read it";

/** What a look found, beside what the ledger knew. */
export interface ForeignFound {
  /** Not reported before, oldest first. */
  readonly fresh: readonly ForeignAction[];
  /** Of the last 24 hours of Graph's, reported before or not. */
  readonly recent: readonly ForeignAction[];
  /** Why the brake is to be set, and for which events; null where it is not. */
  readonly stop: { readonly reason: string; readonly events: readonly string[] } | null;
}

type Seen = Extract<AuditReading, { kind: "seen" }>;

/** Events come late, nobody knows how late: each look goes back a day behind the last one. */
const LOOK_BACK_MS = DAY_MS;

/** Before the reach of a look only sends are matched: what is found there was judged already. */
const MARGIN_MS = LONGEST_WINDOW_MS;

/** Since when a look has to ask, by Graph's time: milliseconds. */
export function sinceOf({ mark }: Pick<AuditFacts, "mark">, now: number): number {
  return Math.min(mark ?? now, now) - LOOK_BACK_MS - MARGIN_MS;
}

/**
 * Each foreign action is new once. The limit counts all of 24 hours; the brake is set where it is
 * passed and something came since it was set for the last time, so that what a person has resumed
 * after does not stop again by itself.
 */
export function judgeForeign(explained: readonly Explained[], seen: Seen, known: AuditFacts, limit: number | undefined): ForeignFound {
  const first = sinceOf(known, seen.until) + MARGIN_MS;
  const fresh = explained
    .filter(({ explanation }) => explanation.kind === "foreign")
    .map(({ action }) => foreignOf(action))
    .filter((action) => Date.parse(action.at) >= first && !known.isReported(action, seen.source))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const recent = [...known.foreign, ...fresh].filter(({ at }) => !(Date.parse(at) < seen.until - DAY_MS));
  const isNew = recent.some(({ event }) => !known.stopped.has(event));
  const stop =
    limit === undefined || recent.length <= limit || !isNew
      ? null
      : { reason: reasonFor(recent, limit), events: recent.map(({ event }) => event) };
  return { fresh, recent, stop };
}

function foreignOf({ event, action, at, device, deviceName, actor }: AuditedAction): ForeignAction {
  return { event, action, at, device, deviceName, actor };
}

/** Short: it stands in front of every command. */
function reasonFor(recent: readonly ForeignAction[], limit: number): string {
  const kinds = [...Map.groupBy(recent, ({ action }) => action)].map(([action, own]) => `${action} ${own.length}`);
  return `${count(recent.length, "action")} of others on devices in 24 hours (${kinds.join(", ")}), and foreignLimit is ${limit}`;
}

/** What a run says that sets the brake. */
export function stopFinding({ reason }: { readonly reason: string }, stack: string | undefined): Finding {
  return {
    message: `the brake was set: ${reason}; nothing more is sent`,
    hint: `${dlrCommand("audit", stack)} shows them; once somebody knows who it was: ${dlrCommand("resume", stack)}`,
  };
}

const UNKNOWN = "nobody that Intune names";

/** `wipe of Leeds iPad (id 3f2a…) at 2026-… by help@contoso.example with Microsoft Intune` */
export function describeForeign({ action, at, device, deviceName, actor }: ForeignAction): string {
  const what = deviceName ?? (device === null ? "a device that is not named" : "a device");
  const id = device === null ? "" : ` (id ${device})`;
  return `${action} of ${what}${id} at ${at} by ${describeActor(actor)}`;
}

/** Person or service, then the application, then the address. */
export function describeActor({ user, servicePrincipal, applicationName, application, userId, ipAddress }: ForeignAction["actor"]): string {
  const who = user ?? servicePrincipal ?? (userId === null ? null : `user ${userId}`);
  const app = applicationName ?? (application === null ? null : `application ${application}`);
  const parts = [
    who,
    app === null || app === who ? null : who === null ? app : `with ${app}`,
    ipAddress === null ? null : `from ${ipAddress}`,
  ];
  const known = parts.filter((part) => part !== null).join(" ");
  return known === "" ? UNKNOWN : known;
}
