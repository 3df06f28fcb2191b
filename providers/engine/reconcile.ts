import { destroysData } from "../domain/actions/action-table.ts";
import { deviceFacts, type ManagedDevice } from "../domain/managed-device.ts";
import type { Observation } from "../domain/observation.ts";
import { planDifferences } from "../domain/plan.ts";
import type { Ports } from "../domain/ports.ts";
import type { RequestHistory } from "../domain/request-history.ts";
import type { OutcomeRecord } from "../domain/request-record.ts";
import { UNWATCHED } from "../domain/watch.ts";
import { isClockSure } from "../rules/clock-rule.ts";
import { act, recordEdit } from "./act/act.ts";
import { type Acting, momentNow, now, type Placed, situationOf, type Tries } from "./act/acting.ts";
import { decideNextStep } from "./decide/decide-next-step.ts";
import type { Decision } from "./decide/decision.ts";
import { endingOnly } from "./decide/ending-only.ts";
import { snapshotOf } from "./decide/match-result.ts";
import { missedBefore } from "./decide/prove-gone.ts";
import type { DoubtWatch, Situation } from "./decide/situation.ts";
import { NOT_VISIBLE, verdictOf, verdictOfGraph } from "./decide/verdict.ts";
import { historyOf, isEnded } from "./history.ts";
import type { Job, Report, RunSettings, Verdict } from "./job.ts";
import { lookAt, lookClosely } from "./observe.ts";
import { rememberedDevice, reportOf } from "./report.ts";
import type { RequestSlot } from "./run-slots.ts";
import { StepSpans } from "./step-spans.ts";

/**
 * The one way in which anything is done to a device: history, observe, decide, act, until there is
 * nothing to do now. Returns for every outcome; throws only when a store or our own code breaks,
 * and then the ledger holds what was done.
 */
export async function reconcile(job: Job, ports: Ports, settings: RunSettings): Promise<Report> {
  const history = historyOf(await ports.ledger.recordsOf(job.plan.key));
  const frozen = { ...job, plan: history.begun?.plan ?? job.plan };
  const last = history.standing;
  if (last !== null && isEnded(history, job.edition)) return reportOf(frozen.plan, history, verdictOf(last), last.device);
  const report = await settings.slots.enter((slot) =>
    ports.ledger.withDevice(frozen.plan.device.id, () => slot.atWork(() => new Run(frozen, ports, settings, slot).toEnd())),
  );
  return report ?? reconcile(job, ports, settings);
}

/** What one call of `reconcile` knows beyond the ledger. */
class Run {
  readonly #acting: Acting;
  #seen: Observation = {};
  #placed: Placed | null = null;
  #lastSeen: ManagedDevice | null = null;
  #wasMissedHere = false;
  readonly #steps: StepSpans;

  constructor(job: Job, ports: Ports, settings: RunSettings, slot: RequestSlot) {
    const memory = {
      sentNow: new Set<number>(),
      putNow: new Set<string>(),
      missingSince: null,
      waitingSince: null,
      doubts: new Map<number, DoubtWatch>(),
      tries: new Map<number, Tries>(),
    };
    this.#acting = { job, ports, settings, memory, slot };
    this.#steps = new StepSpans(ports.watch ?? UNWATCHED);
  }

  /** Null when another run began the request in another form before we held the device. */
  async toEnd(): Promise<Report | null> {
    const history = await this.#history();
    if (isOvertaken(this.#acting.job, history)) return null;
    if (!this.#acting.settings.endsOnly) await recordEdit(this.#acting, history);
    this.#acting.memory.missingSince = missedBefore(history);
    for (;;) {
      const verdict = await this.#next().catch((error: unknown) => {
        this.#giveBack();
        // What is no verdict is thrown on, and ends the work on the request.
        this.#steps.end();
        return verdictOfGraph(error);
      });
      if (verdict === null) continue;
      this.#steps.end();
      return this.#conclude(verdict);
    }
  }

  async #next(): Promise<Verdict | null> {
    const history = await this.#history();
    const wanted = decideNextStep(this.#situation(history));
    const decision = this.#acting.settings.endsOnly ? endingOnly(wanted, history) : wanted;
    return await this.#steps.within(decision, () => this.#carryOut(decision, history));
  }

  async #carryOut(decision: Decision, history: RequestHistory): Promise<Verdict | null> {
    if (!needsPlace(decision)) this.#giveBack();
    if (decision.kind === "finish") return decision.verdict;
    if (decision.kind === "look") {
      for (const what of decision.at) this.#seen = await lookAt(what, { ...this.#acting, history, seen: this.#seen });
      this.#remember(this.#seen.device);
      return null;
    }
    if (decision.kind === "place") {
      await this.#takePlace(destroysData(decision.step.action));
      return null;
    }
    // What was seen is old once something was done, whether it went well or not.
    const before = this.#seen;
    this.#seen = keptAfter(decision.kind, before);
    const placed = this.#placed;
    if (decision.kind === "send") this.#placed = null;
    const { verdict, reference } = await act(decision, { ...this.#acting, history, seen: before, placed });
    if (reference !== null) this.#seen = withReference(this.#seen, reference);
    return verdict;
  }

  /** A place first, and then the look that everything after it is decided on. */
  async #takePlace(withCode: boolean): Promise<void> {
    const { ports, job, slot } = this.#acting;
    const place = await slot.forGraph(() => ports.actions.takePlace());
    this.#placed = { place, lookedAt: momentNow(ports) };
    const { device: _, bypassCode: __, clock: ___, ...others } = this.#seen;
    this.#seen = { ...others, ...(await lookClosely({ job, ports }, withCode)) };
    this.#remember(this.#seen.device);
  }

  #giveBack(): void {
    this.#placed?.place.giveBack();
    this.#placed = null;
  }

  #remember(device: Observation["device"]): void {
    const { memory, ports } = this.#acting;
    if (device?.kind === "absent") {
      // What an earlier run wrote down says nothing to a clock that may be wrong.
      if (!this.#wasMissedHere && !isClockSure(ports.graphClock())) memory.missingSince = null;
      this.#wasMissedHere = true;
      memory.missingSince = Math.min(memory.missingSince ?? device.at, device.at);
    }
    if (device?.kind !== "seen") return;
    memory.missingSince = null;
    this.#lastSeen = device.value;
  }

  async #history(): Promise<RequestHistory> {
    return historyOf(await this.#acting.ports.ledger.recordsOf(this.#acting.job.plan.key));
  }

  #situation(history: RequestHistory): Situation {
    return { ...situationOf(this.#acting, history), seen: this.#seen, isPlaced: this.#placed !== null };
  }

  async #conclude(verdict: Verdict): Promise<Report> {
    const { job, ports } = this.#acting;
    const history = await this.#history();
    const device = this.#lastSeen === null ? rememberedDevice(job.plan, history) : deviceFacts(this.#lastSeen);
    const report = reportOf(job.plan, history, verdict, device);
    if (this.#acting.settings.endsOnly && verdict.outcome !== "succeeded") return report;
    const evidence = this.#evidence(verdict);
    if (isSaid(history, verdict, job.edition) && !this.#isMissedAnew(evidence, history)) return report;
    const outcome: OutcomeRecord = {
      kind: "outcome",
      key: job.plan.key,
      at: now(ports),
      ...verdict,
      device,
      conditions: [],
      ...evidence,
      edition: job.edition,
    };
    const { conditions } = reportOf(job.plan, historyOf([...history.records, outcome]), verdict, device);
    await ports.ledger.append({ ...outcome, conditions });
    return reportOf(job.plan, await this.#history(), verdict, device);
  }

  /**
   * Graph has shown the device since it was missed for the first time: that time counts no more.
   */
  #isMissedAnew(evidence: Pick<OutcomeRecord, "seen">, history: RequestHistory): boolean {
    return evidence.seen === null && this.#acting.memory.missingSince !== missedBefore(history);
  }

  /**
   * What an ambiguous step was judged by, for whoever settles it; and that a device was missed, for
   * the next run.
   */
  #evidence({ outcome, reason }: Verdict): Pick<OutcomeRecord, "seen"> {
    const { device, gone } = this.#seen;
    if (reason === NOT_VISIBLE && device?.kind === "absent" && gone === undefined)
      return isClockSure(this.#acting.ports.graphClock()) ? { seen: null } : {};
    if (outcome !== "ambiguous" || device === undefined || device.kind === "unreadable") return {};
    if (device.kind === "absent") return { seen: null };
    return { seen: { results: snapshotOf(device.value), managementState: device.value.managementState } };
  }
}

/** A place is kept while what it was taken for may still come next. */
function needsPlace(decision: Decision): boolean {
  return decision.kind === "look" || decision.kind === "escrow" || (decision.kind === "send" && !decision.action.repeatable);
}

/**
 * Looks that the next decision may still use: none at the device after a send or a wait, the last
 * one after anything else.
 */
function keptAfter(kind: Decision["kind"], { device, gone, bypassCode, approval }: Observation): Observation {
  const common = approval === undefined ? {} : { approval };
  if (kind === "send" || kind === "wait") return common;
  const ofDevice = { ...(device === undefined ? {} : { device }), ...(gone === undefined ? {} : { gone }) };
  return { ...common, ...ofDevice, ...(bypassCode === undefined ? {} : { bypassCode }) };
}

/** The code that was seen is in escrow now, also where no fingerprint could tell. */
function withReference(seen: Observation, reference: string): Observation {
  const { bypassCode } = seen;
  return bypassCode?.kind === "seen" ? { ...seen, bypassCode: { ...bypassCode, value: { ...bypassCode.value, reference } } } : seen;
}

function isOvertaken({ plan }: Job, { begun }: RequestHistory): boolean {
  const frozen = begun?.plan ?? plan;
  return planDifferences(frozen, plan).length > 0 || frozen.device.enrolledDateTime !== plan.device.enrolledDateTime;
}

/**
 * The outcome that stands says the same: one that something was written after does not stand, and
 * has to be said again.
 */
function isSaid({ standing }: RequestHistory, { outcome, message }: Verdict, edition: string): boolean {
  return standing?.outcome === outcome && standing.message === message && standing.edition === edition;
}
