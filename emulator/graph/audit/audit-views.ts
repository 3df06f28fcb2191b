import type { AuditEvent, RemoteActionAudit } from "@microsoft/microsoft-graph-types-beta";
import type { JsonObject } from "../../../providers/domain/json.ts";
import { stateAt } from "../actions/action-progress.ts";
import { guidFrom } from "../devices/derive.ts";
import { graphTime } from "../devices/timestamps.ts";
import type { AuditEntry } from "./audit-book.ts";

/** Microsoft's type with every property there, as an answer has them. */
type Whole<T> = { readonly [K in keyof Required<T>]: unknown };

/** An event as v1.0 and beta answer it. */
export function auditEventView(entry: AuditEntry): JsonObject {
  const { id, at, correlationId, actor, about, raw } = entry;
  if (raw !== null) return { id, activityDateTime: graphTime(at), ...raw };
  const action = about?.pending.action;
  const verb = action?.method === "DELETE" ? "Delete" : (action?.name ?? "");
  const view = {
    id,
    displayName: action?.title ?? null,
    componentName: "DeviceManagement",
    activity: null,
    activityDateTime: graphTime(at),
    activityType: `${verb} ManagedDevice`,
    activityOperationType: action?.method === "DELETE" ? "Delete" : "Action",
    activityResult: "Success",
    correlationId,
    category: "Device",
    actor: {
      auditActorType: actor.userPrincipalName === undefined ? "Application" : "ItPro",
      userPermissions: [],
      applicationId: actor.applicationId ?? null,
      applicationDisplayName: actor.applicationDisplayName ?? null,
      userPrincipalName: actor.userPrincipalName ?? null,
      servicePrincipalName: actor.servicePrincipalName ?? null,
      ipAddress: actor.ipAddress ?? null,
      userId: actor.userId ?? null,
    },
    resources: about === null ? [] : [resourceOf(about.device)],
  } satisfies Whole<AuditEvent>;
  return view;
}

function resourceOf({ id, properties }: NonNullable<AuditEntry["about"]>["device"]): JsonObject {
  return {
    displayName: typeof properties.deviceName === "string" ? properties.deviceName : null,
    auditResourceType: "ManagedDevice",
    resourceId: id,
    modifiedProperties: [{ displayName: "AzureADDeviceId", oldValue: null, newValue: guidFrom(`entra:${id}`) }],
  };
}

/** When the event says that it was: milliseconds. */
export function timeOf({ at, raw }: AuditEntry): number {
  return typeof raw?.activityDateTime === "string" ? Date.parse(raw.activityDateTime) : at;
}

/** An entry of beta's list: of a device alone. */
export function actionAuditView({ id, at, actor, about }: AuditEntry, now: number): JsonObject {
  if (about === null) return { id };
  const { device, pending } = about;
  const { deviceName = null, imei = null, userPrincipalName = null } = device.properties;
  const view = {
    id: guidFrom(`action:${id}`),
    deviceDisplayName: deviceName,
    userName: actor.userPrincipalName ?? "",
    initiatedByUserPrincipalName: actor.userPrincipalName ?? "",
    action: pending.actionName,
    requestDateTime: graphTime(at),
    deviceOwnerUserPrincipalName: userPrincipalName,
    deviceIMEI: imei,
    actionState: stateAt(pending, now),
    managedDeviceId: device.id,
    deviceActionCategory: "single",
    bulkDeviceActionId: null,
  } satisfies Whole<RemoteActionAudit>;
  return view;
}
