import { dirname } from "node:path";
import { EscrowError } from "../../domain/errors.ts";
import { syncFolder, writeNewFile } from "../../support/store-folder.ts";
import { escrowFailure } from "../escrow-failure.ts";
import { lstatOrNull } from "../escrow-folder.ts";
import { renderIdentityFile } from "./identity-file.ts";
import { recipientsPath } from "./recipients.ts";

/**
 * Makes a reader's pair of keys. The secret half goes to a new file for its owner alone; the public
 * half is given back.
 */
export async function writeKeyPair(path: string, comment: string): Promise<string> {
  if ((await lstatOrNull(recipientsPath(dirname(path)))) !== null) {
    const hint = "choose a folder of the reader's own: whoever has the escrow must not have its key";
    throw new EscrowError(`${dirname(path)} is an escrow folder: the secret half of a key must not lie in it`, { hint });
  }
  const { generateX25519Identity, identityToRecipient } = await import("age-encryption");
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  try {
    await writeNewFile(path, Buffer.from(renderIdentityFile(identity, recipient, comment)));
    await syncFolder(dirname(path));
  } catch (error) {
    throw escrowFailure(error, "write the key to", path);
  }
  return recipient;
}
