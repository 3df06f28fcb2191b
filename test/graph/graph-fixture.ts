import { findRemoteAction, type RemoteAction } from "../../providers/domain/actions/action-table.ts";
import { GraphReadError } from "../../providers/domain/errors.ts";
import type { ManagedDevice } from "../../providers/domain/managed-device.ts";
import type { DeviceReference } from "../../providers/domain/plan.ts";
import type { ActionCall } from "../../providers/domain/ports.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import type { DeviceSelector } from "../../providers/domain/request.ts";
import { createWire, type Wire } from "../../providers/graph/client/wire.ts";
import { createGraph } from "../../providers/graph/create-graph.ts";
import type { Graph, GraphOptions } from "../../providers/graph/graph.ts";
import { type AccessToken, parseAccessToken, type TokenSource } from "../../providers/identity/access-token.ts";
import { cacheTokens } from "../../providers/identity/token-cache.ts";
import { parseGraphEndpoint } from "../../providers/support/cloud.ts";
import { type TestClock, testClock } from "../support/test-clock.ts";

export const DEVICE_ID = "a1b2c3d4-0000-4000-8000-000000000001";

export const DEVICE: DeviceReference = { id: DEVICE_ID, path: { kind: "managedDevices" } };

/** Never to be seen outside an Authorization header. */
export const APPLICATION_TOKEN = "application-token-5f2e9c";
export const DELEGATED_TOKEN = "delegated-token-77ab01";

export function opaqueTokens(application: string | null = APPLICATION_TOKEN, delegated: string | null = null): TokenSource {
  const token = (text: string | null): AccessToken | null => (text === null ? null : parseAccessToken(new Redacted(text)));
  return { application: async () => token(application), delegated: async () => token(delegated) };
}

/** A token as Entra makes them, unsigned. */
export function jwt(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part(claims)}.c2lnbmF0dXJl`;
}

/** What fits each selector; throws the first error where there is one. */
export async function resolveAll(
  { directory }: Pick<Graph, "directory">,
  selectors: readonly DeviceSelector[],
): Promise<readonly (readonly ManagedDevice[])[]> {
  const results = await directory.resolveEach(selectors);
  return results.map((result) => {
    if (result instanceof GraphReadError) throw result;
    return result;
  });
}

export interface TestGraph extends Graph {
  readonly clock: TestClock;
  readonly progress: readonly string[];
  /** Requests on the wire so far, every try of every call. */
  requestCount(): number;
}

/**
 * Graph at an address on this machine, with time that passes only by sleeping and without jitter.
 */
export function graphAt(url: string, { monotonic, ...options }: Partial<GraphOptions> = {}): TestGraph {
  const clock = testClock();
  const used = options.clock ?? clock;
  const progress: string[] = [];
  let made = 0;
  const uuid = () => {
    made += 1;
    return `00000000-0000-4000-8000-${String(made).padStart(12, "0")}`;
  };
  const wire = options.wire ?? createWire();
  let requests = 0;
  const counted: Wire = (request) => {
    requests += 1;
    return wire(request);
  };
  const graph = createGraph({
    endpoint: parseGraphEndpoint("global", url),
    clock,
    monotonic: monotonic ?? (() => used.now()),
    uuid,
    random: () => 1,
    onProgress: (text) => progress.push(text),
    ...options,
    wire: counted,
    tokens: cacheTokens(options.tokens ?? opaqueTokens(), used),
  });
  return { ...graph, clock, progress, requestCount: () => requests };
}

export function action(name: string): RemoteAction {
  const found = findRemoteAction(name);
  if (found === undefined) throw new Error(`no action ${name}`);
  return found;
}

export function actionCall(name: string, more: Partial<ActionCall> = {}): ActionCall {
  return {
    device: DEVICE,
    action: action(name),
    parameters: {},
    clientRequestId: "c0ffee00-0000-4000-8000-000000000042",
    justification: "Leaver returned the iPad · INC-4711",
    holdBack: async () => null,
    ...more,
  };
}

/** A managedDevice as Graph answers it. */
export function managedDevice(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#deviceManagement/managedDevices/$entity",
    id: DEVICE_ID,
    serialNumber: "DMPXK2ABCDEF",
    deviceName: "Leeds iPad 0042",
    operatingSystem: "iPadOS",
    osVersion: "18.1",
    isSupervised: true,
    managedDeviceOwnerType: "company",
    managementState: "managed",
    userPrincipalName: "j.doe@contoso.example",
    userId: "11111111-2222-4333-8444-555555555555",
    deviceCategoryDisplayName: "Sales",
    manufacturer: "Apple",
    model: "iPad Air",
    deviceEnrollmentType: "appleBulkWithUser",
    managementAgent: "mdm",
    enrolledDateTime: "2025-03-01T09:30:00Z",
    lastSyncDateTime: "2026-11-19T08:00:00.1234567Z",
    deviceActionResults: [],
    ...more,
  };
}
