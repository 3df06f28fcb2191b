import { findRemoteAction, type RemoteAction } from "../domain/action-table.ts";
import { assertNever } from "../domain/assert-never.ts";
import { begunRecord, lastOutcome, type RequestRecord, recordsInForce } from "../domain/ledger-record.ts";
import { deviceFacts, type ManagedDevice } from "../domain/managed-device.ts";
import { deviceReference, type PlanStep } from "../domain/plan.ts";
import type { Ports } from "../domain/ports.ts";
import { decideNextStep } from "./decide-next-step.ts";
import { isEnded } from "./is-ended.ts";
import type { Job, Report, RunSettings, Verdict } from "./job.ts";
import { snapshotOf, withoutSecret } from "./match-result.ts";
import { rememberedDevice, reportOf } from "./report.ts";
import { captureCode, finishStep, now, sendStep } from "./run-step.ts";
import type { Decision } from "./situation.ts";

/**
 * The one way in which anything is done to a device: observe, decide, act, confirm, until there is nothing to do now.
 * Returns for every outcome; throws only when a store or our own code breaks, and then the ledger holds what was done.
 */
export async function reconcile(job: Job, ports: Ports, settings: RunSettings): Promise<Report> {
  const records = await ports.ledger.recordsOf(job.plan.key);
  const last = lastOutcome(records);
  if (last !== undefined && isEnded(records, job.edition)) return reportOf(job.plan, records, last, last.device);
  return ports.ledger.withDevice(job.plan.device.id, () => new Run(job, ports, settings).toEnd());
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
  #waits = 0;

  constructor(job: Job, ports: Ports, settings: RunSettings) {
    this.#job = job;
    this.#ports = ports;
    this.#settings = settings;
  }

  async toEnd(): Promise<Report> {
    for (;;) {
      const records = await this.#records();
      const device = await this.#observe();
      const verdict = await this.#perform(decideNextStep(this.#situation(records, device)), records, device);
      if (verdict !== null) return this.#conclude(verdict);
    }
  }

  async #records(): Promise<readonly RequestRecord[]> {
    return this.#ports.ledger.recordsOf(this.#job.plan.key);
  }

  async #observe(): Promise<ManagedDevice | null> {
    if (this.#device === undefined) this.#device = await this.#ports.directory.observe(deviceReference(this.#job.plan));
    if (this.#device !== null) this.#lastSeen = this.#device;
    return this.#device;
  }

  #situation(records: readonly RequestRecord[], device: ManagedDevice | null): Parameters<typeof decideNextStep>[0] {
    const { plan, terms } = this.#job;
    const { followOnly, graceMs, clock } = this.#settings;
    return {
      plan,
      terms,
      records: recordsInForce(records),
      device,
      now: this.#ports.clock.now(),
      followOnly,
      graceMs,
      mayWait: clock.timeLeft() > 0,
      sentNow: this.#sentNow,
      codeIsFresh: this.#codeIsFresh,
    };
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
        await this.#begin(records, present(device));
        await this.#ports.ledger.append({
          kind: "adopted",
          key: this.#job.plan.key,
          at: now(this.#ports),
          step: decision.step.index,
          result: withoutSecret(decision.result),
          snapshot: snapshotOf(present(device), decision.result),
        });
        return null;
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
        if (device !== null) await this.#begin(records, device);
        await finishStep(this.#job, this.#ports, decision.step, device, decision);
        return null;
      default:
        return assertNever(decision);
    }
  }

  async #captureCode(step: PlanStep, records: readonly RequestRecord[], device: ManagedDevice): Promise<Verdict | null> {
    const refusal = (await this.#refuseByBrake()) ?? (await this.#refuseBeforeBegin(records)) ?? (await this.#refuseRepetition(device));
    if (refusal !== null) return refusal;
    const verdict = await captureCode(this.#job, this.#ports, step, device, records, () => this.#begin(records, device));
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
      (await this.#refuseByBrake()) ??
      (await this.#refuseBeforeBegin(records)) ??
      (await this.#refuseByPermission(action)) ??
      (await this.#refuseRepetition(device));
    if (refusal !== null) return refusal;
    await this.#begin(records, device);
    const attempt = records.filter((record) => record.kind === "intent" && record.step === step.index).length + 1;
    this.#settings.clock.start();
    this.#sentNow.add(step.index);
    this.#codeIsFresh = false;
    await sendStep(this.#job, this.#ports, step, action, device, attempt, approvalRequest);
    this.#device = undefined;
    return null;
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

  async #refuseByBrake(): Promise<Verdict | null> {
    const brake = await this.#ports.ledger.brake();
    return brake === null
      ? null
      : { outcome: "pending", reason: "Brake", message: `the brake is set: ${brake}; nothing is sent until: npm run resume` };
  }

  /** A permission that only a later step needs is missed before the first step, not half-way. */
  async #refuseBeforeBegin(records: readonly RequestRecord[]): Promise<Verdict | null> {
    if (begunRecord(records) !== undefined) return null;
    for (const step of this.#job.plan.steps) {
      const action = findRemoteAction(step.action);
      const refusal = action === undefined ? null : await this.#refuseByPermission(action);
      if (refusal !== null) return refusal;
    }
    return null;
  }

  async #refuseByPermission(action: RemoteAction): Promise<Verdict | null> {
    const answer = await this.#ports.actions.permission(action);
    if (answer.kind !== "missing") return null;
    return {
      outcome: "awaitingSignIn",
      reason: "PermissionMissing",
      message: `${action.name} needs ${answer.permission}; sign in with: ${answer.signIn}`,
    };
  }

  /** Whoever renames a request, or loses its state, must not wipe the same device again. */
  async #refuseRepetition(device: ManagedDevice): Promise<Verdict | null> {
    const { plan, name, repeats } = this.#job;
    if (!plan.steps.some((step) => findRemoteAction(step.action)?.destroysData)) return null;
    const intents = await this.#ports.ledger.destructiveIntents({
      ...plan.device,
      serialNumber: device.serialNumber ?? plan.device.serialNumber,
    });
    const last = intents.at(-1)?.key;
    const other = last?.slice(0, last.lastIndexOf("#"));
    if (other === undefined || other === name || other === repeats) return null;
    return {
      outcome: "failed",
      reason: "AlreadyDestroyed",
      message: `request ${other} already destroyed data on this device; nothing was sent. If it shall be done again, write repeats: ${other}`,
    };
  }

  async #wait(atMostMs: number): Promise<null> {
    this.#settings.clock.start();
    const now = this.#ports.clock.now();
    const interval = pollInterval(this.#waits++);
    // Polls of all requests fall on the same instants, so that they share their reads.
    const untilTick = interval - (now % interval);
    await this.#ports.clock.sleep(Math.min(untilTick, atMostMs, this.#settings.clock.timeLeft()));
    this.#device = undefined;
    return null;
  }

  async #conclude(verdict: Verdict): Promise<Report> {
    const { plan, edition } = this.#job;
    const device = this.#lastSeen === null ? rememberedDevice(plan, await this.#records()) : deviceFacts(this.#lastSeen);
    const before = await this.#records();
    const last = lastOutcome(before);
    const isNews = last === undefined || last.outcome !== verdict.outcome || last.message !== verdict.message || last.edition !== edition;
    if (isNews) {
      const { conditions } = reportOf(plan, before, verdict, device);
      await this.#ports.ledger.append({ kind: "outcome", key: plan.key, at: now(this.#ports), ...verdict, device, conditions, edition });
    }
    return reportOf(plan, await this.#records(), verdict, device);
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
