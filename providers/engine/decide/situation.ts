import { findRemoteAction } from "../../domain/actions/action-table.ts";
import type { ManagedDevice } from "../../domain/managed-device.ts";
import type { Observation } from "../../domain/observation.ts";
import type { PlanStep } from "../../domain/plan.ts";
import type { RequestHistory } from "../../domain/request-history.ts";
import { RULES } from "../../rules/all-rules.ts";
import { comingOfOne } from "../../rules/ledger-rules.ts";
import { type Answer, askRules, type Moment, type RuleFacts, type RunLimits } from "../../rules/rule.ts";
import { stepOf } from "../history.ts";
import type { Job } from "../job.ts";
import type { OurTime } from "../our-time.ts";
import { maySend } from "./step-state.ts";

/**
 * What one run remembers of a doubt: when it first looked at the device for it, in milliseconds,
 * and how often it has looked since.
 */
export interface DoubtWatch {
  readonly since: number;
  readonly looks: number;
}

/** Everything that the next step depends on, as data. */
export interface Situation extends OurTime {
  /** The request; once it is begun, with the plan that the ledger froze. */
  readonly job: Job;
  readonly history: RequestHistory;
  readonly seen: Observation;
  readonly limits: RunLimits;
  readonly graceMs: number;
  readonly goneAfterMs: number;
  /**
   * Since when Graph does not know the device, in this run and those before it; milliseconds since
   * the epoch, or null.
   */
  readonly missingSince: number | null;
  /** The run may still wait for pending actions. */
  readonly mayWait: boolean;
  /** Steps that this run sent: none is sent twice in one run. */
  readonly sentNow: ReadonlySet<number>;
  /** A place under the rate limit is taken, and the device was looked at since. */
  readonly isPlaced: boolean;
  /** What this run has seen of steps in doubt, by the step's index. */
  readonly doubts: ReadonlyMap<number, DoubtWatch>;
  /** References that this run itself put into escrow, and read back. */
  readonly putNow: ReadonlySet<string>;
}

/**
 * A situation whose device was looked at: null where Graph says that it does not know it, which
 * `proveGone` has to prove.
 */
export interface DeviceSituation extends Situation {
  readonly device: ManagedDevice | null;
}

/** What the rules are asked about for one step. */
export function ruleFactsOf(situation: DeviceSituation, step: PlanStep, changes: Partial<RuleFacts> = {}): RuleFacts {
  const { job, history, limits, now, seen, device } = situation;
  const { plan, name, repeats, terms } = job;
  const left = plan.steps.filter((one) => one.index >= step.index && (one === step || maySend(stepOf(history, one), one)));
  return {
    request: { name, repeats, terms },
    plan,
    isBegun: history.begun !== null,
    steps: left,
    sent: new Set(history.inForce.flatMap((record) => (record.kind === "intent" ? [record.step] : []))),
    calls: [],
    isGuarded: false,
    hasEscrowedCode: history.escrowed.activationLockBypassCode !== undefined,
    device,
    run: limits,
    coming: comingOfOne([]),
    now,
    lookAgeMs: null,
    isPaused: false,
    seen,
    ...changes,
  };
}

/** Asks every rule of the moment; `changes` replaces facts that hold for this question only. */
export function ask(situation: DeviceSituation, moment: Moment, step: PlanStep, changes: Partial<RuleFacts> = {}): Answer {
  return askRules(RULES, moment, ruleFactsOf(situation, step, changes));
}

/** Names of the steps that are calls of Graph's. */
export function callsOf(steps: readonly PlanStep[]): readonly string[] {
  return steps.map(({ action }) => action).filter((action) => findRemoteAction(action) !== undefined);
}
