import type { AdoptedRecord, FinishedRecord, IntentRecord, RequestRecord, ResultRecord, SettledRecord } from "../domain/ledger-record.ts";
import type { PlanStep } from "../domain/plan.ts";

/** Where one step stands by the ledger alone; each member holds only what is true then. */
export type StepState =
  | { readonly kind: "untouched" }
  | Doubt
  | { readonly kind: "mayBeSentAgain"; readonly intent: IntentRecord; readonly why: string }
  | { readonly kind: "signInRequired"; readonly intent: IntentRecord; readonly why: string }
  | { readonly kind: "approvalRequired"; readonly intent: IntentRecord; readonly approvalRequest: string }
  | { readonly kind: "accepted"; readonly intent: IntentRecord; readonly settled: SettledRecord | null }
  | { readonly kind: "adopted"; readonly record: AdoptedRecord }
  /** A person said how an accepted call ended that the device never reported. */
  | { readonly kind: "judged"; readonly intent: IntentRecord; readonly record: SettledRecord }
  /** A person said that what was taken over never came to anything, or that it did. */
  | { readonly kind: "adoptedJudged"; readonly adopted: AdoptedRecord; readonly record: SettledRecord }
  | { readonly kind: "refused"; readonly intent: IntentRecord; readonly result: ResultRecord }
  | { readonly kind: "finished"; readonly record: FinishedRecord };

interface Doubt {
  readonly kind: "inDoubt";
  readonly intent: IntentRecord;
  readonly result: ResultRecord | null;
  /** The approval that the call carried: it still counts when Graph did not take the call. */
  readonly approvalRequest: string | null;
}

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
      return { kind: "inDoubt", intent: record, result: null, approvalRequest: "approvalRequest" in state ? state.approvalRequest : null };
    case "result":
      return isAbout(state, record) ? afterResult(state, record) : state;
    case "settled":
      return isAbout(state, record) ? afterSettling(state, record) : judge(state, record);
    case "adopted":
      return { kind: "adopted", record };
    case "finished":
      return { kind: "finished", record };
    case "escrowed":
      return state;
  }
}

/** What is known stays known: an answer or a decision counts only for the very attempt that is in doubt. */
function isAbout(state: StepState, record: ResultRecord | SettledRecord): state is Doubt {
  return state.kind === "inDoubt" && state.intent.attempt === record.attempt;
}

function afterResult(doubt: Doubt, result: ResultRecord): StepState {
  const { intent } = doubt;
  switch (result.result) {
    case "accepted":
      return { kind: "accepted", intent, settled: null };
    case "refused":
      return { kind: "refused", intent, result };
    case "notSent":
      return sendAgain(doubt, result.detail);
    case "approvalRequired":
      return { kind: "approvalRequired", intent, approvalRequest: result.approvalRequest ?? "" };
    case "signInRequired":
      return { kind: "signInRequired", intent, why: result.detail };
    case "unknown":
      return { ...doubt, result };
  }
}

function afterSettling(doubt: Doubt, record: SettledRecord): StepState {
  if (record.decision === "taken") return { kind: "accepted", intent: doubt.intent, settled: record };
  return sendAgain(doubt, `settled as not taken by ${record.who}`);
}

/** Nothing was sent for an adopted action: its attempt is 0. */
function judge(state: StepState, record: SettledRecord): StepState {
  if (state.kind === "accepted" && state.intent.attempt === record.attempt) return { kind: "judged", intent: state.intent, record };
  if (state.kind === "adopted" && record.attempt === 0) return { kind: "adoptedJudged", adopted: state.record, record };
  return state;
}

function sendAgain({ intent, approvalRequest }: Doubt, why: string): StepState {
  if (approvalRequest !== null) return { kind: "approvalRequired", intent, approvalRequest };
  return { kind: "mayBeSentAgain", intent, why };
}
