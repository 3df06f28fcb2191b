import type { AuditEvent, AuditResource, AuditActor as GraphActor } from "@microsoft/microsoft-graph-types-beta";
import type { AuditActor, AuditedAction } from "../../domain/audit-log.ts";
import { isObject } from "../../domain/json.ts";
import { type Entry, type EntryContext, eventOf, idOf, instantOf, textOf } from "./audit-fields.ts";
import { destructiveAction, destructiveActivity, isBulkActivity } from "./audited-action.ts";

type EventFields = Readonly<Partial<Record<keyof AuditEvent, unknown>>>;
type ActorFields = Readonly<Partial<Record<keyof GraphActor, unknown>>>;
type ResourceFields = Readonly<Partial<Record<keyof AuditResource, unknown>>>;

/**
 * What an audit event says of devices that were erased or taken out of management: one entry for
 * each, one without a device where it names none, and none for what is no such event. Source:
 * https://learn.microsoft.com/graph/api/resources/intune-auditing-auditevent
 */
export function parseAuditEvent(entry: Entry, context: EntryContext): readonly AuditedAction[] {
  const fields: EventFields = entry;
  const words = [fields.activityType, fields.activity, fields.displayName].find(
    (value) => typeof value === "string" && value.trim() !== "",
  );
  const action = typeof words === "string" ? (destructiveActivity(words) ?? bulkAction(words, fields.resources)) : null;
  if (action === null) return [];
  const instant = instantOf(fields.activityDateTime);
  if (instant !== null && instant < context.since) return [];
  const event = eventOf(entry, context);
  const common = {
    action,
    at: new Date(instant ?? context.until).toISOString(),
    actor: parseActor(fields.actor, context),
    correlationId: idOf(fields.correlationId, context),
    hasFailed: typeof fields.activityResult === "string" && /^fail/i.test(fields.activityResult.trim()),
  };
  const devices = devicesOf(fields.resources, context);
  if (devices.length === 0) return [{ event, ...common, device: null, deviceName: null }];
  return devices.map(({ device, deviceName }) => ({
    event: devices.length === 1 ? event : `${event}/${device ?? "none"}`,
    ...common,
    device,
    deviceName,
  }));
}

/** Null also where nothing tells which action it was. */
function bulkAction(activityType: string, resources: unknown): string | null {
  if (!isBulkActivity(activityType) || !Array.isArray(resources)) return null;
  const properties = resources
    .filter(isObject)
    .flatMap(({ modifiedProperties: list }) => (Array.isArray(list) ? list.filter(isObject) : []));
  const values = properties.map(({ newValue }) => newValue).filter((value) => typeof value === "string");
  return values.map((value) => destructiveAction(value)).find((action) => action !== null) ?? null;
}

function parseActor(value: unknown, context: EntryContext): AuditActor {
  const actor: ActorFields = isObject(value) ? value : {};
  return {
    application: idOf(actor.applicationId, context),
    applicationName: textOf(actor.applicationDisplayName, context),
    servicePrincipal: textOf(actor.servicePrincipalName, context),
    user: textOf(actor.userPrincipalName, context),
    userId: idOf(actor.userId, context),
    ipAddress: textOf(actor.ipAddress, context),
  };
}

/** Each device once; resources of another type than a device, where the type is told, are none. */
function devicesOf(resources: unknown, context: EntryContext): readonly Pick<AuditedAction, "device" | "deviceName">[] {
  const list: readonly ResourceFields[] = Array.isArray(resources) ? resources.filter(isObject) : [];
  const found = list.filter(isDevice).map((resource) => ({
    device: idOf(resource.resourceId, context),
    deviceName: textOf(resource.displayName, context),
  }));
  return [...new Map(found.map((one) => [one.device ?? `name ${one.deviceName}`, one])).values()];
}

function isDevice({ auditResourceType, type }: ResourceFields): boolean {
  const told = [auditResourceType, type].find((value) => typeof value === "string" && value !== "");
  return typeof told !== "string" || /device/i.test(told);
}
