import { findRemoteAction, REMOTE_ACTIONS, type RemoteAction } from "../../providers/domain/actions/action-table.ts";
import type { DeviceStore } from "./devices/device-store.ts";
import type { GraphCall } from "./graph-call.ts";
import type { CallDescription, CallKind } from "./journal.ts";
import type { Route } from "./routes.ts";

/**
 * The action that a call asks for; undefined for a name or a version that Graph does not have, null
 * for no action.
 */
export function actionOf(call: Pick<GraphCall, "method" | "version">, route: Route): RemoteAction | null | undefined {
  if (route.kind !== "device") return null;
  if (route.action === null) return call.method === "DELETE" ? deleteAction() : null;
  const action = findRemoteAction(route.action);
  const served = action !== undefined && action.method === "POST" && (action.version === "v1.0" || call.version === "beta");
  return served ? action : undefined;
}

function deleteAction(): RemoteAction | undefined {
  const actions: readonly RemoteAction[] = REMOTE_ACTIONS;
  return actions.find((action) => action.method === "DELETE");
}

/** What a call is about, before anything is checked. */
export function describeCall(call: GraphCall, route: Route | null, devices: DeviceStore): CallDescription {
  if (route === null) return { kind: "other", action: null, deviceId: null, serialNumber: null, batched: call.batched };
  const device = route.kind === "device" || route.kind === "states" ? devices.byPath(route.parameters) : undefined;
  const action = actionOf(call, route);
  return {
    kind: kindOf(call, route),
    action: action?.name ?? null,
    deviceId: device?.id ?? route.parameters.device ?? null,
    serialNumber: device?.serialNumber ?? null,
    batched: call.batched,
  };
}

function kindOf(call: GraphCall, route: Route): CallKind {
  switch (route.kind) {
    case "devices":
      return "list";
    case "batch":
      return "batch";
    case "approvals":
    case "approval":
      return "approvals";
    case "auditEvents":
    case "actionAudits":
      return "audit";
    case "policies":
      return call.method === "GET" ? "policies" : "policyWrite";
    case "states":
      return "states";
    case "device":
      return deviceKind(call);
    default:
      return "other";
  }
}

function deviceKind(call: GraphCall): CallKind {
  if (call.method !== "GET") return "action";
  return call.query.get("$select")?.includes("activationLockBypassCode") === true ? "readCode" : "read";
}
