import { LedgerBusyError } from "../../domain/errors.ts";
import { canonicalJson } from "../../domain/json.ts";
import type { Ports } from "../../domain/ports.ts";
import { historyOf } from "../../engine/history.ts";
import type { Job, Report, RunSettings } from "../../engine/job.ts";
import { reconcile } from "../../engine/reconcile.ts";
import { createRunClock } from "../../engine/run-clock.ts";
import type { LifecycleOutputs } from "../state.ts";

/**
 * What a refresh does for a request that is not finished: it looks how what Graph took has ended,
 * and records that. Sends and starts nothing. The state comes back as it is where there is nothing
 * new, and where another run has the device.
 */
export async function endPending(state: LifecycleOutputs, ports: Ports, settings: RunSettings): Promise<LifecycleOutputs> {
  const history = historyOf(await ports.ledger.recordsOf(state.plan.key));
  if (history.begun === null || state.outcome === "failed" || state.outcome === "expired") return state;
  const job = jobOf(state, history.begun.plan);
  // Long enough to see twice that a device is gone, and never longer than the run may wait.
  const clock = createRunClock(ports.clock, Math.min(settings.clock.timeLeft(), 2 * settings.goneAfterMs));
  const report = await reconcile(job, ports, { ...settings, clock, followOnly: true, endsOnly: true }).catch(orBusy);
  return report === null ? state : withReport(state, report);
}

/** Nothing is sent: what only a send asks for need not be right. */
function jobOf({ request, edition }: LifecycleOutputs, plan: Job["plan"]): Job {
  const { name, reason, ticket, source } = request;
  return { name, plan, terms: { expires: null, ticket, acknowledge: [] }, edition, reason, source, repeats: null };
}

function orBusy(error: unknown): null {
  if (error instanceof LedgerBusyError) return null;
  throw error;
}

/** An end that is not a success is told by the next run. */
function withReport(state: LifecycleOutputs, report: Report): LifecycleOutputs {
  const { device, steps, bypassCode, conditions, outcome } = report;
  if (outcome === "succeeded") return { ...state, device, steps, bypassCode, conditions, outcome };
  if (canonicalJson(steps) === canonicalJson(state.steps)) return state;
  return { ...state, device, steps, bypassCode, outcome: "pending" };
}
