import type { AzurePartsArguments } from "../../infrastructure/arguments.ts";
import { CLOUDS } from "../../providers/support/cloud.ts";

/** Addresses of what the requests' stack uses. */
export interface Places {
  readonly escrow: string;
  readonly ledger: string;
}

/** The configuration key of the requests' stack. */
export const LEDGER_KEY = "device-lifecycle:ledger";

/** Known before anything is made. */
export function placesOf({ cloud, names }: AzurePartsArguments): Places {
  const { vaultSuffix, blobSuffix } = CLOUDS[cloud];
  return {
    escrow: `https://${names.vault}.${vaultSuffix}`,
    ledger: `https://${names.storageAccount}.${blobSuffix}/${names.ledgerContainer}`,
  };
}

/**
 * Keys of the requests' stack: what was done in this tenant counts in no other. The cloud is
 * written where it is not the default.
 */
export function requestsConfig({ cloud, tenantId }: AzurePartsArguments, { escrow, ledger }: Places): Readonly<Record<string, string>> {
  const places = { "device-lifecycle:escrow": escrow, [LEDGER_KEY]: ledger, "device-lifecycle:tenant": tenantId };
  return cloud === "global" ? places : { ...places, "device-lifecycle:cloud": cloud };
}
