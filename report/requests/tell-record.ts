import { assertNever } from "../../providers/domain/assert-never.ts";
import { describeStep, type Plan } from "../../providers/domain/plan.ts";
import type { RequestRecord, Why } from "../../providers/domain/request-record.ts";
import type { IntentRecord } from "../../providers/domain/step-record.ts";

/** What a request's record says of its why, besides the reason: name and fact, the known ones. */
export function factsOf({ ticket, source, commit, pullRequest, ciRun, who }: Why): readonly (readonly [name: string, fact: string])[] {
  const facts = [
    ["ticket", ticket],
    ["source", source],
    ["commit", commit],
    ["pull request", pullRequest],
    ["run", ciRun],
    ["by", who],
  ] as const;
  return facts.flatMap(([name, fact]) => (fact === null ? [] : [[name, fact] as const]));
}

/** One record in words, without its time. */
export function tellRecord(record: RequestRecord, plan: Plan | undefined): string {
  const at = "step" in record ? `step ${record.step + 1} ${stepName(record.step, plan)}` : "";
  switch (record.kind) {
    case "begun":
      return `begun: ${record.plan.steps.map(describeStep).join(", ")}`;
    case "edited":
      return `edited: ${[record.why.reason, ...factsOf(record.why).map((fact) => fact.join(" "))].join("; ")}`;
    case "repeated":
      return `begun anew: ${record.reason}`;
    case "adopted":
      return `${at}: was under way already, started elsewhere (${record.result.actionState}); nothing was sent`;
    case "intent":
      return `${at}: about to send, attempt ${record.attempt}, client-request-id ${record.clientRequestId}${destroys(record)}`;
    case "result":
      return `${at}: ${RESULTS[record.result]}; ${record.detail}${record.requestId === null ? "" : ` (request-id ${record.requestId})`}`;
    case "escrowed":
      return `${at}: ${record.secret} escrowed as ${record.reference}`;
    case "finished":
      return `${at}: ${record.status} (${record.reason}): ${record.detail}`;
    case "settled":
      return `${at}: settled as ${record.decision} by ${record.who}: ${record.why}`;
    case "outcome":
      return `outcome ${record.outcome} (${record.reason}): ${record.message}`;
    default:
      return assertNever(record);
  }
}

const RESULTS = {
  accepted: "accepted by Graph",
  refused: "refused by Graph",
  notSent: "not taken by Graph, may be sent again",
  approvalRequired: "waits for another administrator",
  signInRequired: "refused to this identity, may be sent by another",
  unknown: "no answer: nobody can tell whether Graph took it",
} as const;

function destroys(record: IntentRecord): string {
  return record.destroysData ? ", DESTROYS DATA" : "";
}

function stepName(index: number, plan: Plan | undefined): string {
  return plan?.steps[index]?.action ?? "";
}
