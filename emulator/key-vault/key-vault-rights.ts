/**
 * Data actions on secrets, by the middle of Azure's names for them:
 * `Microsoft.KeyVault/vaults/secrets/getSecret/action`.
 */
export type VaultRight = "getSecret" | "setSecret" | "readMetadata" | "update" | "delete" | "recover" | "purge" | "backup" | "restore";

/**
 * Roles as they are given: the one that the Azure parts make for runs, Azure's own for readers, and
 * Azure's own for whoever may do anything.
 */
export const VAULT_ROLES = {
  escrowWriter: ["setSecret", "getSecret"],
  secretsUser: ["getSecret", "readMetadata"],
  secretsOfficer: ["getSecret", "setSecret", "readMetadata", "update", "delete", "recover", "purge", "backup", "restore"],
} as const satisfies Readonly<Record<string, readonly VaultRight[]>>;

/**
 * What a call needs. Source:
 * https://learn.microsoft.com/azure/role-based-access-control/permissions/security#microsoftkeyvault
 */
export function neededRight(method: string, path: string): VaultRight {
  const [collection, name, rest] = path.split("/").slice(1);
  if (collection === "deletedsecrets") return deletedRight(method, rest);
  if (method === "GET") return name === undefined || rest === "versions" ? "readMetadata" : "getSecret";
  if (method === "POST") return name === "restore" ? "restore" : "backup";
  if (method === "PATCH") return "update";
  return method === "DELETE" ? "delete" : "setSecret";
}

function deletedRight(method: string, rest: string | undefined): VaultRight {
  if (method === "POST" && rest === "recover") return "recover";
  return method === "DELETE" ? "purge" : "readMetadata";
}
