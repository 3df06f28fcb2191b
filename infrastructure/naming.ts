import { hash } from "node:crypto";
import type { ResourceNames } from "./arguments.ts";

/** What a name is made of. */
export interface NameParts {
  /** 2 to 10 lower-case letters and digits. */
  readonly base: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
}

const MARK_LENGTH = 10;

/**
 * Names by convention. What must be unique in the whole cloud carries a mark of tenant,
 * subscription and base, so that the same configuration always gives the same names and other
 * organisations' do not meet ours.
 */
export function conventionalNames({ base, tenantId, subscriptionId }: NameParts): ResourceNames {
  const mark = hash("sha256", `${tenantId}/${subscriptionId}/${base}`.toLowerCase()).slice(0, MARK_LENGTH);
  return {
    resourceGroup: `rg-${base}`,
    vault: `kv-${base}-${mark}`,
    storageAccount: `st${base}${mark}`,
    ledgerContainer: "ledger",
    stateContainer: "state",
    workspace: `log-${base}`,
    previewIdentity: `id-${base}-preview`,
    upIdentity: `id-${base}-up`,
  };
}

/** A GUID that is the same for the same text (RFC 9562, version 8). */
export function stableGuid(text: string): string {
  const digits = hash("sha256", text.toLowerCase());
  const variant = ((Number.parseInt(digits.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-8${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}
