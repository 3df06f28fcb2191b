import { ResourceGroup } from "@pulumi/azure-native/resources/index.js";
import { ComponentResource, type ComponentResourceOptions, interpolate, type Output } from "@pulumi/pulumi";
import { CLOUDS } from "../providers/support/cloud.ts";
import { grantAccess } from "./access.ts";
import type { AzurePartsArguments } from "./arguments.ts";
import { createIdentities } from "./identities.ts";
import { createMonitoring } from "./monitoring.ts";
import type { Place } from "./place.ts";
import { createStorage } from "./storage.ts";
import { createVault } from "./vault.ts";

/**
 * Everything of Azure's that the requests' stack stands on: vault, storage, logs, two identities
 * and their roles, in one resource group. All of it is protected: Pulumi deletes and replaces
 * nothing of it until somebody takes the protection away by hand.
 */
export class AzureParts extends ComponentResource {
  /** The requests' configuration key `escrow`. */
  readonly escrow: Output<string>;
  /** The requests' configuration key `ledger`. */
  readonly ledger: Output<string>;
  /** For PULUMI_BACKEND_URL of the requests' stack. */
  readonly backend: Output<string>;
  /** AZURE_TENANT_ID and AZURE_SUBSCRIPTION_ID of both. */
  readonly tenantId: string;
  readonly subscriptionId: string;
  /** AZURE_CLIENT_ID of previews. */
  readonly previewClientId: Output<string>;
  /** AZURE_CLIENT_ID of `up`. */
  readonly upClientId: Output<string>;
  /** Object ids of the identities in Entra: Graph's permissions are given to these. */
  readonly previewPrincipalId: Output<string>;
  readonly upPrincipalId: Output<string>;
  /** Resource ids, for commands that ask Azure. */
  readonly resourceGroupId: Output<string>;
  readonly vaultId: Output<string>;
  readonly storageAccountId: Output<string>;
  readonly workspaceId: Output<string>;

  constructor(name: string, settings: AzurePartsArguments, options: ComponentResourceOptions = {}) {
    super("device-lifecycle:azure:AzureParts", name, {}, { ...options, protect: true });
    const nameOf = (part: string) => `${name}-${part}`;
    const group = new ResourceGroup(
      nameOf("group"),
      { resourceGroupName: settings.names.resourceGroup, location: settings.location, tags: { ...settings.tags } },
      { parent: this },
    );
    const place: Place = { settings, group, nameOf, options: { parent: this } };
    const vault = createVault(place);
    const storage = createStorage(place);
    const identities = createIdentities(place);
    const workspace = createMonitoring(place, { vaultId: vault.id, storageAccountId: storage.account.id });
    grantAccess(place, vault.id, storage, identities);

    const { vaultSuffix, blobSuffix } = CLOUDS[settings.cloud];
    const domain = settings.cloud === "global" ? "" : `&domain=${blobSuffix}`;
    this.escrow = interpolate`https://${vault.name}.${vaultSuffix}`;
    this.ledger = interpolate`https://${storage.account.name}.${blobSuffix}/${storage.ledger.name}`;
    this.backend = interpolate`azblob://${storage.state.name}?storage_account=${storage.account.name}${domain}`;
    this.tenantId = settings.tenantId;
    this.subscriptionId = settings.subscriptionId;
    this.previewClientId = identities.preview.clientId;
    this.upClientId = identities.up.clientId;
    this.previewPrincipalId = identities.preview.principalId;
    this.upPrincipalId = identities.up.principalId;
    this.resourceGroupId = group.id;
    this.vaultId = vault.id;
    this.storageAccountId = storage.account.id;
    this.workspaceId = workspace.id;
    this.registerOutputs({});
  }
}
