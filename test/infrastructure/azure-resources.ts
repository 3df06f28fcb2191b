import { stableGuid } from "../../infrastructure/naming.ts";

/** Inputs or outputs of a resource. */
export type Properties = Readonly<Record<string, unknown>>;

/** How one type of resource looks in Azure. */
export interface ResourceKind {
  /** Resource id of what must be there first; null where it is the subscription itself. */
  readonly parentId: (inputs: Properties) => string | null;
  readonly id: (inputs: Properties) => string;
  /** What cannot be changed in place, beside what the id is made of. */
  readonly fixed: readonly string[];
  /** What Azure adds to what it was given. */
  readonly state: (inputs: Properties, id: string) => Properties;
}

export const SUBSCRIPTION = "/subscriptions/22222222-3333-4444-5555-666666666666";

/** The kinds that the program uses, by the ends of their type tokens. */
export const KINDS: Readonly<Record<string, ResourceKind>> = {
  "resources:ResourceGroup": kind({ id: groupId, parentId: () => null }),
  "keyvault:Vault": kind({ id: (inputs) => inGroup(inputs, "Microsoft.KeyVault/vaults", "vaultName"), parentId: groupId }),
  "storage:StorageAccount": kind({ id: accountId, parentId: groupId, fixed: ["location", "kind"] }),
  "storage:BlobServiceProperties": kind({ id: blobServiceId, parentId: accountId }),
  "storage:BlobContainer": kind({ id: containerId, parentId: accountId }),
  "storage:BlobContainerImmutabilityPolicy": kind({
    id: (inputs) => `${containerId(inputs)}/immutabilityPolicies/default`,
    parentId: containerId,
  }),
  "storage:ManagementPolicy": kind({ id: (inputs) => `${accountId(inputs)}/managementPolicies/default`, parentId: accountId }),
  "operationalinsights:Workspace": kind({
    id: (inputs) => inGroup(inputs, "Microsoft.OperationalInsights/workspaces", "workspaceName"),
    parentId: groupId,
  }),
  "monitor:DiagnosticSetting": kind({
    id: (inputs) => `${textOf(inputs, "resourceUri")}/providers/Microsoft.Insights/diagnosticSettings/${textOf(inputs, "name")}`,
    parentId: (inputs) => textOf(inputs, "resourceUri"),
  }),
  "managedidentity:UserAssignedIdentity": kind({
    id: identityId,
    parentId: groupId,
    state: (_inputs, id) => ({ principalId: stableGuid(`principal of ${id}`), clientId: `client of ${id}` }),
  }),
  "managedidentity:FederatedIdentityCredential": kind({
    id: (inputs) => `${identityId(inputs)}/federatedIdentityCredentials/${textOf(inputs, "federatedIdentityCredentialResourceName")}`,
    parentId: identityId,
  }),
  "authorization:RoleDefinition": kind({
    id: (inputs) => `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${textOf(inputs, "roleDefinitionId")}`,
    parentId: (inputs) => textOf(inputs, "scope"),
  }),
  "authorization:RoleAssignment": kind({
    id: (inputs) => `${textOf(inputs, "scope")}/providers/Microsoft.Authorization/roleAssignments/${textOf(inputs, "roleAssignmentName")}`,
    parentId: (inputs) => textOf(inputs, "scope"),
    fixed: ["principalId", "roleDefinitionId", "scope"],
  }),
};

function kind(own: Pick<ResourceKind, "id" | "parentId"> & Partial<ResourceKind>): ResourceKind {
  const state = (inputs: Properties, id: string) => ({ ...inputs, name: id.split("/").at(-1), ...own.state?.(inputs, id) });
  return { ...own, fixed: own.fixed ?? ["location"], state };
}

function groupId(inputs: Properties): string {
  return `${SUBSCRIPTION}/resourceGroups/${textOf(inputs, "resourceGroupName")}`;
}

function inGroup(inputs: Properties, type: string, nameKey: string): string {
  return `${groupId(inputs)}/providers/${type}/${textOf(inputs, nameKey)}`;
}

function accountId(inputs: Properties): string {
  return inGroup(inputs, "Microsoft.Storage/storageAccounts", "accountName");
}

function blobServiceId(inputs: Properties): string {
  return `${accountId(inputs)}/blobServices/default`;
}

function containerId(inputs: Properties): string {
  return `${blobServiceId(inputs)}/containers/${textOf(inputs, "containerName")}`;
}

function identityId(inputs: Properties): string {
  return inGroup(inputs, "Microsoft.ManagedIdentity/userAssignedIdentities", "resourceName");
}

export function textOf(inputs: Properties, key: string): string {
  const value = inputs[key];
  if (typeof value === "string") return value;
  throw new TypeError(`${key} is no text`);
}
