import type { RemoteAction } from "../../domain/actions/action-table.ts";
import type { PermissionAnswer } from "../../domain/ports.ts";
import type { AccessToken, Identity } from "../../identity/access-token.ts";
import { LOGIN } from "../../support/dlr-command.ts";

/** Whether one token carries what an action needs. */
export type Grant = "granted" | "missing" | "unknown";

/** The tokens at hand. */
export interface Tokens {
  readonly application: AccessToken | null;
  readonly delegated: AccessToken | null;
  /** Why there is no token of a person, where one should be there. */
  readonly why?: string;
}

/** Microsoft's documentation spells one permission in two ways, and tenants have either. */
const SPELLINGS: readonly (readonly string[])[] = [
  ["DeviceManagementManagedDevices.PrivilegedOperations.All", "DeviceManagementManagedDevices.PriviligedOperation.All"],
];

/**
 * Reads whose token it is from its claims, not from its variable: scopes make it a person's, roles
 * the application's. `refused`: Graph refused it already.
 */
export function grantOf(action: RemoteAction, token: AccessToken | null, refused: boolean): Grant {
  if (token === null || refused) return "missing";
  if (token.claims === null) return "unknown";
  const { scp, roles } = token.claims;
  if (scp.length > 0) return holds(scp, action.permission.delegated) ? "granted" : "missing";
  return holds(roles, action.permission.application) ? "granted" : "missing";
}

function holds(names: readonly string[], permission: string | null): boolean {
  if (permission === null) return false;
  const accepted = SPELLINGS.find((spellings) => spellings.includes(permission)) ?? [permission];
  return names.some((name) => accepted.includes(name));
}

/**
 * Whose token an action goes with: the application's, unless the action is not for applications, or
 * the token surely lacks the permission and a person's does not. Null when no token can do it.
 */
export function chooseIdentity(action: RemoteAction, tokens: Tokens, refusedToApplication: boolean): Identity | null {
  const application = applicationGrant(action, tokens, refusedToApplication);
  const delegated = grantOf(action, tokens.delegated, false);
  if (application === "granted") return "application";
  if (delegated === "granted") return "delegated";
  if (application === "unknown") return "application";
  return delegated === "unknown" ? "delegated" : null;
}

/**
 * A token that cannot be read may be a person's; only where there is a person's token beside it is
 * it surely the application's.
 */
function applicationGrant(action: RemoteAction, tokens: Tokens, refusedToApplication: boolean): Grant {
  const grant = grantOf(action, tokens.application, refusedToApplication);
  const isClosed = action.permission.application === null || refusedToApplication;
  return grant === "unknown" && isClosed && tokens.delegated !== null ? "missing" : grant;
}

/**
 * Names the permission that is missing, the application's first where an application may act at
 * all.
 */
export function answerPermission(action: RemoteAction, tokens: Tokens, refusedToApplication: boolean): PermissionAnswer {
  const identity = chooseIdentity(action, tokens, refusedToApplication);
  if (identity === null) {
    const isForApplications = action.permission.application !== null && !refusedToApplication && tokens.application !== null;
    const permission = isForApplications ? action.permission.application : action.permission.delegated;
    const why = [
      ...(refusedToApplication ? ["Graph refused it to the application"] : []),
      ...(tokens.why === undefined ? [] : [tokens.why]),
    ].join("; ");
    return { kind: "missing", permission: permission ?? action.permission.delegated, signIn: LOGIN, ...(why === "" ? {} : { why }) };
  }
  const token = identity === "application" ? tokens.application : tokens.delegated;
  return { kind: token?.claims === null ? "unknown" : "granted" };
}
