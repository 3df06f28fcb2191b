import type { RemoteActionAudit } from "@microsoft/microsoft-graph-types-beta";
import type { AuditedAction } from "../../domain/audit-log.ts";
import { type Entry, type EntryContext, eventOf, idOf, instantOf, textOf } from "./audit-fields.ts";
import { destructiveAction } from "./audited-action.ts";

type AuditFields = Readonly<Partial<Record<keyof RemoteActionAudit, unknown>>>;

/**
 * An entry of beta's list of remote actions: it names a person at most, no application and no
 * request. Empty for an action that destroys nothing. Source:
 * https://learn.microsoft.com/graph/api/resources/intune-devices-remoteactionaudit
 */
export function parseActionAudit(entry: Entry, context: EntryContext): readonly AuditedAction[] {
  const fields: AuditFields = entry;
  const action = typeof fields.action === "string" ? destructiveAction(fields.action) : null;
  if (action === null) return [];
  const instant = instantOf(fields.requestDateTime);
  if (instant !== null && instant < context.since) return [];
  const user = textOf(fields.initiatedByUserPrincipalName, context) ?? textOf(fields.userName, context);
  return [
    {
      event: eventOf(entry, context),
      action,
      at: new Date(instant ?? context.until).toISOString(),
      device: idOf(fields.managedDeviceId, context),
      deviceName: textOf(fields.deviceDisplayName, context),
      actor: { application: null, applicationName: null, servicePrincipal: null, user, userId: null, ipAddress: null },
      correlationId: null,
      hasFailed: false,
    },
  ];
}
