import type { Diagnostic, SourceLocation } from "../../providers/domain/diagnostic.ts";
import type { LedgerRecord } from "../../providers/domain/ledger-record.ts";
import type { ManagedDevice } from "../../providers/domain/managed-device.ts";
import type { LifecycleRequest, RequestKey } from "../../providers/domain/request.ts";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import { historyOf } from "../../providers/engine/history.ts";
import { LedgerSnapshot } from "../../providers/pulumi/program/ledger-snapshot.ts";
import { type ResolvedRequests, resolveRequests } from "../../providers/pulumi/program/resolve-requests.ts";
import type { ResolvedRequest } from "../../providers/pulumi/program/resolved-request.ts";
import type { ReviewGate } from "../../providers/pulumi/review-gate.ts";
import type { Settings } from "../../providers/pulumi/settings.ts";
import { World } from "./fakes.ts";
import { IPAD } from "./fakes-devices.ts";
import { settings } from "./fakes-pulumi.ts";
import { AT } from "./fakes-records.ts";
import { jobOf, lifecycleRequest, type StepText } from "./fakes-requests.ts";
import { factsOf } from "./ledger-contents.ts";

const KEYS = ["device", "playbook", "steps", "expires", "acknowledge", "repeats", "generation", "onDrift"] as const;
const SOURCE: SourceLocation = { file: "devices/requests/a.yaml", line: 10, column: 5 };

/** Each key stands in a line of its own: device in 11, playbook in 12, and so on. */
const PLACES = Object.fromEntries(KEYS.map((key, index) => [key, { ...SOURCE, line: 11 + index, column: 7 }]));
/** `file:line:column` of a key. */
export const at = (key: RequestKey) => `devices/requests/a.yaml:${11 + KEYS.indexOf(key)}:7`;
export const AT_SOURCE = "devices/requests/a.yaml:10:5";

/** A request whose every key has a place of its own. */
export function request(steps: readonly string[], changes: Partial<LifecycleRequest> = {}): LifecycleRequest {
  return lifecycleRequest(steps, { source: SOURCE, places: PLACES, ...changes });
}

/** A request with its device and plan, as the program resolves it. */
export function entryOf(
  { steps, ...changes }: Partial<Omit<LifecycleRequest, "steps">> & { readonly steps: readonly StepText[] },
  found: { readonly records?: readonly RequestRecord[]; readonly device?: ManagedDevice | null; readonly isEnded?: boolean } = {},
): ResolvedRequest {
  const wanted = lifecycleRequest(steps, changes);
  const { records = [], device = IPAD, isEnded = false } = found;
  const history = historyOf(records);
  return {
    request: wanted,
    history,
    plan: history.begun?.plan ?? jobOf(wanted).plan,
    device: isEnded ? undefined : device,
    unreadable: null,
    isEnded,
  };
}

/** What the program finds: requests, devices in Intune, the ledger, the stack's configuration. */
export interface Folder {
  readonly requests: readonly LifecycleRequest[];
  /** The iPad unless said. */
  readonly devices?: readonly ManagedDevice[];
  readonly records?: readonly LedgerRecord[];
  readonly settings?: Partial<Settings>;
  readonly unreviewed?: ReviewGate;
}

export function resolvedOf(
  { requests, devices = [IPAD], records = [], settings: changes = {}, unreviewed = () => null }: Folder,
  world = new World(null),
): Promise<ResolvedRequests> {
  for (const device of devices) world.graph.enrol(device);
  return resolveRequests(requests, world.graph, {
    view: new LedgerSnapshot(factsOf(...records)),
    settings: settings(changes),
    unreviewed,
    now: Date.parse(AT),
  });
}

export async function refusalsOf(folder: Folder): Promise<readonly Diagnostic[]> {
  return (await resolvedOf(folder)).refusals;
}
