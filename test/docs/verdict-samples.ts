import { GraphReadError, NotVisibleError, SignInError } from "../../providers/domain/errors.ts";
import type { IntentRecord } from "../../providers/domain/step-record.ts";
import { verdictOfGraph } from "../../providers/engine/decide/verdict.ts";
import type { Verdict } from "../../providers/engine/job.ts";
import { ANDROID, actionResult, MAC } from "../support/fakes-devices.ts";
import { AT, finished, intent, result, sent, settled } from "../support/fakes-records.ts";
import { decide, GRACE, type Row, reports } from "../support/fakes-situation.ts";

type Case = Omit<Row, "name" | "decision">;

const NOW = Date.parse(AT);
const WIPE: Case = { steps: ["wipe"], device: ANDROID };
const LOCK: Partial<IntentRecord> = { action: "remoteLock", destroysData: false };

/** Where a run ends for a request that no rule stopped. */
const CASES: readonly Case[] = [
  { ...WIPE, records: [...sent(0), finished(0)] },
  { ...WIPE, records: sent(0), mayWait: false },
  { ...WIPE, records: [intent(0), result(0, "notSent", { detail: "not sent: Graph answered 429 (Too Many Requests)" })], sent: [0] },
  { ...WIPE, records: sent(0, "unknown"), mayWait: false, sent: [0] },
  { ...WIPE, records: sent(0, "unknown"), now: NOW + 100 * GRACE, mayWait: false },
  { steps: ["remoteLock", "syncDevice"], device: MAC, records: [intent(0, LOCK), result(0, "accepted")], mayWait: false },
  { ...WIPE, records: sent(0, "approvalRequired"), sent: [0] },
  {
    ...WIPE,
    records: sent(0, "approvalRequired"),
    seen: {
      approval: { kind: "unreadable", reason: "GraphNotReadable", why: "Graph did not give the approval: 500; run up again", at: NOW },
    },
  },
  { steps: ["noSuchStep"] },
];

/** Ends of one step, which end the request. */
const STEPS: readonly (readonly [Case, "Refused" | "ApprovalRefused" | "Reported" | "Settled" | "DeviceGone"])[] = [
  [{ ...WIPE, records: [intent(0), result(0, "refused", { detail: "Graph refused it (403): Forbidden" })] }, "Refused"],
  [
    { ...WIPE, records: sent(0, "approvalRequired"), approval: { kind: "refused", detail: "another administrator rejected it" } },
    "ApprovalRefused",
  ],
  [{ ...WIPE, records: sent(0), since: reports(actionResult("wipe", "failed")) }, "Reported"],
  [{ ...WIPE, records: [...sent(0), settled(0, "not-taken")] }, "Settled"],
  [
    { steps: ["resetPasscode"], device: ANDROID, records: [intent(0, { action: "resetPasscode" }), result(0, "accepted")], since: null },
    "DeviceGone",
  ],
];

/** Where Graph, or the login service, did not answer as it should. */
const ERRORS: readonly Error[] = [
  new GraphReadError("Graph did not give the device: 503 (Service Unavailable)"),
  new NotVisibleError(
    "Graph did not give the device: 404 (Not Found): Forbidden; the device may be there, and this identity may not see it",
    { hint: "look for the device in the Intune admin centre, and at the scope tags of the identity's role" },
  ),
  new SignInError("there is no token for Graph", { hint: "./dlr login" }),
];

function verdictIn(found: Case): Verdict {
  const decision = decide(found);
  if (decision.kind === "finish") return decision.verdict;
  throw new Error(`it is not at its end: ${decision.kind}`);
}

function endOf(found: Case, reason: string): Verdict {
  const decision = decide(found);
  if (decision.kind !== "finishStep" || decision.reason !== reason) throw new Error(`no step ends as ${reason}: ${decision.kind}`);
  return { outcome: "failed", reason, message: `${decision.step.action}: ${decision.detail}` };
}

/** One verdict for each way in which a request may stand or end where no rule stops it. */
export const VERDICTS: readonly Verdict[] = [
  ...CASES.map(verdictIn),
  ...STEPS.map(([found, reason]) => endOf(found, reason)),
  ...ERRORS.map(verdictOfGraph),
];
