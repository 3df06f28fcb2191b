import type { RemoteAction } from "../../providers/domain/actions/action-table.ts";
import { isObject } from "../../providers/domain/json.ts";
import type { EmulatedActor } from "./audit/audit-book.ts";
import { guidFrom } from "./devices/derive.ts";
import { gatewayError, intuneError } from "./faults/error-answer.ts";
import type { GraphAnswer, GraphCall } from "./graph-call.ts";
import type { Route } from "./routes.ts";

/**
 * A token that is accepted, and what it allows: `roles` of an application, `scp` of a signed-in
 * user.
 */
export interface EmulatedToken {
  readonly token: string;
  readonly kind: "application" | "delegated";
  readonly permissions: readonly string[];
  /** ISO 8601; never where absent. */
  readonly expiresAt?: string;
  /** Client id of the application that acts, as the audit log has it. */
  readonly applicationId?: string;
  /** Of the person who signed in. */
  readonly userPrincipalName?: string;
}

/** Who may call, and what; permissions are names as in Graph's reference. */
export interface AuthorizationOptions {
  /**
   * The only tokens that are accepted. Where absent: JWTs by their own claims (signatures are not
   * checked), any other text as an application that may do all.
   */
  readonly tokens?: readonly EmulatedToken[];
  /** Refuse `bypassActivationLock` to applications, as Graph did for years. */
  readonly bypassDelegatedOnly: boolean;
}

/** Whoever bears the token of a call. */
export interface Caller {
  readonly kind: "application" | "delegated";
  readonly permissions: readonly string[] | "all";
  readonly actor: EmulatedActor;
}

/** Who acts where the token does not tell. */
const UNNAMED: EmulatedActor = {
  applicationId: guidFrom("application"),
  applicationDisplayName: "device-lifecycle",
  servicePrincipalName: "device-lifecycle",
};

/** What goes with every 401. */
export const CHALLENGE = {
  "WWW-Authenticate":
    'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"',
};

/** Graph's resource names in all clouds, and its application id. */
const AUDIENCE = /^(?:00000003-0000-0000-c000-000000000000|https:\/\/(?:graph|dod-graph|microsoftgraph)\.[\w.-]+\/?)$/i;

const DEVICES = "DeviceManagementManagedDevices";
const CONFIGURATION_READERS = ["Read.All", "ReadWrite.All"].flatMap((end) => [
  `DeviceManagementConfiguration.${end}`,
  `DeviceManagementRBAC.${end}`,
]);
/** https://learn.microsoft.com/graph/api/intune-auditing-auditevent-list */
const AUDIT_READERS = ["DeviceManagementApps.Read.All", "DeviceManagementApps.ReadWrite.All"];
const DEVICE_READERS = [`${DEVICES}.Read.All`, `${DEVICES}.ReadWrite.All`];

/** Graph's documentation spells it both ways; tokens carry either. */
const PRIVILEGED = [`${DEVICES}.PrivilegedOperations.All`, `${DEVICES}.PriviligedOperation.All`];

/** Who calls, or the 401. */
export function authenticate(call: GraphCall, options: AuthorizationOptions): Caller | GraphAnswer {
  const token = /^Bearer\s+(\S+)$/i.exec(call.headers.authorization ?? "")?.[1];
  if (token === undefined) return unauthenticated(call, "Access token is empty.");
  if (options.tokens !== undefined) return byTable(call, token, options.tokens);
  const claims = readClaims(token);
  return claims === null ? { kind: "application", permissions: "all", actor: UNNAMED } : byClaims(call, claims);
}

/**
 * The 403 for a caller without the permission that a route or an action needs; null when it may.
 */
export function refusePermission(
  call: GraphCall,
  caller: Caller,
  { route, action }: { readonly route: Route; readonly action: RemoteAction | null },
  options: AuthorizationOptions,
): GraphAnswer | null {
  const needed = action === null ? readersOf(route) : actionPermissions(action, caller, options);
  if (needed === null) return forbidden(call, caller, []);
  if (caller.permissions === "all" || needed.some((permission) => caller.permissions.includes(permission))) return null;
  return forbidden(call, caller, needed);
}

/** Null: no permission allows it to this kind of caller. */
function actionPermissions(action: RemoteAction, caller: Caller, options: AuthorizationOptions): readonly string[] | null {
  if (caller.kind === "application" && action.name === "bypassActivationLock" && options.bypassDelegatedOnly) return null;
  const permission = action.permission[caller.kind];
  if (permission === null) return null;
  return PRIVILEGED.includes(permission) ? PRIVILEGED : [permission];
}

/** The 403 for a caller who may not read, or not write, policies; null when it may. */
export function refuseConfiguration(call: GraphCall, caller: Caller): GraphAnswer | null {
  const ends = call.method === "GET" ? ["Read.All", "ReadWrite.All"] : ["ReadWrite.All"];
  const needed = ends.map((end) => `DeviceManagementConfiguration.${end}`);
  if (caller.permissions === "all" || needed.some((permission) => caller.permissions.includes(permission))) return null;
  return forbidden(call, caller, needed);
}

function readersOf(route: Route): readonly string[] {
  switch (route.kind) {
    case "approvals":
    case "approval":
      return CONFIGURATION_READERS;
    case "states":
      return CONFIGURATION_READERS.filter((permission) => permission.includes("Configuration"));
    case "auditEvents":
      return AUDIT_READERS;
    case "actionAudits":
      return [...DEVICE_READERS, ...CONFIGURATION_READERS.filter((name) => name.startsWith("DeviceManagementConfiguration"))];
    default:
      return DEVICE_READERS;
  }
}

function byTable(call: GraphCall, token: string, tokens: readonly EmulatedToken[]): Caller | GraphAnswer {
  const known = tokens.find((candidate) => candidate.token === token);
  if (known === undefined) return unauthenticated(call, "Access token validation failure. Invalid audience.");
  if (known.expiresAt !== undefined && call.receivedAt >= Date.parse(known.expiresAt)) return expired(call);
  const { kind, permissions, applicationId, userPrincipalName } = known;
  const person = userPrincipalName === undefined ? {} : { userPrincipalName, userId: guidFrom(`user:${userPrincipalName}`) };
  return { kind, permissions, actor: { ...UNNAMED, ...(applicationId === undefined ? {} : { applicationId }), ...person } };
}

function byClaims(call: GraphCall, claims: Readonly<Record<string, unknown>>): Caller | GraphAnswer {
  if (typeof claims.aud === "string" && !AUDIENCE.test(claims.aud))
    return unauthenticated(call, "Access token validation failure. Invalid audience.");
  if (typeof claims.exp === "number" && call.receivedAt >= claims.exp * 1000) return expired(call);
  const actor = actorOf(claims);
  if (typeof claims.scp === "string") return { kind: "delegated", permissions: claims.scp.split(" "), actor };
  const roles = Array.isArray(claims.roles) ? claims.roles.filter((role) => typeof role === "string") : [];
  return { kind: "application", permissions: roles, actor };
}

/** https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference */
function actorOf({ appid, azp, app_displayname: name, upn, oid, scp, ipaddr }: Readonly<Record<string, unknown>>): EmulatedActor {
  const text = (key: keyof EmulatedActor, value: unknown) => (typeof value === "string" ? { [key]: value } : {});
  const person =
    typeof scp === "string" ? { ...text("userPrincipalName", upn), ...text("userId", oid) } : text("servicePrincipalName", name);
  return { ...text("applicationId", appid ?? azp), ...text("applicationDisplayName", name), ...person, ...text("ipAddress", ipaddr) };
}

function readClaims(token: string): Readonly<Record<string, unknown>> | null {
  const [header, payload, signature, ...rest] = token.split(".");
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) return null;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    return isObject(claims) ? claims : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function expired(call: GraphCall): GraphAnswer {
  return unauthenticated(call, "Lifetime validation failed, the token is expired.");
}

function unauthenticated(call: GraphCall, message: string): GraphAnswer {
  return gatewayError(call, 401, message, { headers: CHALLENGE });
}

function forbidden(call: GraphCall, caller: Caller, needed: readonly string[]): GraphAnswer {
  const who = caller.kind === "application" ? "Application" : "User";
  const scopes = needed.length === 0 ? "" : ` ${who} must have one of the following scopes: ${needed.join(", ")}`;
  return intuneError(call, 403, `${who} is not authorized to perform this operation.${scopes}`);
}
