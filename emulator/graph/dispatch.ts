import { listApprovals, readApproval } from "./actions/approval-answers.ts";
import { performAction } from "./actions/perform-action.ts";
import { listActionAudits, listAuditEvents } from "./audit/audit-reads.ts";
import { authenticate, refuseConfiguration, refusePermission } from "./authorization.ts";
import { actionOf } from "./describe-call.ts";
import type { DeviceStore } from "./devices/device-store.ts";
import { listApps, listRunStates, readApp } from "./devices/neighbours.ts";
import { gatewayError, intuneError } from "./faults/error-answer.ts";
import type { FaultPlan } from "./faults/fault-plan.ts";
import { type GraphAnswer, type GraphCall, jsonAnswer } from "./graph-call.ts";
import type { RecordedRequest } from "./journal.ts";
import { answerPolicies } from "./policies/answer-policies.ts";
import type { ReportedState } from "./policies/policy-book.ts";
import { listDevices, readDevice } from "./reads/device-reads.ts";
import type { Route } from "./routes.ts";
import type { World } from "./world.ts";

/** A call with what it asks for and what its faults do to it. */
export interface RoutedCall {
  readonly call: GraphCall;
  /** Null for a path that Graph does not have. */
  readonly route: Route | null;
  readonly record: Pick<RecordedRequest, "sequence" | "deviceId">;
  readonly plan: FaultPlan;
}

/**
 * One call that is not a `$batch`: who calls, how often, whether they may, and only then what they
 * ask for.
 */
export async function dispatch({ call, route, record, plan }: RoutedCall, world: World): Promise<GraphAnswer> {
  const caller = authenticate(call, world.authorization);
  if ("status" in caller) return caller;
  const throttled = world.throttle?.admit(call);
  if (throttled) return throttled;
  const action = route === null ? undefined : actionOf(call, route);
  if (route === null || action === undefined) return notFound(call, route);
  if (route.kind === "policies")
    return refuseConfiguration(call, caller) ?? answerPolicies(call, route.parameters, world.policies, world.reads.baseUrl);
  const isAction = action !== null;
  if (!isAction && call.method !== "GET") return notAllowed(call);
  if (isAction && call.method !== action.method) return notAllowed(call);
  const refusal = refusePermission(call, caller, { route, action }, world.authorization);
  if (refusal !== null) return refusal;
  return isAction
    ? performAction({ call, route, action, record, actor: caller.actor, forced: plan.result }, world)
    : read(call, route, plan.hideCode, world);
}

/** A path that Graph does not have in this version, or an action that the table does not know. */
function notFound(call: GraphCall, route: Route | null): GraphAnswer {
  if (route !== null && route.action === null) return notAllowed(call);
  return gatewayError(call, 400, `Resource not found for the segment '${call.segments.at(-1) ?? ""}'.`);
}

function notAllowed(call: GraphCall): GraphAnswer {
  return gatewayError(call, 405, "The requested resource does not support the HTTP method.");
}

function read(call: GraphCall, route: Route, hideCode: boolean, world: World): GraphAnswer {
  const { devices, approvals, reads } = world;
  switch (route.kind) {
    case "device":
      return readDevice(call, route, devices, { ...reads, hideCode });
    case "devices":
      return listDevices(call, route, devices, reads);
    case "apps":
      return listApps(devices);
    case "app":
      return readApp(call, route.parameters.app ?? "", devices);
    case "runStates":
      return listRunStates(call, route.parameters.script ?? "", devices);
    case "approvals":
      return listApprovals(call, approvals);
    case "approval":
      return readApproval(call, route.parameters.approval ?? "", approvals);
    case "auditEvents":
      return listAuditEvents(call, world);
    case "actionAudits":
      return listActionAudits(call, world);
    case "states":
      if (devices.byPath(route.parameters) === undefined) return intuneError(call, 404, "The requested device was not found.");
      return jsonAnswer(200, { value: world.policies.reportedBy(deviceIdOf(route, devices)).map(stateOf) });
    case "policies":
    case "batch":
      return notAllowed(call);
  }
}

/** As the device itself is called: the path may have another spelling of its id. */
function deviceIdOf({ parameters }: Route, devices: DeviceStore): string {
  return devices.byPath(parameters)?.id ?? "";
}

function stateOf({ displayName, state }: ReportedState, index: number) {
  return { id: `state-${index}`, displayName, version: 1, platformType: "iOS", state, settingCount: 1 };
}
