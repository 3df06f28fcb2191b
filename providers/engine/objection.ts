import { destroysData, findRemoteAction } from "../domain/action-table.ts";
import type { ManagedDevice } from "../domain/managed-device.ts";
import { type Plan, planDestroysData } from "../domain/plan.ts";
import type { LedgerFacts } from "../domain/ports.ts";
import { isRepeated, listName, requestNameOf } from "../domain/request.ts";
import { isUnsettled } from "./is-ended.ts";
import type { Job, RunSettings, Verdict } from "./job.ts";

const DAY = 24 * 60 * 60 * 1000;

/**
 * What the ledger as a whole holds against destroying data for this request, or null: asked before its first step, and again in one go with
 * the intent, where nobody else's record can come between. `now` in milliseconds.
 */
export function objectToDestroying(
  job: Job,
  device: ManagedDevice,
  facts: LedgerFacts,
  settings: Pick<RunSettings, "maxDestructive">,
  now: number,
): Verdict | null {
  if (!planDestroysData(job.plan)) return null;
  return (
    objectToRepetition(job, device, facts) ??
    objectToCount(job.plan, facts, settings.maxDestructive, now - DAY) ??
    objectToQuota(job.plan, facts, now - DAY)
  );
}

/** Whoever renames a request, or loses its state, must not wipe the same device again. */
function objectToRepetition({ plan, name, repeats }: Job, device: ManagedDevice, facts: LedgerFacts): Verdict | null {
  const intents = facts.destructiveIntents({ ...plan.device, serialNumber: device.serialNumber ?? plan.device.serialNumber });
  const last = intents.at(-1)?.key;
  if (last === undefined) return null;
  const other = requestNameOf(last);
  if (other === name || isRepeated(repeats, other)) return objectToUnfinished(plan.key, last, other, facts);
  return {
    outcome: "failed",
    reason: "AlreadyDestroyed",
    message: `request ${other} already destroyed data on this device; nothing was sent. If it shall be done again, write repeats: ${listName(other)}`,
  };
}

/** What may still take effect must not be done again: the older request has to end first. */
function objectToUnfinished(key: string, last: string, other: string, facts: LedgerFacts): Verdict | null {
  if (last === key || !isUnsettled(facts.recordsOf(last))) return null;
  const message = `request ${other} is not finished with this device, and its step may still take effect; nothing was sent. Settle it first: npm run settle -- ${other}`;
  return { outcome: "failed", reason: "EarlierNotFinished", message };
}

/** The program counts before anything is registered; runs that go on at the same time are only seen here. */
function objectToCount(plan: Plan, facts: LedgerFacts, maximum: number | null, since: number): Verdict | null {
  if (maximum === null || facts.hasDestroyed(plan.key)) return null;
  const count = facts.destroyedSince(since).size;
  if (count < maximum) return null;
  const message = `${count} requests destroyed data in the last 24 hours, and maxDestructive is ${maximum}; nothing was sent. Run up again later, or raise maxDestructive in a pull request of its own`;
  return { outcome: "pending", reason: "MaxDestructive", message };
}

function objectToQuota(plan: Plan, facts: LedgerFacts, since: number): Verdict | null {
  for (const { action } of plan.steps.filter((step) => destroysData(step.action))) {
    const quota = findRemoteAction(action)?.dailyQuota ?? null;
    const count = quota === null ? 0 : facts.sentSince(action, since);
    if (quota === null || count < quota) continue;
    const message = `${count} times ${action} in the last 24 hours, and Intune takes ${quota} a day from a tenant; nothing was sent. Run up again later`;
    return { outcome: "pending", reason: "DailyQuota", message };
  }
  return null;
}
