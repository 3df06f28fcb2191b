import type { ManagedDevice } from "../../providers/domain/managed-device.ts";
import { decideNextStep } from "../../providers/engine/decide-next-step.ts";
import type { Decision, Situation } from "../../providers/engine/situation.ts";
import { IPAD } from "./fakes-devices.ts";
import { AT, finished } from "./fakes-records.ts";
import { jobOf, lifecycleRequest, type StepText } from "./fakes-requests.ts";

export const GRACE = 30_000;

/** One case of a table for `decideNextStep`: what differs from a run on the iPad that has time to wait and has sent nothing. */
export interface Row extends Partial<Omit<Situation, "plan" | "device" | "sentNow">> {
  readonly name: string;
  readonly steps: readonly StepText[];
  /** The device as it was planned for; the iPad unless said. */
  readonly device?: ManagedDevice;
  /** What changed of the device since; null when it is gone. */
  readonly since?: Partial<ManagedDevice> | null;
  /** Steps that this run sent. */
  readonly sent?: readonly number[];
  readonly decision: object;
}

export function decide(row: Omit<Row, "name" | "decision">): Decision {
  const { steps, device = IPAD, since = {}, sent = [], ...changes } = row;
  const { plan, terms } = jobOf(lifecycleRequest(steps), device);
  return decideNextStep({
    plan,
    terms,
    records: [],
    device: since === null ? null : { ...device, ...since },
    cloud: "global",
    now: Date.parse(AT),
    followOnly: false,
    graceMs: GRACE,
    mayWait: true,
    sentNow: new Set(sent),
    approval: null,
    canResendSecrets: false,
    codeIsFresh: false,
    ...changes,
  });
}

export const finish = (outcome: string, reason: string) => ({ kind: "finish", verdict: { outcome, reason } });
export const finishStep = (index: number, status: string, reason: string) => ({ kind: "finishStep", step: { index }, status, reason });
export const send = (index: number) => ({ kind: "send", step: { index } });
export const captureCode = (index: number) => ({ kind: "captureCode", step: { index } });
export const WAIT = { kind: "wait", atMostMs: Number.POSITIVE_INFINITY };

/** Records of steps that are done. */
export const ended = (...indexes: number[]) => indexes.map((index) => finished(index));

export const terms = (...acknowledge: Situation["terms"]["acknowledge"]) => ({ expires: null, ticket: null, acknowledge });
export const reports = (...deviceActionResults: ManagedDevice["deviceActionResults"]) => ({ deviceActionResults });

/** The same device, enrolled again. */
export const ANEW = { enrolledDateTime: "2026-11-20T11:59:00Z" };

/** The first instant after the day on which the request expires. */
export const TOO_LATE = Date.parse("2027-01-01T00:00:00Z");
