import { type Diagnostic, sortDiagnostics } from "../../domain/diagnostic.ts";
import { GraphReadError } from "../../domain/errors.ts";
import type { ManagedDevice } from "../../domain/managed-device.ts";
import type { PlannedDevice } from "../../domain/plan.ts";
import type { DeviceDirectory } from "../../domain/ports.ts";
import type { LifecycleRequest } from "../../domain/request.ts";
import { compilePlan } from "../../request/compile-plan.ts";
import { checkRequests } from "./check-requests.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";
import { type DevicesRead, readDevices } from "./read-devices.ts";
import type { Findings, ResolvedRequest } from "./resolved-request.ts";
import { isInShard } from "./shard.ts";

/** The requests with their devices and plans; with any refusal none of them is registered. */
export interface ResolvedRequests {
  /** In the order of the files; only requests of this stack's shard. */
  readonly requests: readonly ResolvedRequest[];
  /** Reasons for which nothing may be done. */
  readonly refusals: readonly Diagnostic[];
}

/**
 * Looks at everything that may refuse, before the first resource is registered: reads what is
 * unfinished from Graph in batches, and checks every rule over all requests, of other shards too.
 */
export async function resolveRequests(
  requests: readonly LifecycleRequest[],
  directory: DeviceDirectory,
  against: Pick<Findings, "view" | "settings" | "unreviewed" | "now">,
): Promise<ResolvedRequests> {
  const { view, settings } = against;
  const open = requests.filter((request) => !view.isEnded(request));
  const read = await readDevices(open, view, directory);
  const resolved = requests.flatMap((request) => resolveOne(request, view, read));
  const refusals = checkRequests({ requests, resolved, matches: read.matches, ...against });
  const own = resolved.filter(({ request }) => isInShard(request.name, settings.shard));
  return { requests: own, refusals: sortDiagnostics(refusals) };
}

/** Empty for a request whose device was not found: it is refused, not registered. */
function resolveOne(request: LifecycleRequest, view: LedgerSnapshot, { matches, observed }: DevicesRead): ResolvedRequest[] {
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

/**
 * A device that could not be read is `unreadable`, and never null, which would mean that it is
 * gone.
 */
function lookOf(device: ManagedDevice | null | undefined | GraphReadError): Pick<ResolvedRequest, "device" | "unreadable"> {
  if (device instanceof GraphReadError) return { device: undefined, unreadable: device };
  return { device, unreadable: null };
}

function plannedDevice({ id, serialNumber, enrolledDateTime }: PlannedDevice): PlannedDevice {
  return { id, serialNumber, enrolledDateTime };
}
