import { Vault } from "@pulumi/azure-native/keyvault/index.js";
import { isClosed } from "./network-rules.ts";
import type { Place } from "./place.ts";

/**
 * The longest that Azure takes; it cannot be changed later. Source:
 * https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview
 */
const SOFT_DELETE_DAYS = 90;

/**
 * The escrow. Roles decide who may do what and no access policy does; what is deleted can be had
 * back for 90 days, and nobody can shorten that. Its firewall lets in what the configuration names,
 * and those services of Azure's that Microsoft trusts and that have a role here.
 */
export function createVault({ settings, group, nameOf, options }: Place): Vault {
  const { names, location, tenantId, tags, allowedIpRanges, allowedSubnets } = settings;
  return new Vault(
    nameOf("vault"),
    {
      resourceGroupName: group.name,
      vaultName: names.vault,
      location,
      tags: { ...tags },
      properties: {
        tenantId,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
        enableSoftDelete: true,
        softDeleteRetentionInDays: SOFT_DELETE_DAYS,
        enablePurgeProtection: true,
        enabledForDeployment: false,
        enabledForDiskEncryption: false,
        enabledForTemplateDeployment: false,
        publicNetworkAccess: isClosed(settings) ? "Disabled" : "Enabled",
        networkAcls: {
          defaultAction: "Deny",
          bypass: "AzureServices",
          ipRules: allowedIpRanges.map((range) => ({ value: withPrefix(range) })),
          virtualNetworkRules: allowedSubnets.map((id) => ({ id })),
        },
      },
    },
    options,
  );
}

/** As Key Vault gives a single address back, so that a refresh finds no change. */
function withPrefix(range: string): string {
  return range.includes("/") ? range : `${range}/32`;
}
