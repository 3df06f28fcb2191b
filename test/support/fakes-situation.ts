import type { CloudName } from "../../providers/domain/cloud-name.ts";
import type { ManagedDevice } from "../../providers/domain/managed-device.ts";
import { absent, type LedgerLook, type Observation, seen } from "../../providers/domain/observation.ts";
import type { ApprovalState } from "../../providers/domain/ports.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import type { RequestRecord, RequestTerms } from "../../providers/domain/request-record.ts";
import { decideNextStep } from "../../providers/engine/decide/decide-next-step.ts";
import type { Decision } from "../../providers/engine/decide/decision.ts";
import type { DoubtWatch, Situation } from "../../providers/engine/decide/situation.ts";
import { historyOf } from "../../providers/engine/history.ts";
import { IPAD } from "./fakes-devices.ts";
import { AT, escrowed, finished } from "./fakes-records.ts";
import { jobOf, lifecycleRequest, type StepText } from "./fakes-requests.ts";

export const GRACE = 30_000;
export const GONE_AFTER = 30_000;

/**
 * One case of a table for `decideNextStep`: what differs from a run on the iPad that has time to
 * wait and has sent nothing.
 */
export interface Row {
  readonly name: string;
  readonly steps: readonly StepText[];
  /** The device as it was planned for; the iPad unless said. */
  readonly device?: ManagedDevice;
  /** What changed of the device since; null when it is gone, which is proven. */
  readonly since?: Partial<ManagedDevice> | null;
  /**
   * How long Graph has not known the device, where that is not proven to last; milliseconds, null
   * for the first time.
   */
  readonly missedFor?: number | null;
  readonly records?: readonly RequestRecord[];
  /** Steps that this run sent. */
  readonly sent?: readonly number[];
  /** What this run saw of steps in doubt. */
  readonly doubts?: readonly (readonly [number, DoubtWatch])[];
  readonly terms?: RequestTerms;
  readonly cloud?: CloudName;
  readonly now?: number;
  /** Our clock agrees with Graph's; true unless said. */
  readonly isClockSure?: boolean;
  readonly followOnly?: boolean;
  readonly mayWait?: boolean;
  readonly approval?: ApprovalState | null;
  readonly canResendSecrets?: boolean;
  /** The bypass code was read after the last send, and is in escrow. */
  readonly codeIsFresh?: boolean;
  /** A place under the rate limit was taken, and the device looked at since; true unless said. */
  readonly isPlaced?: boolean;
  /** What was looked at besides. */
  readonly seen?: Observation;
  readonly decision: object;
}

export const EMPTY_LEDGER: LedgerLook = {
  destroyedBefore: null,
  sentForList: [],
  secretOnItsWay: null,
  hasDestroyed: false,
  destroyedToday: 0,
  foreignToday: 0,
  auditedAt: null,
  hasLockedOut: false,
  lockedOutToday: 0,
  sentToday: new Map(),
  approvalAsked: new Set(),
};

export function decide(row: Omit<Row, "name" | "decision">): Decision {
  return decideNextStep(situationOf(row));
}

export function situationOf(row: Omit<Row, "name" | "decision">): Situation {
  const { steps, device = IPAD, since = {}, sent = [], records = [], codeIsFresh = false, isClockSure = true } = row;
  const now = row.now ?? Date.parse(AT);
  const job = jobOf(lifecycleRequest(steps), device);
  return {
    job: { ...job, terms: row.terms ?? job.terms },
    history: historyOf(codeIsFresh ? [escrowed(0), ...records] : records),
    seen: {
      ...(since === null && row.missedFor === undefined ? { gone: seen({ elsewhere: [] }, now, "Graph") } : {}),
      device: since === null ? absent("Graph does not know the device", now) : seen({ ...device, ...since }, now, "Graph"),
      ...(codeIsFresh
        ? {
            bypassCode: seen(
              { code: new Redacted("4K7Q1"), fingerprint: escrowed(0).fingerprint, reference: escrowed(0).reference },
              now,
              "Graph",
            ),
          }
        : {}),
      approval: row.approval ? seen(row.approval, now, "Graph") : absent("nothing waits for an approval", now),
      brake: absent("the brake is not set", now),
      hold: absent("no setting changed", now),
      review: absent("nothing differs from the review", now),
      shown: absent("nothing differs from the preview", now),
      permissions: seen(new Map(), now, "the tokens at hand"),
      ledger: seen(EMPTY_LEDGER, now, "the ledger"),
      clock: seen({ ours: now, graphs: now }, now, "the answers of Graph"),
      ...row.seen,
    },
    limits: {
      cloud: row.cloud ?? "global",
      followOnly: row.followOnly ?? false,
      maxDestructive: 5,
      maxDisruptive: 50,
      protected: [],
      canResendSecrets: row.canResendSecrets ?? false,
    },
    now,
    isClockSure,
    graceMs: GRACE,
    goneAfterMs: GONE_AFTER,
    missingSince: typeof row.missedFor === "number" ? now - row.missedFor : null,
    mayWait: row.mayWait ?? true,
    sentNow: new Set(sent),
    isPlaced: row.isPlaced ?? true,
    doubts: new Map(row.doubts ?? []),
    putNow: new Set([escrowed(0).reference]),
  };
}

export const finish = (outcome: string, reason: string) => ({ kind: "finish", verdict: { outcome, reason } });
export const finishStep = (index: number, status: string, reason: string) => ({ kind: "finishStep", step: { index }, status, reason });
export const send = (index: number) => ({ kind: "send", step: { index } });
/** The bypass code has to be read first. */
export const readCode = (index: number) => ({ kind: "look", at: ["bypassCode"], step: { index } });
export const WAIT = { kind: "wait", for: "report" };

/** Records of steps that are done. */
export const ended = (...indexes: number[]) => indexes.map((index) => finished(index));

export const terms = (...acknowledge: RequestTerms["acknowledge"]) => ({ expires: null, ticket: null, acknowledge });
export const reports = (...deviceActionResults: ManagedDevice["deviceActionResults"]) => ({ deviceActionResults });

/** The same device, enrolled again. */
export const ANEW = { enrolledDateTime: "2026-11-20T11:59:00Z" };

/** The first instant after the day on which the request expires. */
export const TOO_LATE = Date.parse("2027-01-01T00:00:00Z");
