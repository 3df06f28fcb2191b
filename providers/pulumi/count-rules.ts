import { destroysData, findRemoteAction } from "../domain/action-table.ts";
import type { Diagnostic } from "../domain/diagnostic.ts";
import { refusal } from "./refusal.ts";
import { stepsToSend } from "./steps-to-send.ts";
import type { Findings, Surveyed } from "./surveyed.ts";

const DAY = 24 * 60 * 60 * 1000;
const QUOTA_SOURCE = "https://learn.microsoft.com/intune/device-management/actions/#daily-tenant-limits";

/** How much one day may bring, counted over all requests, of other shards too. The engine counts again before each send. */
export function checkCounts(findings: Findings): Diagnostic[] {
  return [...checkBlastRadius(findings), ...checkQuotas(findings)];
}

/** What was begun and has not destroyed anything yet is still to come. */
function checkBlastRadius({ requests, view, settings, now }: Findings): Diagnostic[] {
  const done = view.facts.destroyedSince(now - DAY);
  const coming = requests.filter(
    (request) => request.steps.some((step) => destroysData(step.action)) && !view.isEnded(request) && !view.hasDestroyed(request),
  );
  const [first] = coming;
  if (first === undefined || done.size + coming.length <= settings.maxDestructive) return [];
  const message = `${coming.length} new requests would destroy data, ${done.size} did in the last 24 hours, and maxDestructive is ${settings.maxDestructive}`;
  const hint = `npm run pulumi -- config set maxDestructive ${done.size + coming.length} (in a pull request of its own), or remove requests`;
  return [refusal(first, "steps", "DLR404", message, hint)];
}

/** What a tenant may send of one action in a day is for all that manage it; beyond it Intune refuses, half-way through a list. */
function checkQuotas({ surveyed, view, now }: Findings): Diagnostic[] {
  const coming = Map.groupBy(
    surveyed.flatMap((entry) => stepsToSend(entry).map((step) => ({ entry, action: step.action }))),
    ({ action }) => action,
  );
  return [...coming].flatMap(([action, steps]) =>
    checkQuota(
      action,
      steps.map(({ entry }) => entry),
      view.facts.sentSince(action, now - DAY),
    ),
  );
}

function checkQuota(action: string, entries: readonly Surveyed[], sent: number): Diagnostic[] {
  const quota = findRemoteAction(action)?.dailyQuota ?? null;
  const [first] = entries;
  if (quota === null || first === undefined || sent + entries.length <= quota) return [];
  const message = `${action} would be sent ${entries.length} times, it was sent ${sent} times in the last 24 hours, and Intune takes ${quota} a day from a tenant`;
  const hint = `leave ${sent + entries.length - quota} of these requests for another day; the limit: ${QUOTA_SOURCE}`;
  return [refusal(first.request, "steps", "DLR407", message, hint)];
}
