import { GraphReadError, ProductError } from "../../domain/errors.ts";
import type { LockPolicies, ReportedPolicy } from "../../domain/lock-policy.ts";
import { isSupervisedApple } from "../../domain/managed-device.ts";
import type { FirstAct } from "../../engine/decide/first-act.ts";
import type { ResolvedRequest } from "./resolved-request.ts";

/** Steps that are of use only where the lock was allowed. */
const NEEDING: readonly string[] = ["escrowBypassCode", "bypassActivationLock"];

/** States in which a device has what the policy says. */
const APPLIED: readonly string[] = ["compliant", "remediated"];

/**
 * What to know of requests that escrow a code or take a lock off, by their names: whether the
 * device reports a policy that allows the lock. `titles`: of the policies that the files declare;
 * without any nobody is asked. One read a device, 20 to a call.
 */
export async function policyWarnings(
  entries: readonly ResolvedRequest[],
  acts: ReadonlyMap<string, FirstAct>,
  titles: readonly string[],
  policies: Pick<LockPolicies, "reportedBy">,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const concerned = titles.length === 0 ? [] : entries.filter((entry) => isConcerned(entry, acts.get(entry.request.name)));
  if (concerned.length === 0) return new Map();
  const reports = await reportsOf(concerned, policies);
  return new Map(
    concerned.flatMap(({ request }, index) => {
      const warning = warningOf(reports[index], titles);
      return warning === null ? [] : [[request.name, [warning]] as const];
    }),
  );
}

function isConcerned({ plan, device }: ResolvedRequest, act: FirstAct | undefined): boolean {
  if (act === undefined || act.kind === "ends" || device === undefined || device === null) return false;
  return isSupervisedApple(device) && plan.steps.some(({ action }) => NEEDING.includes(action));
}

type Reported = readonly ReportedPolicy[] | GraphReadError;

/** A preview says what it could not see, and goes on. */
async function reportsOf(concerned: readonly ResolvedRequest[], policies: Pick<LockPolicies, "reportedBy">): Promise<readonly Reported[]> {
  try {
    return await policies.reportedBy(concerned.map(({ plan }) => plan.device.id));
  } catch (error) {
    if (!(error instanceof ProductError)) throw error;
    return concerned.map(() => new GraphReadError(error.message));
  }
}

function warningOf(reported: Reported | undefined, titles: readonly string[]): string | null {
  if (reported === undefined || reported instanceof GraphReadError) {
    return `nobody could see whether the device has a policy that allows the Activation Lock${reported === undefined ? "" : `: ${reported.message}`}`;
  }
  const known = new Set(titles.map((title) => title.toLowerCase()));
  const own = reported.filter(({ title }) => known.has(title.toLowerCase()));
  if (own.some(({ state }) => APPLIED.includes(state))) return null;
  const told = own.map(({ title, state }) => `${JSON.stringify(title)} as ${state}`);
  if (told.length > 0)
    return `the device reports the policy that allows the Activation Lock ${told.join(", ")}: it may have no bypass code`;
  return `no declared policy that allows the Activation Lock was seen among the ${reported.length} that the device reports: it may have no bypass code; another policy may allow it too`;
}
