import { type Diagnostic, sortDiagnostics } from "../domain/diagnostic.ts";
import { NotVisibleError } from "../domain/errors.ts";
import type { ManagedDevice } from "../domain/managed-device.ts";
import { deviceReference, type PlannedDevice } from "../domain/plan.ts";
import type { DeviceDirectory, LedgerContents } from "../domain/ports.ts";
import type { LifecycleRequest } from "../domain/request.ts";
import { orFailure } from "../graph/resolve-failure.ts";
import { compilePlan } from "../request/compile-plan.ts";
import { checkRequests } from "./check-requests.ts";
import { LedgerView } from "./ledger-view.ts";
import type { Settings } from "./settings.ts";
import { isInShard } from "./shard.ts";
import type { Matches, Surveyed } from "./surveyed.ts";

export interface Survey {
  /** In the order of the files; only requests of this stack's shard. */
  readonly requests: readonly Surveyed[];
  /** Reasons for which nothing may be done. */
  readonly refusals: readonly Diagnostic[];
  /** The ledger as it was read once. */
  readonly view: LedgerView;
}

/**
 * Looks at everything that may refuse, before the first resource is registered: reads what is unfinished from Graph in
 * batches, and checks every rule over all requests, of other shards too.
 */
export async function survey(
  requests: readonly LifecycleRequest[],
  ledger: LedgerContents,
  directory: DeviceDirectory,
  settings: Settings,
  now: number,
): Promise<Survey> {
  const view = new LedgerView(ledger.records);
  const open = requests.filter((request) => !view.isEnded(request));
  const fresh = open.filter((request) => view.historyOf(request).begun === null);
  const [matches, observed] = await Promise.all([resolve(fresh, directory), observe(open, view, directory)]);
  const surveyed = requests.flatMap((request) => surveyOne(request, view, matches, observed));
  const refusals = checkRequests({ requests, surveyed, matches, view, settings, now });
  const own = surveyed.filter(({ request }) => isInShard(request.name, settings.shard));
  return { requests: own, refusals: sortDiagnostics(refusals), view };
}

async function resolve(fresh: readonly LifecycleRequest[], directory: DeviceDirectory): Promise<Matches> {
  if (fresh.length === 0) return new Map();
  const selectors = fresh.map((request) => request.device);
  const each = (await directory.resolveEach?.(selectors)) ?? (await directory.resolve(selectors));
  const found = orFailure(
    selectors,
    each.map((result) => (result instanceof NotVisibleError ? [] : result)),
  );
  const answers = each.map((result, index) => (result instanceof NotVisibleError ? result : (found[index] ?? [])));
  return new Map(fresh.map((request, index) => [request, answers[index] ?? []]));
}

type Observed = ReadonlyMap<LifecycleRequest, ManagedDevice | NotVisibleError | null>;

/** One device that nobody shows us stops one request, and not the run. */
function orNotVisible(error: unknown): NotVisibleError {
  if (error instanceof NotVisibleError) return error;
  throw error;
}

/** The devices of begun requests, by the id that their plan was frozen with. */
async function observe(open: readonly LifecycleRequest[], view: LedgerView, directory: DeviceDirectory): Promise<Observed> {
  const begun = open.flatMap((request) => {
    const { begun: record } = view.historyOf(request);
    return record === null ? [] : [{ request, plan: record.plan }];
  });
  const devices = await Promise.all(begun.map(({ plan }) => directory.observe(deviceReference(plan)).catch(orNotVisible)));
  return new Map(begun.map(({ request }, index) => [request, devices[index] ?? null]));
}

/** Empty for a request whose device was not found: it is refused, not registered. */
function surveyOne(request: LifecycleRequest, view: LedgerView, matches: Matches, observed: Observed): Surveyed[] {
  const history = view.historyOf(request);
  const { begun, lastOutcome } = history;
  const ended = view.isEnded(request);
  const answer = matches.get(request) ?? [];
  const found = answer instanceof NotVisibleError ? [] : answer;
  const looked = begun === null ? found[0] : observed.get(request);
  const notVisible = looked instanceof NotVisibleError ? looked : undefined;
  const device = looked instanceof NotVisibleError ? null : looked;
  const planned = begun?.plan.device ?? (ended ? lastOutcome?.device : found.length === 1 ? device : undefined);
  if (planned === undefined || planned === null) return [];
  const plan = begun?.plan ?? compilePlan(request, plannedDevice(planned));
  const seen = { device: ended ? undefined : (device ?? null), ...(notVisible === undefined ? {} : { notVisible }) };
  return [{ request, history, plan, ...seen, isEnded: ended }];
}

function plannedDevice({ id, serialNumber, enrolledDateTime }: PlannedDevice): PlannedDevice {
  return { id, serialNumber, enrolledDateTime };
}
