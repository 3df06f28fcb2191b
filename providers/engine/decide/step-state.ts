import { isRepeatable } from "../../domain/actions/action-table.ts";
import type { PlanStep } from "../../domain/plan.ts";
import type { StepInDoubt, StepState } from "../../domain/request-history.ts";
import type { RequestRecord } from "../../domain/request-record.ts";
import type { ResultRecord, SettledRecord } from "../../domain/step-record.ts";

/** Folds records into the state of each step that they tell of, by the step's index. */
export function stepStates(records: readonly RequestRecord[]): ReadonlyMap<number, StepState> {
  const states = new Map<number, StepState>();
  for (const record of records) {
    if ("step" in record) states.set(record.step, advance(states.get(record.step) ?? UNTOUCHED, record));
  }
  return states;
}

/** A step that no record names. */
export const UNTOUCHED: StepState = { kind: "untouched" };

/** True where a later run may send the step, by the ledger alone. */
export function maySend(state: StepState, { action }: Pick<PlanStep, "action">): boolean {
  switch (state.kind) {
    case "untouched":
    case "mayBeSentAgain":
    case "signInRequired":
    case "approvalRequired":
      return true;
    case "inDoubt":
      return isRepeatable(action);
    case "adoptedJudged":
      return state.record.decision === "not-taken";
    case "accepted":
    case "adopted":
    case "judged":
    case "refused":
    case "finished":
      return false;
  }
}

/** True where what was sent, or what was taken over, may still take effect on the device. */
export function mayTakeEffect(state: StepState): boolean {
  switch (state.kind) {
    case "inDoubt":
    case "accepted":
    case "adopted":
    case "approvalRequired":
      return true;
    case "untouched":
    case "mayBeSentAgain":
    case "signInRequired":
    case "judged":
    case "adoptedJudged":
    case "refused":
    case "finished":
      return false;
  }
}

/**
 * True where Graph has it, by our call or by somebody else's, and the device has not said how it
 * ended.
 */
export function isWithGraph(state: StepState): boolean {
  return state.kind === "accepted" || state.kind === "adopted";
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

/**
 * True where an answer or a decision is for the very attempt that is in doubt; one for an older
 * attempt changes nothing.
 */
function isAbout(state: StepState, record: ResultRecord | SettledRecord): state is StepInDoubt {
  return state.kind === "inDoubt" && state.intent.attempt === record.attempt;
}

function afterResult(doubt: StepInDoubt, result: ResultRecord): StepState {
  const { intent } = doubt;
  switch (result.result) {
    case "accepted":
      return { kind: "accepted", intent, settled: null };
    case "refused":
      return { kind: "refused", intent, result };
    case "notSent":
      return sendAgain(doubt, result.detail, null);
    case "approvalRequired":
      return { kind: "approvalRequired", intent, approvalRequest: result.approvalRequest ?? "", notTaken: null };
    case "signInRequired":
      return { kind: "signInRequired", intent, why: result.detail };
    case "unknown":
      return { ...doubt, result };
  }
}

function afterSettling(doubt: StepInDoubt, record: SettledRecord): StepState {
  if (record.decision === "taken") return { kind: "accepted", intent: doubt.intent, settled: record };
  return sendAgain(doubt, `settled as not taken by ${record.who}`, record);
}

/** Nothing was sent for an adopted action: its attempt is 0. */
function judge(state: StepState, record: SettledRecord): StepState {
  if (state.kind === "accepted" && state.intent.attempt === record.attempt) return { kind: "judged", intent: state.intent, record };
  if (state.kind === "adopted" && record.attempt === 0) return { kind: "adoptedJudged", adopted: state.record, record };
  return state;
}

function sendAgain({ intent, approvalRequest }: StepInDoubt, why: string, settled: SettledRecord | null): StepState {
  if (approvalRequest !== null) return { kind: "approvalRequired", intent, approvalRequest, notTaken: why };
  return { kind: "mayBeSentAgain", intent, why, settled };
}
