import { EscrowError } from "../../domain/errors.ts";
import { checkFolder } from "../escrow-folder.ts";
import type { Recipient } from "../escrow-store.ts";
import { readConfirmations } from "./confirmations.ts";
import { identitiesInFolder } from "./identity-file.ts";
import { addRecipientCommand, readRecipients, recipientsCommand, recipientsPath } from "./recipients.ts";

/**
 * The recipients of a folder: those that secrets are encrypted to, and those that are left out
 * until they have proven their key.
 */
export interface Recipients {
  readonly usable: readonly Recipient[];
  readonly unproven: readonly Recipient[];
}

/**
 * Throws `EscrowError` when nobody could read what is put there, or when everybody who has the
 * folder could: then the command to type is in the hint. `isLoopbackGraph`: what comes from an
 * emulator needs no proof, and its reader's identity lies in the folder.
 */
export async function usableRecipients(folder: string, root: string, isLoopbackGraph: boolean): Promise<Recipients> {
  const state = await checkFolder(folder, root);
  const listed = state === "missing" ? [] : await readRecipients(folder);
  if (listed.length === 0) throw noRecipients(folder, state);
  if (isLoopbackGraph) return { usable: listed, unproven: [] };
  await refuseReadersInFolder(folder, listed);
  const recipients = await divideRecipients(folder, listed);
  if (recipients.usable.length === 0) throw nobodyProven(folder, listed);
  return recipients;
}

/**
 * A key that nobody holds any more, or that was mistyped, opens nothing: only who has opened a
 * challenge counts.
 */
export async function divideRecipients(folder: string, listed: readonly Recipient[]): Promise<Recipients> {
  const proven = new Set((await readConfirmations(folder)).map((confirmation) => confirmation.recipient));
  return { usable: listed.filter(({ key }) => proven.has(key)), unproven: listed.filter(({ key }) => !proven.has(key)) };
}

function noRecipients(folder: string, state: "present" | "missing"): EscrowError {
  const message = state === "missing" ? `there is no escrow folder ${folder}` : `${recipientsPath(folder)} names nobody who could read`;
  const hint = `\`${addRecipientCommand(folder)}\` with the public key of a person who may read (\`dlr recipients keygen FILE\` makes a pair)`;
  return new EscrowError(message, { hint });
}

function nobodyProven(folder: string, listed: readonly Recipient[]): EscrowError {
  const path = recipientsPath(folder);
  const names = listed.map(({ key, line, comment }) => `${key} (line ${line}${comment === "" ? "" : `, ${comment}`})`).join(", ");
  const message = `none of the ${listed.length} in ${path} has proven that they can decrypt: ${names}`;
  const hint = `a reader runs \`${recipientsCommand("confirm", folder, "--identity", "FILE")}\`; for a key that is kept elsewhere, \`confirm age1…\` makes a challenge`;
  return new EscrowError(message, { hint });
}

async function refuseReadersInFolder(folder: string, recipients: readonly Recipient[]): Promise<void> {
  const identities = await identitiesInFolder(folder);
  const open = recipients.find((recipient) => identities.has(recipient.key));
  if (open === undefined) return;
  const message = `the identity of recipient ${open.key} lies beside the escrow, in ${identities.get(open.key)}: whoever has the folder could read everything`;
  const hint = `\`${recipientsCommand("remove", folder, open.key)}\`, then \`${addRecipientCommand(folder)}\` with the public key of a person who may read`;
  throw new EscrowError(message, { hint });
}
