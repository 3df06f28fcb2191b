import type { GraphCall } from "./graph-call.ts";

/** What stands in the place of `{…}` in a path. */
export interface RouteParameters {
  readonly device?: string;
  readonly user?: string;
  readonly app?: string;
  /** The device whose users `…/managedDevices/{}/users/{}` names. */
  readonly viaDevice?: string;
  readonly script?: string;
  readonly runState?: string;
  readonly approval?: string;
  readonly policy?: string;
}

type RouteKind =
  | "device"
  | "devices"
  | "batch"
  | "apps"
  | "app"
  | "runStates"
  | "approvals"
  | "approval"
  | "auditEvents"
  | "actionAudits"
  | "policies"
  | "states";

/** What a path leads to; names and ids in it are in `parameters`. */
export interface Route {
  readonly kind: RouteKind;
  readonly parameters: RouteParameters;
  /** Name of the action after a device; null for the device itself. */
  readonly action: string | null;
}

const MANAGED = "deviceManagement/managedDevices";
const APPS = "deviceManagement/detectedApps";
const RUN_STATES = "deviceManagement/deviceManagementScripts/{script}/deviceRunStates";

/**
 * Every path that is served. `deviceManagementScripts` is answered in both versions, as the
 * published path lists have it; the documented examples use beta.
 */
const TABLE: readonly (readonly [RouteKind, string])[] = [
  ["devices", MANAGED],
  ["devices", "users/{user}/managedDevices"],
  ["devices", `${APPS}/{app}/managedDevices`],
  ["devices", `${APPS}/{app}/managedDevices/{viaDevice}/users/{user}/managedDevices`],
  ["device", `${MANAGED}/{device}`],
  ["device", "users/{user}/managedDevices/{device}"],
  ["device", `${APPS}/{app}/managedDevices/{device}`],
  ["device", `${APPS}/{app}/managedDevices/{viaDevice}/users/{user}/managedDevices/{device}`],
  ["device", `${RUN_STATES}/{runState}/managedDevice`],
  ["device", `${RUN_STATES}/{runState}/managedDevice/detectedApps/{app}/managedDevices/{device}`],
  ["batch", "$batch"],
  ["apps", APPS],
  ["app", `${APPS}/{app}`],
  ["runStates", RUN_STATES],
  ["states", `${MANAGED}/{device}/deviceConfigurationStates`],
  ...["configurationPolicies", "deviceConfigurations"].flatMap((list): readonly (readonly [RouteKind, string])[] => [
    ["policies", `deviceManagement/${list}`],
    ["policies", `deviceManagement/${list}/{policy}`],
    ["policies", `deviceManagement/${list}/{policy}/assignments`],
    ["policies", `deviceManagement/${list}/{policy}/assign`],
  ]),
  ["policies", "deviceManagement/configurationPolicies/{policy}/settings"],
  ["approvals", "deviceManagement/operationApprovalRequests"],
  ["approval", "deviceManagement/operationApprovalRequests/{approval}"],
  ["auditEvents", "deviceManagement/auditEvents"],
  ["actionAudits", "deviceManagement/remoteActionAudits"],
];

const PATTERNS = TABLE.map(([kind, path]) => ({ kind, pattern: path.split("/") }));

/** Paths that Graph has in beta only. */
const BETA_ONLY: readonly RouteKind[] = ["approvals", "approval", "actionAudits"];

function isBetaOnly(kind: RouteKind, pattern: readonly string[]): boolean {
  return BETA_ONLY.includes(kind) || pattern.includes("configurationPolicies");
}

const QUALIFIER = "microsoft.graph.";

/** Null for a path that Graph does not have in this version. */
export function matchRoute(call: Pick<GraphCall, "segments" | "version">): Route | null {
  const exact = match(call, call.segments);
  if (exact !== null) return { ...exact, action: null };
  const last = call.segments.at(-1);
  const owner = match(call, call.segments.slice(0, -1));
  if (last === undefined || owner?.kind !== "device") return null;
  return { ...owner, action: last.startsWith(QUALIFIER) ? last.slice(QUALIFIER.length) : last };
}

function match(call: Pick<GraphCall, "version">, segments: readonly string[]): Omit<Route, "action"> | null {
  for (const { kind, pattern } of PATTERNS) {
    if (pattern.length !== segments.length || (call.version !== "beta" && isBetaOnly(kind, pattern))) continue;
    const parameters = bind(pattern, segments);
    if (parameters !== null) return { kind, parameters };
  }
  return null;
}

function bind(pattern: readonly string[], segments: readonly string[]): RouteParameters | null {
  const bound: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? "";
    if (!part.startsWith("{")) {
      if (part !== segment) return null;
    } else if (segment === "") {
      return null;
    } else {
      bound[part.slice(1, -1)] = segment;
    }
  }
  return bound;
}
