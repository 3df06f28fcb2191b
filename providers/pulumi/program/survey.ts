import { type Diagnostic, sortDiagnostics } from "../../domain/diagnostic.ts";
import { GraphReadError } from "../../domain/errors.ts";
import type { ManagedDevice } from "../../domain/managed-device.ts";
import type { PlannedDevice } from "../../domain/plan.ts";
import type { DeviceDirectory } from "../../domain/ports.ts";
import type { LifecycleRequest } from "../../domain/request.ts";
import { compilePlan } from "../../request/compile-plan.ts";
import type { ReviewGate } from "../review-gate.ts";
import type { Settings } from "../settings.ts";
import { checkRequests } from "./check-requests.ts";
import type { LedgerView } from "./ledger-view.ts";
import { type DevicesRead, readDevices } from "./read-devices.ts";
import { isInShard } from "./shard.ts";
import type { Surveyed } from "./surveyed.ts";

/** The requests with their devices and plans; with any refusal none of them is registered. */
export interface Survey {
  /** In the order of the files; only requests of this stack's shard. */
  readonly requests: readonly Surveyed[];
  /** Reasons for which nothing may be done. */
  readonly refusals: readonly Diagnostic[];
}

/**
 * Looks at everything that may refuse, before the first resource is registered: reads what is
 * unfinished from Graph in batches, and checks every rule over all requests, of other shards too.
 */
export async function survey(
  requests: readonly LifecycleRequest[],
  view: LedgerView,
  directory: DeviceDirectory,
  settings: Settings,
  now: number,
  unreviewed: ReviewGate = () => null,
): Promise<Survey> {
  const open = requests.filter((request) => !view.isEnded(request));
  const read = await readDevices(open, view, directory);
  const surveyed = requests.flatMap((request) => surveyOne(request, view, read));
  const refusals = checkRequests({ requests, surveyed, matches: read.matches, view, settings, unreviewed, now });
  const own = surveyed.filter(({ request }) => isInShard(request.name, settings.shard));
  return { requests: own, refusals: sortDiagnostics(refusals) };
}

/** Empty for a request whose device was not found: it is refused, not registered. */
function surveyOne(request: LifecycleRequest, view: LedgerView, { matches, observed }: DevicesRead): Surveyed[] {
  const history = view.historyOf(request);
  const { begun, lastOutcome } = history;
  const isEnded = view.isEnded(request);
  const common = { request, history, isEnded, unreadable: null };
  if (begun !== null) return [{ ...common, plan: begun.plan, ...lookOf(isEnded ? undefined : (observed.get(request) ?? null)) }];
  const found = matches.get(request) ?? [];
  if (found instanceof GraphReadError) return [];
  const [device] = found.length === 1 ? found : [];
  const planned = isEnded ? lastOutcome?.device : device;
  if (planned === undefined) return [];
  return [{ ...common, plan: compilePlan(request, plannedDevice(planned)), device: isEnded ? undefined : device }];
}

/** What was not seen is no evidence that the device is gone. */
function lookOf(device: ManagedDevice | null | undefined | GraphReadError): Pick<Surveyed, "device" | "unreadable"> {
  if (device instanceof GraphReadError) return { device: undefined, unreadable: device };
  return { device, unreadable: null };
}

function plannedDevice({ id, serialNumber, enrolledDateTime }: PlannedDevice): PlannedDevice {
  return { id, serialNumber, enrolledDateTime };
}
