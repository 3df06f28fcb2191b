import type { StoredEntry } from "../../domain/ports.ts";
import type { Redacted } from "../../domain/redacted.ts";
import { parseEntry, type RevealedEntry, renderEntry } from "../revealed-entry.ts";

/** Writes one entry as an age file. Format: https://age-encryption.org/v1 */
export type Seal = (entry: StoredEntry, secret: Redacted<string>) => Promise<Uint8Array>;

/** Reads the recipients' keys once, which takes as long as a third of an entry. */
export async function sealFor(recipients: readonly string[]): Promise<Seal> {
  const { Encrypter } = await import("age-encryption");
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return (entry, secret) => encrypter.encrypt(renderEntry({ entry, secret }));
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
