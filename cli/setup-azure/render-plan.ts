import type { AzurePartsArguments } from "../../infrastructure/arguments.ts";
import { printable } from "../../providers/domain/diagnostic.ts";
import type { Change } from "./config-file.ts";
import { placesOf } from "./places.ts";

/** What will be made, where, and for whom: shown before anything is. */
export function renderPlan(settings: AzurePartsArguments, subscriptionName: string): string {
  const { names, location, identityLocation, tenantId, redundancy, ledgerRetentionDays, dataRetentionDays, logRetentionDays } = settings;
  const { escrow, ledger } = placesOf(settings);
  const rows: readonly (readonly [string, string])[] = [
    ["subscription", `${subscriptionName} (${settings.subscriptionId}), tenant ${tenantId}`],
    ["resource group", `${names.resourceGroup} in ${location}`],
    ["escrow", `${escrow}: roles only, soft delete and purge protection for 90 days`],
    ["ledger", `${ledger}: append only, ${ledgerRetentionDays} days`],
    [
      "state",
      `container ${names.stateContainer} in the same account (${redundancy}, no keys), old versions kept ${dataRetentionDays} days`,
    ],
    ["logs", `${names.workspace}, kept ${logRetentionDays} days`],
    ["identities", `${names.previewIdentity} (reads) and ${names.upIdentity} (acts) in ${identityLocation}`],
    ...settings.trusts.map(({ identity, subject }) => [`  ${identity}`, `is whoever is ${subject}`] as const),
    ["secrets read by", `Entra group ${settings.readersGroupId}`],
    ["ledger written by", settings.operatorsGroupId === null ? "up alone" : `up and Entra group ${settings.operatorsGroupId}`],
    ["reached from", reachOf(settings)],
    ["costs", "under 1 US dollar a month for 1,000 requests (docs/azure.md has the figures)"],
  ];
  return ["The Azure parts, all of them protected:", ...rows.map(([what, text]) => printable(`  ${what.padEnd(18)}${text}`))].join("\n");
}

function reachOf({ allowedIpRanges, allowedSubnets }: AzurePartsArguments): string {
  const places = [...allowedIpRanges, ...allowedSubnets];
  if (places.length > 0) return places.join(", ");
  return "private endpoints alone: this machine cannot make the ledger either (--allow-ip ADDRESS lets it in)";
}

/** `KEY: old → new`, one a line. */
export function renderChanges(file: string, changes: readonly Change[]): string {
  const lines = changes.map(({ key, before, after }) => `  ${key}: ${before === null ? "" : `${before} → `}${after}`);
  return [`${file}:`, ...lines].map(printable).join("\n");
}
