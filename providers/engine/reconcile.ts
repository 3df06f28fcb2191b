import type { OutcomeRecord } from "../domain/ledger-record.ts";
import { deviceFacts, type ManagedDevice } from "../domain/managed-device.ts";
import type { Observation } from "../domain/observation.ts";
import { planDifferences } from "../domain/plan.ts";
import type { Ports } from "../domain/ports.ts";
import type { RequestHistory } from "../domain/request-history.ts";
import { act, recordEdit } from "./act.ts";
import { type Acting, now, situationOf } from "./acting.ts";
import { decideNextStep } from "./decide-next-step.ts";
import type { Decision } from "./decision.ts";
import { historyOf, isEnded } from "./history.ts";
import type { Job, Report, RunSettings, Verdict } from "./job.ts";
import { snapshotOf } from "./match-result.ts";
import { lookAt } from "./observe.ts";
import { rememberedDevice, reportOf } from "./report.ts";
import type { Situation } from "./situation.ts";
import { verdictOf, verdictOfGraph } from "./verdict.ts";

/**
 * The one way in which anything is done to a device: history, observe, decide, act, until there is nothing to do now.
 * Returns for every outcome; throws only when a store or our own code breaks, and then the ledger holds what was done.
 */
export async function reconcile(job: Job, ports: Ports, settings: RunSettings): Promise<Report> {
  const history = historyOf(await ports.ledger.recordsOf(job.plan.key));
  const frozen = { ...job, plan: history.begun?.plan ?? job.plan };
  const last = history.standing;
  if (last !== null && isEnded(history, job.edition)) return reportOf(frozen.plan, history, verdictOf(last), last.device);
  const report = await ports.ledger.withDevice(frozen.plan.device.id, () => new Run(frozen, ports, settings).toEnd());
  return report ?? reconcile(job, ports, settings);
}

/** What one call of `reconcile` knows beyond the ledger. */
class Run {
  readonly #acting: Acting;
  #seen: Observation = {};
  #lastSeen: ManagedDevice | null = null;

  constructor(job: Job, ports: Ports, settings: RunSettings) {
    this.#acting = { job, ports, settings, memory: { sentNow: new Set(), putNow: new Set(), waits: 0, doubts: new Map() } };
  }

  /** Null when another run began the request in another form before we held the device. */
  async toEnd(): Promise<Report | null> {
    const history = await this.#history();
    if (isOvertaken(this.#acting.job, history)) return null;
    await recordEdit(this.#acting, history);
    for (;;) {
      const verdict = await this.#next().catch(verdictOfGraph);
      if (verdict !== null) return this.#conclude(verdict);
    }
  }

  async #next(): Promise<Verdict | null> {
    const history = await this.#history();
    const decision = decideNextStep(this.#situation(history));
    if (decision.kind === "finish") return decision.verdict;
    if (decision.kind === "look") {
      for (const what of decision.at) this.#seen = await lookAt(what, { ...this.#acting, history, seen: this.#seen });
      if (this.#seen.device?.kind === "seen") this.#lastSeen = this.#seen.device.value;
      return null;
    }
    // What was seen is old once something was done, whether it went well or not.
    const before = this.#seen;
    this.#seen = keptAfter(decision.kind, before);
    const { verdict, reference } = await act(decision, { ...this.#acting, history, seen: before });
    if (reference !== null) this.#seen = withReference(this.#seen, reference);
    return verdict;
  }

  async #history(): Promise<RequestHistory> {
    return historyOf(await this.#acting.ports.ledger.recordsOf(this.#acting.job.plan.key));
  }

  #situation(history: RequestHistory): Situation {
    return { ...situationOf(this.#acting, history), seen: this.#seen };
  }

  async #conclude(verdict: Verdict): Promise<Report> {
    const { job, ports } = this.#acting;
    const history = await this.#history();
    const device = this.#lastSeen === null ? rememberedDevice(job.plan, history) : deviceFacts(this.#lastSeen);
    const report = reportOf(job.plan, history, verdict, device);
    if (isSaid(history, verdict, job.edition)) return report;
    const outcome: OutcomeRecord = {
      kind: "outcome",
      key: job.plan.key,
      at: now(ports),
      ...verdict,
      device,
      conditions: [],
      ...this.#evidence(verdict),
      edition: job.edition,
    };
    const { conditions } = reportOf(job.plan, historyOf([...history.records, outcome]), verdict, device);
    await ports.ledger.append({ ...outcome, conditions });
    return reportOf(job.plan, await this.#history(), verdict, device);
  }

  /** What an ambiguous step was judged by, for whoever settles it. */
  #evidence({ outcome }: Verdict): Pick<OutcomeRecord, "seen"> {
    const { device } = this.#seen;
    if (outcome !== "ambiguous" || device === undefined || device.kind === "unreadable") return {};
    if (device.kind === "absent") return { seen: null };
    return { seen: { results: snapshotOf(device.value), managementState: device.value.managementState } };
  }
}

/** What stays true for the next decision: after a send or a wait nothing of the device, after anything else its last look. */
function keptAfter(kind: Decision["kind"], { device, bypassCode, approval }: Observation): Observation {
  const common = approval === undefined ? {} : { approval };
  if (kind === "send" || kind === "wait") return common;
  return { ...common, ...(device === undefined ? {} : { device }), ...(bypassCode === undefined ? {} : { bypassCode }) };
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

/** The outcome that stands says the same: one that something was written after does not stand, and has to be said again. */
function isSaid({ standing }: RequestHistory, { outcome, message }: Verdict, edition: string): boolean {
  return standing?.outcome === outcome && standing.message === message && standing.edition === edition;
}
