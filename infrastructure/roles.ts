import { RoleAssignment, RoleDefinition } from "@pulumi/azure-native/authorization/index.js";
import type { Input } from "@pulumi/pulumi";
import { stableGuid } from "./naming.ts";
import type { Place } from "./place.ts";

/** A role, and what has to be there before it can be given. */
export interface Role {
  readonly guid: string;
  readonly definition: RoleDefinition | null;
}

/**
 * Roles of Azure's own. Source:
 * https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
 */
export const BUILT_IN = {
  keyVaultSecretsUser: { guid: "4633458b-17de-408a-b874-0445c86b69e6", definition: null },
  storageBlobDataReader: { guid: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", definition: null },
  storageBlobDataContributor: { guid: "ba92f5b4-2d11-453d-a403-e96b0029c9fe", definition: null },
} as const satisfies Record<string, Role>;

const BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";

/**
 * What Azure's roles do not offer. `escrowWriter` sets a secret and gets one whose name it knows;
 * it lists, changes, deletes, backs up and purges none. `ledgerWriter` makes and appends to blobs
 * and leases them, which takes `write`; it deletes neither blobs nor versions. Sources:
 * https://learn.microsoft.com/azure/role-based-access-control/permissions/security,
 * https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory
 */
export const CUSTOM = {
  escrowWriter: {
    title: "put secrets into escrow",
    description: "Sets secrets, and gets those whose name is known. Lists, changes, deletes and purges none.",
    dataActions: ["Microsoft.KeyVault/vaults/secrets/setSecret/action", "Microsoft.KeyVault/vaults/secrets/getSecret/action"],
  },
  ledgerWriter: {
    title: "write the ledger",
    description: "Reads, makes, appends to and leases blobs. Deletes neither blobs nor versions of them.",
    dataActions: [`${BLOBS}/read`, `${BLOBS}/add/action`, `${BLOBS}/write`],
  },
} as const;

/** Names are unique in the tenant, so they end in the vault's, which is unique in the cloud. */
export function createRole({ settings, group, nameOf, options }: Place, key: keyof typeof CUSTOM): Role {
  const { title, description, dataActions } = CUSTOM[key];
  // Not of the vault's name: one that Azure refused is changed before the next run, when the roles
  // are there already.
  const guid = stableGuid(`role ${settings.subscriptionId} ${settings.names.resourceGroup} ${key}`);
  const definition = new RoleDefinition(
    nameOf(`${key}-role`),
    {
      scope: group.id,
      roleDefinitionId: guid,
      roleName: `Device lifecycle: ${title} (${settings.names.vault})`,
      roleType: "CustomRole",
      description,
      assignableScopes: [group.id],
      permissions: [{ actions: [], notActions: [], dataActions: [...dataActions], notDataActions: [] }],
    },
    options,
  );
  return { guid, definition };
}

/** One role, given on one resource to one principal; `why` becomes its description in Azure. */
export interface Grant {
  /** Logical name of the assignment. */
  readonly part: string;
  readonly role: Role;
  /** Resource id of what the role is given on. */
  readonly scope: Input<string>;
  readonly principalId: Input<string>;
  readonly principalType: "ServicePrincipal" | "Group";
  readonly why: string;
}

/**
 * The assignment's own id follows from what it is for, so that one that a killed run left behind is
 * known by its id and can be imported.
 */
export function grant({ settings, nameOf, options }: Place, { part, role, scope, principalId, principalType, why }: Grant): RoleAssignment {
  const { subscriptionId, names } = settings;
  return new RoleAssignment(
    nameOf(part),
    {
      roleAssignmentName: stableGuid(`assignment ${subscriptionId} ${names.resourceGroup} ${part}`),
      scope,
      roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role.guid}`,
      principalId,
      principalType,
      description: why,
    },
    { ...options, dependsOn: role.definition === null ? [] : [role.definition], deleteBeforeReplace: true },
  );
}
