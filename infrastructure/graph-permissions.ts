import type { RemoteAction } from "../providers/domain/actions/remote-action.ts";
import { AUDIT_PERMISSION } from "../providers/domain/audit-log.ts";
import type { CloudName } from "../providers/domain/cloud-name.ts";
import { ConfigurationError } from "../providers/domain/errors.ts";
import { isObject } from "../providers/domain/json.ts";
import { CLOUDS } from "../providers/support/cloud.ts";
import { IDENTITIES, type IdentityName } from "./arguments.ts";
import { GUID } from "./config-reader.ts";

/** Microsoft Graph's own application, the same in every tenant and cloud. */
export const GRAPH_APPLICATION = "00000003-0000-0000-c000-000000000000";

const READ = "DeviceManagementManagedDevices.Read.All";

/** A permission for Microsoft Graph (application), and what it is for. */
export interface Need {
  readonly permission: string;
  readonly why: string;
  /** Others that do as well. */
  readonly instead?: readonly string[];
}

/**
 * What each identity needs. `people`: actions that Graph does not let an application do; they go
 * with a person's sign-in.
 */
export interface Needs {
  readonly identities: Readonly<Record<IdentityName, readonly Need[]>>;
  readonly people: readonly Need[];
  /** What an identity does without, and can use where it has it. */
  readonly optional: readonly OptionalNeed[];
}

/**
 * Either of them lets an application read approvals; the first reads nothing else that matters.
 * Source: https://learn.microsoft.com/graph/api/intune-rbac-operationapprovalrequest-list
 */
const READS_APPROVALS = ["DeviceManagementRBAC.Read.All", "DeviceManagementConfiguration.Read.All"] as const;

/**
 * The settings catalog and what devices report of their policies. Source:
 * https://learn.microsoft.com/graph/api/intune-deviceconfigv2-devicemanagementconfigurationpolicy-create
 */
const POLICIES = { read: "DeviceManagementConfiguration.Read.All", write: "DeviceManagementConfiguration.ReadWrite.All" } as const;

const WRITES_POLICIES: Need = {
  permission: POLICIES.write,
  why: "policies that allow the Activation Lock, where devices/policies declares any",
};

const READS_POLICIES: Need = {
  permission: POLICIES.read,
  why: "previews of these policies, and whether a device reports one of them",
};

const APPROVALS: Need = {
  permission: READS_APPROVALS[0],
  why: "seeing that another administrator rejected a request or that it lapsed, where Multi Admin Approval is on",
  instead: READS_APPROVALS.slice(1),
};

const AUDIT: Need = {
  permission: AUDIT_PERMISSION,
  why: "seeing who erases devices past the product, with which application, in Intune's audit log",
};

/** A permission that one identity can do without. */
export interface OptionalNeed extends Need {
  readonly identity: IdentityName;
}

/** Object ids of the identities, as the stack's outputs name them. */
export type Principals = Readonly<Record<IdentityName, string>>;

const OPTIONAL: readonly OptionalNeed[] = [
  { identity: "up", ...APPROVALS },
  { identity: "up", ...AUDIT },
  { identity: "up", ...WRITES_POLICIES },
  { identity: "preview", ...READS_POLICIES },
];

/** The least that previews, and `up` with these actions, ask of Graph. */
export function neededPermissions(actions: readonly RemoteAction[]): Needs {
  const read = { permission: READ, why: "finding and reading devices" };
  const application = groupBy(actions, ({ permission }) => permission.application);
  const delegated = groupBy(
    actions.filter(({ permission }) => permission.application === null),
    ({ permission }) => permission.delegated,
  );
  const up = [read, ...application.filter(({ permission }) => permission !== READ)];
  return { identities: { preview: [read], up }, people: delegated, optional: OPTIONAL };
}

function groupBy(actions: readonly RemoteAction[], permissionOf: (action: RemoteAction) => string | null): readonly Need[] {
  const names = new Map<string, string[]>();
  for (const action of actions) {
    const permission = permissionOf(action);
    if (permission !== null) names.set(permission, [...(names.get(permission) ?? []), action.name]);
  }
  return [...names].map(([permission, list]) => ({ permission, why: list.join(", ") }));
}

/**
 * The commands that give the permissions, for a shell with Azure CLI: run by hand, by somebody who
 * may (Privileged Role Administrator). Ids of permissions are asked of the tenant, never known by
 * heart. Source: https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignedto
 */
export function renderGrantCommands(needs: Needs, principals: Principals, cloud: CloudName): readonly string[] {
  const { resource, graph } = addresses(cloud);
  return [
    `graph=$(az rest --method get --resource ${resource} --url "${graph}(appId='${GRAPH_APPLICATION}')?\\$select=id" --query id --output tsv)`,
    ...IDENTITIES.flatMap((identity) =>
      needs.identities[identity].flatMap(({ permission, why }) => [
        `# ${identity}: ${permission} (${why})`,
        ...grantCommands(permission, principalOf(principals, identity), cloud),
      ]),
    ),
    ...needs.optional.flatMap(({ identity, permission, why }) => [
      `# optional, take the # away to give it. ${identity}: ${permission} (${why})`,
      ...grantCommands(permission, principalOf(principals, identity), cloud).map((command) => `# ${command}`),
    ]),
  ];
}

function grantCommands(permission: string, principal: string, cloud: CloudName): readonly string[] {
  const { resource, graph } = addresses(cloud);
  return [
    `role=$(az rest --method get --resource ${resource} --url "${graph}/$graph?\\$select=appRoles" --query "appRoles[?value=='${permission}' && contains(allowedMemberTypes, 'Application')].id | [0]" --output tsv)`,
    `az rest --method post --resource ${resource} --url "${graph}/$graph/appRoleAssignedTo" --body "{\\"principalId\\": \\"${principal}\\", \\"resourceId\\": \\"$graph\\", \\"appRoleId\\": \\"$role\\"}"`,
  ];
}

/**
 * Addresses whose answers `grantedPermissions` takes: Graph's own roles, and what an identity was
 * given. For `az rest` or any client.
 */
export function permissionAddresses(principals: Principals, cloud: CloudName): { readonly roles: string; readonly given: Principals } {
  const { graph } = addresses(cloud);
  const given = (identity: IdentityName) => `${graph}/${principalOf(principals, identity)}/appRoleAssignments`;
  return {
    roles: `${graph}(appId='${GRAPH_APPLICATION}')?$select=id,appRoles`,
    given: { preview: given("preview"), up: given("up") },
  };
}

/**
 * Names of the permissions for Graph among what an identity was given. Throws `ConfigurationError`
 * for answers of another form.
 */
export function grantedPermissions(roles: unknown, given: unknown): readonly string[] {
  if (!isObject(roles) || !Array.isArray(roles.appRoles) || !isObject(given) || !Array.isArray(given.value)) {
    throw new ConfigurationError("Graph's answer about permissions is of a form that is not known", {
      hint: "look at the permissions in the Entra admin center, under Enterprise applications",
    });
  }
  const names = new Map(roles.appRoles.filter(isObject).map((role) => [role.id, role.value]));
  const own = given.value.filter(isObject).filter((assignment) => assignment.resourceId === roles.id);
  return own.map((assignment) => names.get(assignment.appRoleId)).filter((name) => typeof name === "string");
}

/** The optional permissions that an identity has neither by their name nor by another one. */
export function optionalLeft({ optional }: Needs, identity: IdentityName, granted: readonly string[]): readonly OptionalNeed[] {
  const own = optional.filter((need) => need.identity === identity);
  return own.filter(({ permission, instead = [] }) => ![permission, ...instead].some((name) => granted.includes(name)));
}

/** What an identity has against what it needs; both empty where they agree. */
export interface Comparison {
  readonly missing: readonly Need[];
  /** Given and not needed: what an identity must not have. */
  readonly beyond: readonly string[];
}

/** `allowed`: what is given without being needed and may stay. */
export function comparePermissions(needs: readonly Need[], granted: readonly string[], allowed: readonly string[] = []): Comparison {
  return {
    missing: needs.filter(({ permission }) => !granted.includes(permission)),
    beyond: granted.filter((name) => !allowed.includes(name) && !needs.some(({ permission }) => permission === name)),
  };
}

/**
 * What an identity may have beyond its needs: previews of pull requests what reads policies, `up`
 * what reads approvals and the audit log, and what writes policies.
 */
export function allowedBeyond(identity: IdentityName): readonly string[] {
  return identity === "up" ? [...READS_APPROVALS, AUDIT_PERMISSION, POLICIES.write] : [POLICIES.read];
}

function addresses(cloud: CloudName): { readonly resource: string; readonly graph: string } {
  const resource = `https://${CLOUDS[cloud].graphHost}`;
  return { resource, graph: `${resource}/v1.0/servicePrincipals` };
}

/** Throws for text that is no id, since it goes into a shell's command. */
function principalOf(principals: Principals, identity: IdentityName): string {
  const id = principals[identity];
  if (GUID.pattern.test(id)) return id;
  throw new ConfigurationError(`the object id of the identity ${identity} is ${JSON.stringify(id)}; it must be ${GUID.words}`, {
    hint: "take it from the outputs: ./dlr pulumi -C infrastructure stack output --stack NAME",
  });
}
