type Schema = Readonly<Record<string, unknown>>;

const TEXT: Schema = { type: "string", nullable: true };
const ID: Schema = { type: "string" };
const TIME: Schema = { type: "string", format: "date-time" };

const closed = (properties: Schema, required: readonly string[] = []): Schema => ({
  type: "object",
  additionalProperties: false,
  properties,
  required,
});
const listOf = (items: Schema): Schema => ({ type: "array", items });
const texts = (...names: readonly string[]): Schema => Object.fromEntries(names.map((name) => [name, TEXT]));

const ACTOR = closed({
  ...texts("type", "auditActorType", "applicationId", "applicationDisplayName", "userPrincipalName", "servicePrincipalName"),
  ...texts("ipAddress", "userId", "remoteTenantId", "remoteUserId"),
  userPermissions: { ...listOf(ID), nullable: true },
});

const RESOURCE = closed({
  ...texts("displayName", "type", "auditResourceType", "resourceId"),
  modifiedProperties: { ...listOf(closed(texts("displayName", "oldValue", "newValue"))), nullable: true },
});

/** https://learn.microsoft.com/graph/api/resources/intune-auditing-auditevent */
const EVENT = closed(
  {
    id: ID,
    ...texts("displayName", "componentName", "activity", "activityType", "activityOperationType", "activityResult", "category"),
    activityDateTime: TIME,
    correlationId: { type: "string", format: "uuid" },
    actor: { ...ACTOR, nullable: true },
    resources: { ...listOf(RESOURCE), nullable: true },
  },
  ["id", "activityDateTime", "correlationId"],
);

const STATES = ["none", "pending", "canceled", "active", "done", "failed", "notSupported"];

/** https://learn.microsoft.com/graph/api/resources/intune-devices-remoteactionaudit */
const ACTION_AUDIT = closed(
  {
    id: ID,
    ...texts("deviceDisplayName", "userName", "initiatedByUserPrincipalName", "deviceOwnerUserPrincipalName", "deviceIMEI"),
    ...texts("managedDeviceId", "bulkDeviceActionId"),
    action: ID,
    requestDateTime: TIME,
    actionState: { type: "string", enum: STATES },
    deviceActionCategory: { type: "string", enum: ["single", "bulk"] },
  },
  ["id", "action", "requestDateTime"],
);

function listPath(item: Schema): Schema {
  const query = ["$filter", "$top", "$skiptoken", "$count"].map((name) => ({ name, in: "query", schema: { type: "string" } }));
  const page = closed(
    {
      "@odata.context": ID,
      "@odata.count": { type: "integer" },
      "@odata.nextLink": ID,
      value: listOf(item),
    },
    ["value"],
  );
  const ok = { description: "a page", content: { "application/json": { schema: page } } };
  const error = { description: "an error", content: { "application/json": { schema: { type: "object", required: ["error"] } } } };
  return { get: { parameters: query, responses: { "200": ok, "4XX": error, "5XX": error } } };
}

/**
 * What the published descriptions beside the folder lack: written by hand from Microsoft's pages,
 * which name the properties and do not say which options a query takes.
 */
export const AUDIT_PATHS: Schema = {
  "/v1.0/deviceManagement/auditEvents": listPath(EVENT),
  "/beta/deviceManagement/auditEvents": listPath(EVENT),
  "/beta/deviceManagement/remoteActionAudits": listPath(ACTION_AUDIT),
};
