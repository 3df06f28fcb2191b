import { destroysData } from "../domain/action-table.ts";
import { assertNever } from "../domain/assert-never.ts";
import { begunRecord, lastOutcome, type OutcomeRecord, type RequestRecord, recordsInForce } from "../domain/ledger-record.ts";
import { deviceFacts, type ManagedDevice } from "../domain/managed-device.ts";
import { deviceReference, type PlanStep, planDifferences } from "../domain/plan.ts";
import type { ApprovalState, Ports } from "../domain/ports.ts";
import { decideNextStep } from "./decide-next-step.ts";
import { isEnded } from "./is-ended.ts";
import type { Job, Report, RunSettings, Verdict } from "./job.ts";
import { snapshotOf, withoutSecret } from "./match-result.ts";
import { refuseBeforeBegin, refuseByBrake, refuseByHold, refuseByPermission, refuseDestroying } from "./refusal.ts";
import { rememberedDevice, reportOf } from "./report.ts";
import { captureCode, finishStep, now, sendStep } from "./run-step.ts";
import type { Decision, Situation } from "./situation.ts";
import { stepState } from "./step-state.ts";
import { verdictOf, verdictOfGraph } from "./verdict.ts";

/**
 * The one way in which anything is done to a device: observe, decide, act, confirm, until there is nothing to do now.
 * Returns for every outcome; throws only when a store or our own code breaks, and then the ledger holds what was done.
 */
export async function reconcile(job: Job, ports: Ports, settings: RunSettings): Promise<Report> {
  const records = await ports.ledger.recordsOf(job.plan.key);
  const frozen = { ...job, plan: begunRecord(records)?.plan ?? job.plan };
  const last = lastOutcome(records);
  if (last !== undefined && isEnded(records, job.edition)) return reportOf(frozen.plan, records, verdictOf(last), last.device);
  const report = await ports.ledger.withDevice(frozen.plan.device.id, () => new Run(frozen, ports, settings).toEnd());
  return report ?? reconcile(job, ports, settings);
}

/** What one call of `reconcile` knows beyond the ledger. */
class Run {
  readonly #job: Job;
  readonly #ports: Ports;
  readonly #settings: RunSettings;
  readonly #sentNow = new Set<number>();
  /** Undefined: observe before the next decision. */
  #device: ManagedDevice | null | undefined;
  #lastSeen: ManagedDevice | null = null;
  #codeIsFresh = false;
  #approvalState: ApprovalState | undefined;
  readonly #put = new Set<string>();
  #waits = 0;

  constructor(job: Job, ports: Ports, settings: RunSettings) {
    this.#job = job;
    this.#ports = ports;
    this.#settings = settings;
  }

  /** Null when another run began the request in another form before we held the device. */
  async toEnd(): Promise<Report | null> {
    if (this.#isOvertaken(await this.#records())) return null;
    for (;;) {
      const verdict = await this.#next().catch(verdictOfGraph);
      if (verdict !== null) return this.#conclude(verdict);
    }
  }

  async #next(): Promise<Verdict | null> {
    const records = await this.#records();
    const device = await this.#observe();
    const situation = this.#situation(records, device, await this.#approval(records));
    return this.#perform(decideNextStep(situation), records, device);
  }

  #isOvertaken(records: readonly RequestRecord[]): boolean {
    const frozen = begunRecord(records)?.plan ?? this.#job.plan;
    const { plan } = this.#job;
    return planDifferences(frozen, plan).length > 0 || frozen.device.enrolledDateTime !== plan.device.enrolledDateTime;
  }

  async #records(): Promise<readonly RequestRecord[]> {
    return this.#ports.ledger.recordsOf(this.#job.plan.key);
  }

  async #observe(): Promise<ManagedDevice | null> {
    if (this.#device === undefined) this.#device = await this.#ports.directory.observe(deviceReference(this.#job.plan));
    if (this.#device !== null) this.#lastSeen = this.#device;
    return this.#device;
  }

  #situation(records: readonly RequestRecord[], device: ManagedDevice | null, approval: ApprovalState | null): Situation {
    const { plan, terms } = this.#job;
    const { cloud, followOnly, graceMs, clock } = this.#settings;
    return {
      plan,
      terms,
      records: recordsInForce(records),
      device,
      cloud,
      now: this.#ports.clock.now(),
      followOnly,
      graceMs,
      mayWait: clock.timeLeft() > 0,
      sentNow: this.#sentNow,
      approval,
      canResendSecrets: this.#ports.escrow.readBack !== null,
      codeIsFresh: this.#codeIsFresh,
    };
  }

  /** Asked once a run: what this run itself sent is not approved within it. */
  async #approval(records: readonly RequestRecord[]): Promise<ApprovalState | null> {
    const inForce = recordsInForce(records);
    const waiting = this.#job.plan.steps.find(
      (step) => !this.#sentNow.has(step.index) && stepState(step, inForce).kind === "approvalRequired",
    );
    const state = waiting === undefined ? null : stepState(waiting, inForce);
    if (state?.kind !== "approvalRequired") return null;
    this.#approvalState ??= await this.#ports.actions.approval(state.approvalRequest);
    return this.#approvalState;
  }

  /** Null: decide again. */
  async #perform(decision: Decision, records: readonly RequestRecord[], device: ManagedDevice | null): Promise<Verdict | null> {
    switch (decision.kind) {
      case "finish":
        return decision.verdict;
      case "wait":
        return this.#wait(decision.atMostMs);
      case "captureCode":
        return this.#captureCode(decision.step, records, present(device));
      case "send":
        return this.#send(decision, records, present(device));
      case "adopt":
        return this.#adopt(decision, records, present(device));
      case "resolveDoubt": {
        const { key, step, attempt } = decision.intent;
        await this.#ports.ledger.append({
          kind: "result",
          key,
          at: now(this.#ports),
          step,
          attempt,
          result: "accepted",
          requestId: null,
          detail: decision.detail,
        });
        return null;
      }
      case "finishStep":
        return this.#finishStep(decision, records, device);
      default:
        return assertNever(decision);
    }
  }

  /** Nothing is sent, but what may not be done may not be had by way of somebody else either. */
  async #adopt(
    decision: Extract<Decision, { kind: "adopt" }>,
    records: readonly RequestRecord[],
    device: ManagedDevice,
  ): Promise<Verdict | null> {
    const refusal = (await refuseBeforeBegin(this.#job, this.#ports, records)) ?? (await this.#refuseDestroying(device));
    if (refusal !== null) return refusal;
    await this.#begin(records, device);
    await this.#ports.ledger.append({
      kind: "adopted",
      key: this.#job.plan.key,
      at: now(this.#ports),
      step: decision.step.index,
      action: decision.step.action,
      destroysData: destroysData(decision.step.action),
      device: this.#job.plan.device,
      result: withoutSecret(decision.result),
      snapshot: snapshotOf(device, decision.result),
    });
    return null;
  }

  async #finishStep(
    decision: Extract<Decision, { kind: "finishStep" }>,
    records: readonly RequestRecord[],
    device: ManagedDevice | null,
  ): Promise<Verdict | null> {
    const bringsSecret = decision.result?.secret !== undefined;
    const refusal =
      (await refuseBeforeBegin(this.#job, this.#ports, records)) ?? (bringsSecret ? await refuseByHold(this.#settings) : null);
    if (refusal !== null) return refusal;
    if (device !== null) await this.#begin(records, device);
    await finishStep(this.#job, this.#ports, decision.step, device, decision);
    return null;
  }

  async #captureCode(step: PlanStep, records: readonly RequestRecord[], device: ManagedDevice): Promise<Verdict | null> {
    const refusal =
      (await refuseByBrake(this.#ports)) ??
      (await refuseBeforeBegin(this.#job, this.#ports, records)) ??
      (await this.#refuseDestroying(device));
    if (refusal !== null) return refusal;
    const verdict = await captureCode(this.#job, this.#ports, step, device, records, {
      begin: () => this.#begin(records, device),
      put: this.#put,
    });
    this.#codeIsFresh = verdict === null;
    return verdict;
  }

  async #send(
    decision: Extract<Decision, { kind: "send" }>,
    records: readonly RequestRecord[],
    device: ManagedDevice,
  ): Promise<Verdict | null> {
    const { step, action, approvalRequest } = decision;
    const refusal =
      (await refuseByBrake(this.#ports)) ??
      (await refuseBeforeBegin(this.#job, this.#ports, records)) ??
      (await refuseByPermission(this.#ports, action)) ??
      (await this.#refuseDestroying(device));
    if (refusal !== null) return refusal;
    await this.#begin(records, device);
    const attempt = records.filter((record) => record.kind === "intent" && record.step === step.index).length + 1;
    this.#settings.clock.start();
    this.#sentNow.add(step.index);
    this.#codeIsFresh = false;
    const objection = await sendStep(this.#job, this.#ports, this.#settings, {
      step,
      action,
      device,
      attempt,
      approvalRequest,
      put: this.#put,
    });
    this.#device = undefined;
    return objection;
  }

  #refuseDestroying(device: ManagedDevice): Promise<Verdict | null> {
    return refuseDestroying(this.#job, this.#ports, this.#settings, device);
  }

  /** The plan is frozen before the first thing is done. */
  async #begin(records: readonly RequestRecord[], device: ManagedDevice): Promise<void> {
    if (begunRecord(records) !== undefined) return;
    await this.#ports.ledger.append({
      kind: "begun",
      key: this.#job.plan.key,
      at: now(this.#ports),
      plan: this.#job.plan,
      device: deviceFacts(device),
    });
  }

  async #wait(atMostMs: number): Promise<null> {
    this.#settings.clock.start();
    const now = this.#ports.clock.now();
    const interval = pollInterval(this.#waits++);
    // Polls of all requests fall on the same instants, so that they share their reads.
    const untilTick = interval - (now % interval);
    await this.#ports.clock.sleep(Math.min(untilTick, atMostMs, this.#settings.clock.timeLeft()));
    this.#device = undefined;
    this.#codeIsFresh = false;
    return null;
  }

  async #conclude(verdict: Verdict): Promise<Report> {
    const { plan, edition } = this.#job;
    const records = await this.#records();
    const device = this.#lastSeen === null ? rememberedDevice(plan, records) : deviceFacts(this.#lastSeen);
    const last = lastOutcome(recordsInForce(records));
    const isNews = last === undefined || last.outcome !== verdict.outcome || last.message !== verdict.message || last.edition !== edition;
    if (isNews) {
      const outcome: OutcomeRecord = {
        kind: "outcome",
        key: plan.key,
        at: now(this.#ports),
        ...verdict,
        device,
        conditions: [],
        ...this.#evidence(verdict),
        edition,
      };
      const { conditions } = reportOf(plan, [...records, outcome], verdict, device);
      await this.#ports.ledger.append({ ...outcome, conditions });
    }
    return reportOf(plan, await this.#records(), verdict, device);
  }

  #evidence({ outcome }: Verdict): Pick<OutcomeRecord, "seen"> {
    if (outcome !== "ambiguous" || this.#device === undefined) return {};
    const device = this.#device;
    return { seen: device === null ? null : { results: snapshotOf(device), managementState: device.managementState } };
  }
}

/** 0.25 s doubling to 15 s: quick for what is quick, and a few calls a minute for what takes long. */
function pollInterval(waits: number): number {
  return Math.min(250 * 2 ** waits, 15_000);
}

function present(device: ManagedDevice | null): ManagedDevice {
  if (device === null) throw new Error("a step was decided for a device that is not there");
  return device;
}
