import { printable } from "../../providers/domain/diagnostic.ts";
import { lastOutcome, type RequestRecord } from "../../providers/domain/ledger-record.ts";
import { describeStep } from "../../providers/domain/plan.ts";
import { stepName } from "../support/render-records.ts";
import type { Doubt } from "./find-doubt.ts";

/** Everything that the ledger knows of a doubtful step, for the person who decides. */
export function renderEvidence(key: string, { plan, intent, result }: Doubt, records: readonly RequestRecord[]): string {
  const step = plan.steps[intent.step];
  const outcome = lastOutcome(records);
  const lines = [
    `${key}, step ${intent.step + 1}: ${step === undefined ? intent.action : describeStep(step)}${intent.destroysData ? ", DESTROYS DATA" : ""}`,
    `  device       serial ${intent.device.serialNumber ?? "unknown"}, id ${intent.device.id}, enrolled ${intent.device.enrolledDateTime ?? "unknown"}`,
    `  about to be  ${intent.at}, attempt ${intent.attempt}, client-request-id ${intent.clientRequestId}`,
    `  sent         ${result === null ? "nothing is on record: the run ended before an answer" : `${result.at}: ${result.detail}${requestId(result.requestId)}`}`,
    `  before it    management state ${intent.managementState ?? "unknown"}; the device reported ${intent.snapshot.length === 0 ? "no actions" : "(times are Graph's):"}`,
    ...intent.snapshot.map(
      (one) =>
        `                 ${one.actionName} ${one.actionState}, started ${one.startDateTime ?? "unknown"}, updated ${one.lastUpdatedDateTime ?? "unknown"}`,
    ),
    ...(outcome === undefined ? [] : [`  looked at    ${outcome.at}: ${outcome.message}`]),
    ...laterSteps(plan.steps.length, intent.step, (index) => stepName(index, plan)),
  ];
  return lines.map(printable).join("\n");
}

function requestId(id: string | null): string {
  return id === null ? "" : ` (request-id ${id})`;
}

function laterSteps(count: number, doubtful: number, name: (index: number) => string): readonly string[] {
  const later = Array.from({ length: count - doubtful - 1 }, (_, index) => name(doubtful + 1 + index));
  return later.length === 0 ? [] : [`  still to do  ${later.join(", ")}`];
}
