import { destroysData } from "../domain/actions/action-table.ts";
import { DAY_MS } from "../domain/day.ts";
import type { ManagedDevice } from "../domain/managed-device.ts";
import type { LedgerLook } from "../domain/observation.ts";
import { type Plan, type PlannedDevice, planLocksOut } from "../domain/plan.ts";
import type { LedgerFacts } from "../domain/ports.ts";
import { MOST_APART_MS } from "../rules/clock-rule.ts";
import { secretOnItsWay } from "./decide/secret-on-its-way.ts";
import { historyOf, isUnsettled } from "./history.ts";
import type { OurTime } from "./our-time.ts";

/**
 * What the ledger as a whole says that bears on one plan. The device counts by its id and by both
 * serial numbers, the one that was planned for and the one that Graph gives now.
 */
export function ledgerLook(facts: LedgerFacts, plan: Plan, device: Pick<ManagedDevice, "serialNumber"> | null, time: OurTime): LedgerLook {
  const { now } = time;
  const actions = plan.steps.map(({ action }) => action).filter(destroysData);
  const places = [plan.device, ...(device === null ? [] : [{ ...plan.device, serialNumber: device.serialNumber }])];
  return {
    destroyedBefore: destroyedBefore(facts, places),
    secretOnItsWay: secretOnItsWay(facts, places, time),
    sentForList: facts.sentForList(plan.key, plan.device.id),
    hasDestroyed: facts.hasDestroyed(plan.key),
    destroyedToday: actions.length === 0 ? 0 : facts.destroyedSince(now - DAY_MS).size,
    foreignToday: actions.length === 0 ? 0 : foreignToday(facts, now),
    auditedAt: facts.audit().readAt,
    hasLockedOut: facts.hasLockedOut(plan.key),
    lockedOutToday: planLocksOut(plan) ? facts.lockedOutSince(now - DAY_MS).size : 0,
    sentToday: sentToday(facts, actions, now),
    approvalAsked: new Set(actions.filter((action) => facts.wasApprovalAsked(action))),
  };
}

/**
 * Sends of each action in the 24 hours before `now` (milliseconds), over all requests of the
 * ledger.
 */
export function sentToday(facts: LedgerFacts, actions: Iterable<string>, now: number): LedgerLook["sentToday"] {
  return new Map(Array.from(actions, (action) => [action, facts.sentSince(action, now - DAY_MS)]));
}

/**
 * Actions of others in the 24 hours before `now` (milliseconds). Their times are Graph's: some
 * minutes more are counted, since the clocks may differ so much.
 */
export function foreignToday(facts: LedgerFacts, now: number): number {
  const since = now - DAY_MS - MOST_APART_MS;
  return facts.audit().foreign.filter(({ at }) => !(Date.parse(at) < since)).length;
}

function destroyedBefore(facts: LedgerFacts, places: readonly PlannedDevice[]): LedgerLook["destroyedBefore"] {
  const last = facts.destructiveIntents(...places).at(-1);
  if (last === undefined) return null;
  const { key, action, at } = last;
  return { key, action, at, isUnsettled: isUnsettled(historyOf(facts.recordsOf(key))), mayHaveDestroyed: facts.hasDestroyed(key) };
}
