import { EscrowError } from "../domain/errors.ts";
import { checkFolder } from "./escrow-folder.ts";
import { identitiesInFolder } from "./identity-file.ts";
import { ADD_RECIPIENT, type Recipient, readRecipients, recipientsPath } from "./recipients.ts";

/**
 * The recipients that secrets are encrypted to. Throws `EscrowError` when nobody could read them, or when everybody who has
 * the folder could: then the command to type is in the hint. `allowReadersInFolder` is for the emulator, whose reader's identity lies there.
 */
export async function usableRecipients(folder: string, root: string, allowReadersInFolder: boolean): Promise<readonly Recipient[]> {
  const state = await checkFolder(folder, root);
  const recipients = state === "missing" ? [] : await readRecipients(folder);
  if (recipients.length === 0) throw noRecipients(folder, state);
  if (!allowReadersInFolder) await refuseReadersInFolder(folder, recipients);
  return recipients;
}

function noRecipients(folder: string, state: "present" | "missing"): EscrowError {
  const message = state === "missing" ? `there is no escrow folder ${folder}` : `${recipientsPath(folder)} names nobody who could read`;
  const hint = `\`${ADD_RECIPIENT}\` with the public key of a person who may read (\`npm run recipients -- keygen FILE\` makes a pair)`;
  return new EscrowError(message, { hint });
}

async function refuseReadersInFolder(folder: string, recipients: readonly Recipient[]): Promise<void> {
  const identities = await identitiesInFolder(folder);
  const open = recipients.find((recipient) => identities.has(recipient.key));
  if (open === undefined) return;
  const message = `the identity of recipient ${open.key} lies beside the escrow, in ${identities.get(open.key)}: whoever has the folder could read everything`;
  const hint = `\`npm run recipients -- remove ${open.key}\`, then \`${ADD_RECIPIENT}\` with the public key of a person who may read`;
  throw new EscrowError(message, { hint });
}
