import type { StoredEntry } from "../../domain/ports.ts";
import type { Redacted } from "../../domain/redacted.ts";
import { parseEntry, type RevealedEntry, renderEntry } from "../revealed-entry.ts";

/** One entry as an age file for the recipients. Format: https://age-encryption.org/v1 */
export async function sealEntry(entry: StoredEntry, secret: Redacted<string>, recipients: readonly string[]): Promise<Uint8Array> {
  const { Encrypter } = await import("age-encryption");
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return encrypter.encrypt(renderEntry({ entry, secret }));
}

/**
 * Null when none of the identities opens it or the bytes are not what age wrote: the library tells
 * the two apart by text only.
 */
export async function unsealEntry(bytes: Uint8Array, identities: readonly string[]): Promise<RevealedEntry | null> {
  const { Decrypter } = await import("age-encryption");
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  let text: string;
  try {
    text = await decrypter.decrypt(bytes, "text");
  } catch {
    return null;
  }
  return parseEntry(text);
}
