import { isRepeatable } from "../../domain/actions/action-table.ts";
import { GraphReadError } from "../../domain/errors.ts";
import { deviceReference } from "../../domain/plan.ts";
import type { DeviceDirectory } from "../../domain/ports.ts";
import { requestKey } from "../../domain/request.ts";
import { historyOf } from "../../engine/history.ts";
import type { KnownState } from "../../rules/known-ledger-rules.ts";
import type { Settings } from "../settings.ts";
import type { ResolvedRequest } from "./resolved-request.ts";

/**
 * For a preview: requests that have succeeded, and that the next `up` does anew since a refresh
 * found drift (`onDrift: repeat`), as that `up` has them; all others as they are.
 */
export async function withDriftRepeats(
  entries: readonly ResolvedRequest[],
  state: KnownState,
  directory: Pick<DeviceDirectory, "observe">,
  { settings, now }: { readonly settings: Settings; readonly now: number },
): Promise<readonly ResolvedRequest[]> {
  if (settings.followOnly) return entries;
  const drifts = new Map(state.requests.flatMap(({ key, drift }) => (drift === undefined ? [] : [[key, drift] as const])));
  return await Promise.all(
    entries.map(async (entry) => {
      const reason = drifts.get(requestKey(entry.request));
      return reason === undefined || !mayRepeat(entry) ? entry : { ...begunAnew(entry, reason, now), ...(await lookAt(entry, directory)) };
    }),
  );
}

function mayRepeat({ request, plan, history, isEnded }: ResolvedRequest): boolean {
  return (
    isEnded &&
    request.onDrift === "repeat" &&
    history.standing?.outcome === "succeeded" &&
    plan.steps.every(({ action }) => isRepeatable(action))
  );
}

function begunAnew(entry: ResolvedRequest, reason: string, now: number): ResolvedRequest {
  const repeated = { kind: "repeated", key: entry.plan.key, at: new Date(now).toISOString(), reason } as const;
  return { ...entry, isEnded: false, history: historyOf([...entry.history.records, repeated]) };
}

async function lookAt({ plan }: ResolvedRequest, directory: Pick<DeviceDirectory, "observe">): Promise<Partial<ResolvedRequest>> {
  try {
    return { device: await directory.observe(deviceReference(plan)) };
  } catch (error) {
    if (error instanceof GraphReadError) return { device: undefined, unreadable: error };
    throw error;
  }
}
