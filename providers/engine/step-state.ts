import type { AdoptedRecord, FinishedRecord, IntentRecord, RequestRecord, ResultRecord, SettledRecord } from "../domain/ledger-record.ts";
import type { PlanStep } from "../domain/plan.ts";

/** Where one step stands by the ledger alone; each member holds only what is true then. */
export type StepState =
  | { readonly kind: "untouched" }
  | { readonly kind: "inDoubt"; readonly intent: IntentRecord; readonly result: ResultRecord | null }
  | { readonly kind: "mayBeSentAgain"; readonly intent: IntentRecord; readonly why: string }
  | { readonly kind: "approvalRequired"; readonly intent: IntentRecord; readonly approvalRequest: string }
  | { readonly kind: "accepted"; readonly intent: IntentRecord; readonly settled: SettledRecord | null }
  | { readonly kind: "adopted"; readonly record: AdoptedRecord }
  | { readonly kind: "refused"; readonly intent: IntentRecord; readonly result: ResultRecord }
  | { readonly kind: "finished"; readonly record: FinishedRecord };

/** Folds the records of one step, in the order in which they were written, into its state. */
export function stepState(step: Pick<PlanStep, "index">, records: readonly RequestRecord[]): StepState {
  let state: StepState = { kind: "untouched" };
  for (const record of records) {
    if (!("step" in record) || record.step !== step.index) continue;
    state = advance(state, record);
  }
  return state;
}

function advance(state: StepState, record: Extract<RequestRecord, { step: number }>): StepState {
  if (state.kind === "finished") return state;
  switch (record.kind) {
    case "intent":
      return { kind: "inDoubt", intent: record, result: null };
    case "result":
      return "intent" in state ? afterResult(state.intent, record) : state;
    case "settled":
      return "intent" in state ? afterSettling(state.intent, record) : state;
    case "adopted":
      return { kind: "adopted", record };
    case "finished":
      return { kind: "finished", record };
    case "escrowed":
      return state;
  }
}

function afterResult(intent: IntentRecord, result: ResultRecord): StepState {
  switch (result.result) {
    case "accepted":
      return { kind: "accepted", intent, settled: null };
    case "refused":
      return { kind: "refused", intent, result };
    case "notSent":
      return { kind: "mayBeSentAgain", intent, why: result.detail };
    case "approvalRequired":
      return { kind: "approvalRequired", intent, approvalRequest: result.approvalRequest ?? "" };
    case "unknown":
      return { kind: "inDoubt", intent, result };
  }
}

function afterSettling(intent: IntentRecord, record: SettledRecord): StepState {
  if (record.decision === "taken") return { kind: "accepted", intent, settled: record };
  return { kind: "mayBeSentAgain", intent, why: `settled as not taken by ${record.who}` };
}
