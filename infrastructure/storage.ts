import {
  BlobContainer,
  BlobContainerImmutabilityPolicy,
  BlobServiceProperties,
  ManagementPolicy,
  StorageAccount,
} from "@pulumi/azure-native/storage/index.js";
import { isClosed } from "./network-rules.ts";
import type { Place } from "./place.ts";

/** One account for both: runs append to `ledger`, and Pulumi keeps its state in `state`. */
export interface Storage {
  readonly account: StorageAccount;
  readonly ledger: BlobContainer;
  readonly state: BlobContainer;
}

/**
 * The account with its two containers. Versions and deleted blobs are kept from the first blob on,
 * so the containers wait for that. The ledger is append blobs, and a new index of it a new blob:
 * appending makes no version, and the policy that keeps a blob from being changed lets appending
 * through. Sources:
 * https://learn.microsoft.com/azure/storage/blobs/versioning-overview,
 * https://learn.microsoft.com/azure/storage/blobs/immutable-container-level-worm-policies
 */
export function createStorage(place: Place): Storage {
  const account = createAccount(place);
  const at = { accountName: account.name, resourceGroupName: place.group.name };
  const protection = createProtection(place, at);
  const container = (part: string, containerName: string) =>
    new BlobContainer(place.nameOf(part), { ...at, containerName, publicAccess: "None" }, { ...place.options, dependsOn: [protection] });
  const { names } = place.settings;
  const ledger = container("ledger", names.ledgerContainer);
  createLedgerPolicy(place, at, ledger);
  createStateCleaning(place, at, protection);
  return { account, ledger, state: container("state", names.stateContainer) };
}

interface InAccount {
  readonly accountName: StorageAccount["name"];
  readonly resourceGroupName: Place["group"]["name"];
}

function createAccount({ settings, group, nameOf, options }: Place): StorageAccount {
  const { names, location, tags, redundancy, allowedIpRanges, allowedSubnets } = settings;
  return new StorageAccount(
    nameOf("storage"),
    {
      resourceGroupName: group.name,
      accountName: names.storageAccount,
      location,
      tags: { ...tags },
      kind: "StorageV2",
      sku: { name: `Standard_${redundancy}` },
      accessTier: "Hot",
      allowSharedKeyAccess: false,
      defaultToOAuthAuthentication: true,
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      allowedCopyScope: "AAD",
      enableHttpsTrafficOnly: true,
      minimumTlsVersion: "TLS1_2",
      isLocalUserEnabled: false,
      isSftpEnabled: false,
      publicNetworkAccess: isClosed(settings) ? "Disabled" : "Enabled",
      networkRuleSet: {
        defaultAction: "Deny",
        bypass: "AzureServices",
        ipRules: allowedIpRanges.map((range) => ({ iPAddressOrRange: range, action: "Allow" })),
        virtualNetworkRules: allowedSubnets.map((id) => ({ virtualNetworkResourceId: id, action: "Allow" })),
      },
    },
    options,
  );
}

function createProtection({ settings, nameOf, options }: Place, at: InAccount): BlobServiceProperties {
  const kept = { enabled: true, days: settings.dataRetentionDays };
  return new BlobServiceProperties(
    nameOf("blob-protection"),
    {
      ...at,
      blobServicesName: "default",
      isVersioningEnabled: true,
      deleteRetentionPolicy: { ...kept, allowPermanentDelete: false },
      containerDeleteRetentionPolicy: kept,
    },
    options,
  );
}

/**
 * Made unlocked: until it is locked by hand an owner can take it away, and the container with it
 * (docs/azure.md).
 */
function createLedgerPolicy({ settings, nameOf, options }: Place, at: InAccount, ledger: BlobContainer): void {
  new BlobContainerImmutabilityPolicy(
    nameOf("ledger-policy"),
    {
      ...at,
      containerName: ledger.name,
      immutabilityPolicyName: "default",
      immutabilityPeriodSinceCreationInDays: settings.ledgerRetentionDays,
      allowProtectedAppendWrites: true,
    },
    options,
  );
}

/**
 * Every save of a stack's state leaves a version, and a run saves often: without an end they would
 * cost more than all the rest.
 */
function createStateCleaning({ settings, nameOf, options }: Place, at: InAccount, protection: BlobServiceProperties): void {
  new ManagementPolicy(
    nameOf("state-cleaning"),
    {
      ...at,
      managementPolicyName: "default",
      policy: {
        rules: [
          {
            name: "old-versions-of-state",
            type: "Lifecycle",
            enabled: true,
            definition: {
              filters: { blobTypes: ["blockBlob"], prefixMatch: [`${settings.names.stateContainer}/`] },
              actions: { version: { delete: { daysAfterCreationGreaterThan: settings.dataRetentionDays } } },
            },
          },
        ],
      },
    },
    { ...options, dependsOn: [protection] },
  );
}
