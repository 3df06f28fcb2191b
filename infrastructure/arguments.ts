import type { CloudName } from "../providers/domain/cloud-name.ts";

/**
 * How storage is copied: in one building, over three zones of a region, or to another region
 * besides.
 */
export const REDUNDANCIES = ["LRS", "ZRS", "GRS", "GZRS"] as const;

/** https://learn.microsoft.com/azure/storage/common/storage-redundancy */
export type Redundancy = (typeof REDUNDANCIES)[number];

/**
 * `preview` reads devices, the ledger and state; `up` acts, and writes escrow, ledger and state.
 */
export const IDENTITIES = ["preview", "up"] as const;

/** Each is an identity of its own in Azure, with an environment of the same name in CI. */
export type IdentityName = (typeof IDENTITIES)[number];

/** Names in Azure. Vault and storage account share their names with everybody in the cloud. */
export interface ResourceNames {
  readonly resourceGroup: string;
  readonly vault: string;
  readonly storageAccount: string;
  readonly ledgerContainer: string;
  readonly stateContainer: string;
  readonly workspace: string;
  readonly previewIdentity: string;
  readonly upIdentity: string;
}

/** Whoever holds a token of this issuer with this subject is the identity. */
export interface Trust {
  readonly identity: IdentityName;
  /**
   * Name of the federated credential, 3 to 120 letters, digits, hyphens and underscores; unique for
   * the identity.
   */
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
}

/** Everything that the component needs, checked by `parseSettings`. */
export interface AzurePartsArguments {
  readonly cloud: CloudName;
  readonly tenantId: string;
  readonly subscriptionId: string;
  /**
   * Region of everything but the identities, in Azure's short form: `westeurope`. Changing it makes
   * everything anew, which `protect` refuses.
   */
  readonly location: string;
  /** Region of the identities; some regions cannot have federated credentials. */
  readonly identityLocation: string;
  readonly names: ResourceNames;
  /** On every resource that can have tags. */
  readonly tags: Readonly<Record<string, string>>;
  /** Object id of the Entra group whose members read escrowed secrets with `dlr reveal`. */
  readonly readersGroupId: string;
  /**
   * Object id of the Entra group whose members run `ledger`, `settle`, `stop` and `resume`; nobody
   * but `up` writes the ledger without it.
   */
  readonly operatorsGroupId: string | null;
  readonly trusts: readonly Trust[];
  /**
   * Public IPv4 addresses and CIDR ranges that reach vault and storage. With no range and no subnet
   * only private endpoints do.
   */
  readonly allowedIpRanges: readonly string[];
  /**
   * Resource ids of subnets with service endpoints for Key Vault and Storage: the only way in for
   * machines in the region of the storage account.
   */
  readonly allowedSubnets: readonly string[];
  readonly redundancy: Redundancy;
  /**
   * Days after its last record during which the ledger cannot be deleted, once the policy is
   * locked.
   */
  readonly ledgerRetentionDays: number;
  /**
   * Days during which deleted blobs, versions and containers can be had back, and old versions of
   * state are kept.
   */
  readonly dataRetentionDays: number;
  readonly logRetentionDays: number;
}
