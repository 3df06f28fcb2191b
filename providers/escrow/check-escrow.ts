import { type LocationRules, parseEscrowLocation } from "./escrow-location.ts";
import { checkFolder } from "./file/escrow-folder.ts";
import { type Recipient, readRecipients } from "./file/recipients.ts";
import { usableRecipients } from "./file/usable-recipients.ts";

/** What has to be known to judge an escrow before anything is put there. */
export interface CheckEscrowOptions extends LocationRules {
  /** The configuration key `escrow`. */
  readonly location: string;
}

/**
 * Early, before anything is done, without writing and without a token: throws `ConfigurationError`
 * for a place of another form, `EscrowError` for a folder that could not take a secret or has
 * nobody who could read it. Whether a vault lets us in shows with the first `put`, which comes
 * before anything destructive. Gives the recipients that are left out.
 */
export async function checkEscrow(options: CheckEscrowOptions): Promise<readonly Recipient[]> {
  const location = parseEscrowLocation(options.location, options);
  if (location.kind === "vault") return [];
  if (!options.isLoopbackGraph) return (await usableRecipients(location.folder, options.root, false)).unproven;
  if ((await checkFolder(location.folder, options.root)) === "present") await readRecipients(location.folder);
  return [];
}
