import { destroysData, ESCROW_STEP, WAIT_STEP } from "../../domain/actions/action-table.ts";
import { assertNever } from "../../domain/assert-never.ts";
import { DAY_MS } from "../../domain/day.ts";
import type { Look } from "../../domain/observation.ts";
import type { PlanStep } from "../../domain/plan.ts";
import { expiryInstant } from "../../domain/request.ts";
import type { StepState } from "../../domain/request-history.ts";
import type { RequestRecord } from "../../domain/request-record.ts";
import { brakeRule, changedSettingsRule, expiryRule, followOnlyRule, permissionRule } from "../../rules/run-rules.ts";
import { historyOf, stepOf } from "../history.ts";
import type { Verdict } from "../job.ts";
import { decideNextStep } from "./decide-next-step.ts";
import type { Decision } from "./decision.ts";
import type { Situation } from "./situation.ts";
import { maySend } from "./step-state.ts";
import { openSteps } from "./wait-for-report.ts";

/**
 * The first thing that the next `up` does for a request which somebody could see: a step on the
 * device, waiting for the device, or an end. `text` is the first line of its card.
 */
export type FirstAct =
  | { readonly kind: "acts"; readonly how: "sends" | "escrows" | "takesOver"; readonly step: PlanStep; readonly text: string }
  | { readonly kind: "follows"; readonly text: string }
  | { readonly kind: "ends"; readonly verdict: Verdict; readonly text: string };

/**
 * Decides as `up` does, on what a preview may see, and goes on over steps that are closed on the
 * way. The bypass code is never read for it: that a code is missing is found out by `up`. Gives
 * what has to be looked at first, where something has.
 */
export function firstActOf(situation: Situation): FirstAct | { readonly kind: "look"; readonly at: readonly Look[] } {
  const decision = decideNextStep(situation);
  switch (decision.kind) {
    case "look":
      if (decision.step === null || !decision.at.includes("bypassCode")) return { kind: "look", at: decision.at };
      return acts(situation, decision.step, decision.step.action === ESCROW_STEP ? "escrows" : "sends");
    case "escrow":
      return acts(situation, decision.step, decision.step.action === ESCROW_STEP ? "escrows" : "sends");
    case "place":
    case "send":
      return acts(situation, decision.step, "sends");
    case "adopt":
      return {
        kind: "acts",
        how: "takesOver",
        step: decision.step,
        text: `takes over: ${decision.step.action} is under way, started elsewhere`,
      };
    case "wait":
      return { kind: "follows", text: followText(situation, decision) };
    case "finish":
      return ends(situation, decision);
    case "finishStep":
    case "resolveDoubt":
      return firstActOf(afterwards(situation, decision));
    default:
      return assertNever(decision);
  }
}

/** As `up` finds it then: what the step made is in escrow, and on its way no more. */
function afterwards(situation: Situation, decision: Extract<Decision, { kind: "finishStep" | "resolveDoubt" }>): Situation {
  const history = historyOf([...situation.history.records, recordOf(situation, decision)]);
  const { ledger } = situation.seen;
  const isOwn = ledger?.kind === "seen" && ledger.value.secretOnItsWay?.key === situation.job.plan.key;
  if (decision.kind !== "finishStep" || !isOwn) return { ...situation, history };
  return { ...situation, history, seen: { ...situation.seen, ledger: { ...ledger, value: { ...ledger.value, secretOnItsWay: null } } } };
}

/** What `up` would write for the decision, before it decides again. */
function recordOf({ job, now }: Situation, decision: Extract<Decision, { kind: "finishStep" | "resolveDoubt" }>): RequestRecord {
  const common = { key: job.plan.key, at: new Date(now).toISOString(), detail: decision.detail };
  if (decision.kind === "finishStep") {
    const { step, status, reason } = decision;
    return { ...common, kind: "finished", step: step.index, status, reason };
  }
  const { step, attempt } = decision.intent;
  return { ...common, kind: "result", step, attempt, result: "accepted", requestId: null };
}

function acts(situation: Situation, step: PlanStep, how: "sends" | "escrows"): FirstAct {
  return { kind: "acts", how, step, text: actText(situation, step) };
}

/** Names a step that destroys data first, also where other steps come before it. */
function actText({ job, history }: Situation, step: PlanStep): string {
  const left = job.plan.steps.filter((one) => one.index >= step.index && maySend(stepOf(history, one), one));
  const destroying = left.find(({ action }) => destroysData(action));
  const why = again(stepOf(history, step));
  if (destroying === step && why !== null) return `${why.again ? `${verbOf(step).toLowerCase()} again` : verbOf(step)}: ${why.text}`;
  const list = left.map(stepText).join(", then ");
  if (destroying === undefined) return list;
  return left.length === 1 ? verbOf(destroying) : `${verbOf(destroying)}: first ${list}`;
}

/** Why the step is sent although a call was about to be sent for it before. */
function again(state: StepState): { readonly again: boolean; readonly text: string } | null {
  switch (state.kind) {
    case "mayBeSentAgain":
      return state.settled === null
        ? { again: false, text: "Graph did not take it before" }
        : { again: true, text: "settled as not taken" };
    case "approvalRequired":
      return { again: false, text: `approval ${state.approvalRequest} is used, where it was given` };
    case "adoptedJudged":
      return { again: true, text: "what somebody else had started came to nothing, as settled" };
    default:
      return null;
  }
}

function verbOf({ action }: PlanStep): string {
  return VERBS[action] ?? `ERASES (${action})`;
}

const VERBS: Readonly<Record<string, string>> = { wipe: "WIPES", retire: "RETIRES", delete: "DELETES", deprovision: "DEPROVISIONS" };

function stepText({ action }: PlanStep): string {
  if (action === ESCROW_STEP) return "escrows the bypass code";
  return action === WAIT_STEP ? "waits for the device's report" : `sends ${action}`;
}

function followText(situation: Situation, decision: Extract<Decision, { kind: "wait" }>): string {
  if (decision.for === "gone")
    return "follows: Graph says that it does not know the device, and that has to last before the device counts as gone";
  if (decision.for === "doubt") return "follows: an answer of Graph was lost, and the device is looked at again";
  return `follows: Graph took ${openSteps(situation) || "it"}, and the device has not reported yet`;
}

function ends(situation: Situation, { verdict, rule }: Extract<Decision, { kind: "finish" }>): FirstAct {
  return { kind: "ends", verdict, text: endText(situation, verdict, rule?.id ?? null) };
}

/** Words for rules that people meet often; the others say what they found. */
function endText(situation: Situation, verdict: Verdict, rule: string | null): string {
  const { brake } = situation.seen;
  switch (rule) {
    case expiryRule.id:
      return `will not run: expired ${expiredFor(situation)}`;
    case brakeRule.id:
      return `held: brake set: ${brake?.kind === "seen" ? brake.value : verdict.message}`;
    case changedSettingsRule.id:
      return "held: settings changed";
    case followOnlyRule.id:
      return "held: followOnly is set";
    case permissionRule.id:
      return `waits: ${verdict.message}`;
    default:
      return `${OUTCOME_WORDS[verdict.outcome]}: ${verdict.outcome === "succeeded" ? "finished" : verdict.message}`;
  }
}

const OUTCOME_WORDS: Readonly<Record<Verdict["outcome"], string>> = {
  succeeded: "nothing",
  pending: "held",
  awaitingApproval: "waits",
  awaitingSignIn: "waits",
  failed: "will not run",
  expired: "will not run",
  ambiguous: "nothing until it is settled",
};

function expiredFor({ job, now }: Situation): string {
  const days = Math.floor((now - (expiryInstant(job.terms.expires) ?? now)) / DAY_MS) + 1;
  return days === 1 ? "yesterday" : `${days} days ago`;
}
