import { destroysData, findRemoteAction, locksOut, REMOTE_ACTIONS } from "../domain/actions/action-table.ts";
import { carriesGeneratedPin } from "../domain/actions/generated-pin.ts";
import { describeDevice } from "../domain/managed-device.ts";
import type { LedgerLook } from "../domain/observation.ts";
import { type Plan, planDestroysData, planLocksOut } from "../domain/plan.ts";
import { isRepeated, listName, requestNameOf } from "../domain/request.ts";
import { dlrCommand, pulumiCommand } from "../support/dlr-command.ts";
import { type Coming, defineRule, type Finding, type Rule, type RuleFacts, type RuleText } from "./rule.ts";

const ASKED = ["program", "send", "takeOver", "ledger"] as const;
const COUNTED = ["totals", "send", "takeOver", "ledger"] as const;

const QUOTA_SOURCE = "https://learn.microsoft.com/intune/device-management/actions/#daily-tenant-limits";

const destroys = ({ plan }: RuleFacts): boolean => planDestroysData(plan);

function deviceIn({ device, plan }: RuleFacts): string {
  return device === null ? `device ${plan.device.id}` : describeDevice(device);
}

/** Another request than this one, its older generations and the one that it says it repeats. */
function isStranger({ request }: RuleFacts, key: string): boolean {
  const other = requestNameOf(key);
  return other !== request.name && !isRepeated(request.repeats, other);
}

/** Whoever renames a request, or loses its state, must not wipe the same device again. */
export const repetitionRule = defineRule({
  id: "repetition",
  code: "DLR402",
  reason: "AlreadyDestroyed",
  outcome: "failed",
  asked: ASKED,
  key: "repeats",
  when: "another request destroyed data on the device, or was about to, whatever the enrolment",
  goOn: "`repeats: OLD-NAME`",
  applies: destroys,
  needs: ["ledger"],
  judge: (facts, { ledger }) => {
    const last = ledger.value.destroyedBefore;
    if (last === null || !isStranger(facts, last.key)) return null;
    const other = requestNameOf(last.key);
    const did = last.mayHaveDestroyed ? "already destroyed data" : "was about to destroy data, which Graph did not take,";
    return {
      message: `request ${other} ${did} on ${deviceIn(facts)} (${last.action}, ${last.at})`,
      hint: `nothing was sent; if it shall be done again, write repeats: ${listName(other)}`,
    };
  },
});

/** A wipe of an older request that is still on its way must not be sent a second time. */
export const earlierOpenRule = defineRule({
  id: "earlier-request-open",
  code: "DLR406",
  reason: "EarlierNotFinished",
  outcome: "failed",
  asked: ASKED,
  key: "generation",
  when: "an earlier request, or generation, that destroys data on the device has not ended",
  goOn: "run `up` until it has ended, or settle it",
  applies: destroys,
  needs: ["ledger"],
  judge: (facts, { ledger }) => {
    const last = ledger.value.destroyedBefore;
    if (last === null || isStranger(facts, last.key) || last.key === facts.plan.key || !last.isUnsettled) return null;
    const name = requestNameOf(last.key);
    const generation = last.key.slice(name.length + 1);
    return {
      message: `request ${name}, generation ${generation}, is not finished with ${deviceIn(facts)}: its ${last.action} may still take effect`,
      hint: `run up until it has ended, or settle it: ${dlrCommand("settle", facts.run.stack, [name, "--generation", generation])}`,
    };
  },
});

/**
 * A `repeats` with a spelling mistake would otherwise pass for leave to wipe twice, or for nothing.
 */
export const repeatsNothingRule = defineRule({
  id: "repeats-nothing",
  code: "DLR403",
  reason: "RepeatsNothing",
  outcome: "failed",
  asked: ["program"],
  key: "repeats",
  when: "`repeats` names no request that destroyed data on the device",
  goOn: "remove `repeats`",
  applies: destroys,
  needs: ["ledger"],
  judge: (facts, { ledger }) => {
    const { repeats } = facts.request;
    if (repeats === null || ledger.value.destroyedBefore !== null) return null;
    return { message: `repeats: ${repeats} names no request that destroyed data on ${deviceIn(facts)}`, hint: "remove repeats" };
  },
});

/** One limit on how many requests may do some harm in 24 hours. */
interface DayLimit extends Pick<RuleText, "id" | "code" | "reason" | "when"> {
  readonly setting: "maxDestructive" | "maxDisruptive";
  /** `destroyed data` */
  readonly did: string;
  readonly counts: (plan: Plan) => boolean;
  readonly comingOf: (coming: Coming) => number;
  /** How many did it today, and whether this request is one of those that did it ever. */
  readonly doneOf: (ledger: LedgerLook) => readonly [today: number, isDone: boolean];
  /** What others did that counts too. */
  readonly othersOf?: (ledger: LedgerLook, run: RuleFacts["run"]) => number;
}

/**
 * Counts before a run over all its requests, and again with each intent, where the sends of other
 * runs at the same time are seen.
 */
function dayLimitRule({ setting, did, counts, comingOf, doneOf, othersOf = () => 0, ...text }: DayLimit): Rule {
  return defineRule({
    ...text,
    outcome: "pending",
    asked: COUNTED,
    key: "steps",
    goOn: "fewer requests, another day, or the limit in a pull request of its own",
    applies: ({ plan }) => counts(plan),
    needs: ["ledger"],
    judge: ({ run, coming }, { ledger }) => {
      const more = comingOf(coming);
      if (more === 0) return null;
      const [today, isDone] = doneOf(ledger.value);
      const others = othersOf(ledger.value, run);
      const wanted = today + others + more;
      if (isDone || wanted <= run[setting]) return null;
      return {
        message: `${today} requests ${did} in the last 24 hours${toldOthers(others)}, ${more} more would, and ${setting} is ${run[setting]}`,
        hint: `nothing was sent; run up again later, remove requests, or say ${pulumiCommand(["config", "set", setting, String(wanted)], run.stack)} in a pull request of its own`,
      };
    },
  });
}

function toldOthers(others: number): string {
  return others === 0 ? "" : `, so did ${others} ${others === 1 ? "action" : "actions"} of others (countForeign)`;
}

/** A mistake in a list, such as the wrong column of a CSV file, must not wipe a whole fleet. */
export const maxDestructiveRule = dayLimitRule({
  id: "max-destructive",
  code: "DLR404",
  reason: "MaxDestructive",
  setting: "maxDestructive",
  when: "the requests that would destroy data, with those that did in the last 24 hours, over all runs and shards of the ledger, are more than `maxDestructive`; with `countForeign: true` the actions of others that Intune's audit shows count too",
  did: "destroyed data",
  counts: planDestroysData,
  comingOf: ({ destructive }) => destructive,
  doneOf: ({ destroyedToday, hasDestroyed }) => [destroyedToday, hasDestroyed],
  othersOf: ({ foreignToday }, { countForeign }) => (countForeign === true ? foreignToday : 0),
});

const LOCKING = REMOTE_ACTIONS.filter(({ locksOut }) => locksOut).map(({ name }) => `\`${name}\``);

/** A mistake in a list must not lock a whole company out of its devices in one run. */
export const maxDisruptiveRule = dayLimitRule({
  id: "max-disruptive",
  code: "DLR408",
  reason: "MaxDisruptive",
  setting: "maxDisruptive",
  when: `the requests that would lock people out of devices (${LOCKING.join(", ")}) and destroy no data, with those that did in the last 24 hours, over all runs and shards of the ledger, are more than \`maxDisruptive\``,
  did: "locked people out",
  counts: planLocksOut,
  comingOf: ({ disruptive }) => disruptive,
  doneOf: ({ lockedOutToday, hasLockedOut }) => [lockedOutToday, hasLockedOut],
});

/**
 * Intune takes so many calls a day from a tenant, whoever sends them, and refuses the rest half-way
 * through a list.
 */
export const dailyQuotaRule = defineRule({
  id: "daily-quota",
  code: "DLR407",
  reason: "DailyQuota",
  outcome: "pending",
  asked: COUNTED,
  key: "steps",
  when: "an action would be sent more often in 24 hours than Intune takes from a tenant (wipe 500, retire 1,000, delete 1,000); what it surely did not take, such as a call that it throttled, does not count",
  goOn: "the rest on another day",
  source: QUOTA_SOURCE,
  applies: destroys,
  needs: ["ledger"],
  judge: ({ coming }, { ledger }) => [...coming.sends].flatMap(([action, count]) => judgeQuota(action, count, ledger.value)),
});

function judgeQuota(action: string, count: number, ledger: LedgerLook): Finding[] {
  const quota = findRemoteAction(action)?.dailyQuota ?? null;
  const sent = ledger.sentToday.get(action) ?? 0;
  if (quota === null || sent + count <= quota) return [];
  const times = (number: number) => `${number} time${number === 1 ? "" : "s"}`;
  return [
    {
      message: `${action} would be sent ${times(count)}, it was sent ${times(sent)} in the last 24 hours, and Intune takes ${quota} a day from a tenant`,
      hint: `nothing was sent; leave ${sent + count - quota} of these for another day; the limit: ${QUOTA_SOURCE}`,
    },
  ];
}

/**
 * A call that has to be approved is sent twice, the same in all of it: without the PIN that went
 * along it never would be.
 */
export const resendablePinRule = defineRule({
  id: "resendable-pin",
  code: null,
  reason: "SecretNotResendable",
  outcome: "failed",
  asked: ["send", "takeOver"],
  key: "plan",
  when: "the wipe of a Mac carries a PIN, another administrator has to approve it, and the escrow cannot give the PIN back to send it again",
  goOn: "a Key Vault as escrow",
  applies: (facts) => destroys(facts) && !facts.run.canResendSecrets,
  needs: ["ledger"],
  judge: ({ plan, device, sent }, { ledger }) => {
    if (device === null) return null;
    const step = plan.steps.find(({ action }) => carriesGeneratedPin(action, device) && ledger.value.approvalAsked.has(action));
    if (step === undefined || sent.has(step.index)) return null;
    return {
      message: `${step.action} of a Mac carries a PIN, and another administrator has to approve it here: the same PIN would have to be sent again, and this escrow cannot give it back`,
      hint: "nothing was sent; a Key Vault can: set the configuration key escrow to one",
    };
  },
});

/** The engine asks about one request, whichever limit counts it. */
export function comingOfOne(steps: readonly { readonly action: string }[]): Coming {
  return { destructive: 1, disruptive: 1, sends: countSends(steps) };
}

/**
 * True for an intent that a limit over all requests counts: the limit is asked and the intent
 * written in one go.
 */
export function isCounted(action: string): boolean {
  return destroysData(action) || locksOut(action);
}

/** Used by the program, which counts what all requests of a run would send. */
export function countSends(steps: readonly { readonly action: string }[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { action } of steps) if (destroysData(action)) counts.set(action, (counts.get(action) ?? 0) + 1);
  return counts;
}
