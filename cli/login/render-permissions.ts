import { findRemoteAction } from "../../providers/domain/actions/action-table.ts";
import { grantOf } from "../../providers/graph/actions/permission.ts";
import type { AccessToken } from "../../providers/identity/access-token.ts";

/**
 * What the person may do to devices by the token's own account; one that cannot be read says
 * nothing.
 */
export function renderPermissions(token: AccessToken): string {
  if (token.claims === null) return "its permissions cannot be read here; Graph will tell";
  const own = token.claims.scp.filter((scope) => scope.startsWith("DeviceManagement"));
  const list = own.length === 0 ? "no permission for devices" : own.join(", ");
  const action = findRemoteAction("bypassActivationLock");
  if (action === undefined || grantOf(action, token, false) === "granted") return `permissions: ${list}`;
  return `permissions: ${list}\nWARNING: it lacks ${action.permission.delegated}, which actions on devices need: add it to the application and have an administrator consent`;
}
