import { DiagnosticSetting } from "@pulumi/azure-native/monitor/index.js";
import { Workspace } from "@pulumi/azure-native/operationalinsights/index.js";
import { type Input, interpolate } from "@pulumi/pulumi";
import type { Place } from "./place.ts";

interface Watched {
  readonly vaultId: Input<string>;
  readonly storageAccountId: Input<string>;
}

/**
 * Every read and write of escrow, ledger and state goes to one workspace, in tables of its own
 * kind. docs/azure.md has the queries.
 */
export function createMonitoring(place: Place, { vaultId, storageAccountId }: Watched): Workspace {
  const { settings, group, nameOf, options } = place;
  const workspace = new Workspace(
    nameOf("logs"),
    {
      resourceGroupName: group.name,
      workspaceName: settings.names.workspace,
      location: settings.location,
      tags: { ...settings.tags },
      sku: { name: "PerGB2018" },
      retentionInDays: settings.logRetentionDays,
      features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true },
    },
    options,
  );
  const watch = (part: string, resourceUri: Input<string>, categories: readonly string[]) =>
    new DiagnosticSetting(
      nameOf(part),
      {
        name: "to-log-analytics",
        resourceUri,
        workspaceId: workspace.id,
        logAnalyticsDestinationType: "Dedicated",
        logs: categories.map((category) => ({ category, enabled: true })),
      },
      options,
    );
  watch("vault-audit", vaultId, ["AuditEvent"]);
  watch("storage-audit", interpolate`${storageAccountId}/blobServices/default`, ["StorageRead", "StorageWrite", "StorageDelete"]);
  return workspace;
}
