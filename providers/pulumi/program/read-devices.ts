import { GraphReadError } from "../../domain/errors.ts";
import type { ManagedDevice } from "../../domain/managed-device.ts";
import { deviceReference } from "../../domain/plan.ts";
import type { DeviceDirectory } from "../../domain/ports.ts";
import type { LifecycleRequest } from "../../domain/request.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";
import type { Matches } from "./resolved-request.ts";

/** What Graph said of every request's device, read before any of them is judged. */
export interface DevicesRead {
  readonly matches: Matches;
  /**
   * The devices of begun requests, by the id that their plan was frozen with; null where Graph does
   * not know it.
   */
  readonly observed: ReadonlyMap<LifecycleRequest, ManagedDevice | null | GraphReadError>;
}

/**
 * What Graph shows for all requests that have not ended; an error for one device stands in its
 * place and leaves the others alone. Throws `GraphReadError` where nothing could be read at all,
 * for a reason that is none of the devices', and whatever else is thrown.
 */
export async function readDevices(
  open: readonly LifecycleRequest[],
  view: LedgerSnapshot,
  directory: DeviceDirectory,
): Promise<DevicesRead> {
  const fresh = open.filter((request) => view.historyOf(request).begun === null);
  const [found, observed] = await Promise.all([
    fresh.length === 0 ? [] : directory.resolveEach(fresh.map(({ device }) => device)),
    Promise.all(open.map((request) => observe(request, view, directory))),
  ]);
  const begun = observed.flatMap((one) => one ?? []);
  refuseOutage([...found, ...begun.map(({ device }) => device)]);
  return {
    matches: new Map(fresh.map((request, index) => [request, found[index] ?? []])),
    observed: new Map(begun.map(({ request, device }) => [request, device])),
  };
}

interface Observed {
  readonly request: LifecycleRequest;
  readonly device: ManagedDevice | null | GraphReadError;
}

/** Null for a request that is not begun. */
async function observe(request: LifecycleRequest, view: LedgerSnapshot, directory: DeviceDirectory): Promise<Observed | null> {
  const { begun } = view.historyOf(request);
  if (begun === null) return null;
  try {
    return { request, device: await directory.observe(deviceReference(begun.plan)) };
  } catch (error) {
    if (error instanceof GraphReadError) return { request, device: error };
    throw error;
  }
}

/**
 * One message for what is one trouble: Graph is away or takes no token, or the same holds for all
 * of several devices.
 */
function refuseOutage(read: readonly unknown[]): void {
  const errors = read.filter((one) => one instanceof GraphReadError);
  const [first, ...others] = errors;
  if (first === undefined || errors.length < read.length) return;
  const isForAll = others.length > 0 && others.every(({ status }) => status === first.status);
  if (isForAll || errors.every(isOfGraph)) throw first;
}

function isOfGraph({ status }: GraphReadError): boolean {
  return status === null || status === 401 || status === 429 || status >= 500;
}
