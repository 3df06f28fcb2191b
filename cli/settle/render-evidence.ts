import { destroysData, findRemoteAction } from "../../providers/domain/actions/action-table.ts";
import { secretMadeOn } from "../../providers/domain/actions/result-secret.ts";
import { printable } from "../../providers/domain/diagnostic.ts";
import { describeStep } from "../../providers/domain/plan.ts";
import type { BegunRecord, OutcomeRecord, RequestRecord } from "../../providers/domain/request-record.ts";
import { secretOf } from "../../providers/domain/secret-kinds.ts";
import type { AdoptedRecord, IntentRecord, ResultRecord, ResultSnapshot } from "../../providers/domain/step-record.ts";
import { historyOf } from "../../providers/engine/history.ts";
import { type Doubt, deviceOf } from "./find-doubt.ts";

/** Everything that the ledger knows of a doubtful step, for the person who decides. */
export function renderEvidence(key: string, doubt: Doubt, records: readonly RequestRecord[]): string {
  const { step, state } = doubt;
  const device = deviceOf(doubt);
  const lines = [
    `${key}, step ${step.index + 1}: ${describeStep(step)}${destroysData(step.action) ? ", DESTROYS DATA" : ""}`,
    `  device       serial ${device.serialNumber ?? "unknown"}, id ${device.id}, enrolled ${device.enrolledDateTime ?? "unknown"}`,
    ...(state.kind === "adopted" ? renderAdopted(state.record) : renderIntent(state.intent, answerTo(state.intent, records))),
    ...renderLook(historyOf(records).lastOutcome),
    ...renderSecret(step.action, historyOf(records).begun),
    ...laterSteps(step.index, records),
  ];
  return lines.map(printable).join("\n");
}

function renderAdopted({ at, result }: AdoptedRecord): readonly string[] {
  return [
    `  found        ${at}: started elsewhere and under way already, so nothing was sent; the device reported`,
    ...renderResults([result]),
  ];
}

function renderIntent(intent: IntentRecord, result: ResultRecord | undefined): readonly string[] {
  const state = `management state ${intent.managementState ?? "unknown"}`;
  return [
    `  about to be  ${intent.at}, attempt ${intent.attempt}, client-request-id ${intent.clientRequestId}`,
    `  sent         ${result === undefined ? "nothing is on record: the run ended before an answer" : `${result.at}: ${result.detail}${requestId(result.requestId)}`}`,
    `  before it    ${state}; the device reported ${intent.snapshot.length === 0 ? "no actions" : "(times are Graph's):"}`,
    ...renderResults(intent.snapshot),
  ];
}

function answerTo(intent: IntentRecord, records: readonly RequestRecord[]): ResultRecord | undefined {
  return records.findLast(
    (record): record is ResultRecord => record.kind === "result" && record.step === intent.step && record.attempt === intent.attempt,
  );
}

function renderResults(results: readonly ResultSnapshot[]): readonly string[] {
  return results.map(
    (one) =>
      `                 ${one.actionName} ${one.actionState}, started ${one.startDateTime ?? "unknown"}, updated ${one.lastUpdatedDateTime ?? "unknown"}`,
  );
}

/** What the run saw that gave up. */
function renderLook(outcome: OutcomeRecord | null): readonly string[] {
  if (outcome === null) return [];
  const said = `  looked at    ${outcome.at}: ${outcome.outcome}: ${outcome.message}`;
  if (outcome.seen === undefined) return [said];
  if (outcome.seen === null) return [said, "  then         Graph did not know the device any more"];
  const { managementState, results } = outcome.seen;
  const reported = results.length === 0 ? "no actions" : "(times are Graph's):";
  return [
    said,
    `  then         management state ${managementState ?? "unknown"}; the device reported ${reported}`,
    ...renderResults(results),
  ];
}

/** Once it is settled nobody waits for the report that carries the secret. */
function renderSecret(name: string, begun: BegunRecord | null): readonly string[] {
  const action = findRemoteAction(name);
  const secret = action === undefined || begun === null ? null : secretMadeOn(action, begun.device);
  if (secret === null) return [];
  const word = secretOf(secret.kind).word;
  return [
    `  secret       it makes a ${word}, which is not in escrow: look in Intune, which shows it for at most ${secret.shownDays} days, and keep it before you settle this`,
  ];
}

function requestId(id: string | null): string {
  return id === null ? "" : ` (request-id ${id})`;
}

function laterSteps(doubtful: number, records: readonly RequestRecord[]): readonly string[] {
  const later = (historyOf(records).begun?.plan.steps ?? []).filter((step) => step.index > doubtful).map((step) => step.action);
  return later.length === 0 ? [] : [`  still to do  ${later.join(", ")}`];
}
