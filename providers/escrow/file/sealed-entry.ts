import { EscrowError } from "../../domain/errors.ts";
import { isObject, parseJson } from "../../domain/json.ts";
import type { EscrowEntry } from "../../domain/ports.ts";
import { Redacted } from "../../domain/redacted.ts";
import type { RevealedEntry } from "../revealed-entry.ts";

/** One entry as an age file for the recipients. Format: https://age-encryption.org/v1 */
export async function sealEntry(entry: EscrowEntry, secret: Redacted<string>, recipients: readonly string[]): Promise<Uint8Array> {
  const { Encrypter } = await import("age-encryption");
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  const { kind, device, deviceName, requestKey, capturedAt } = entry;
  return encrypter.encrypt(JSON.stringify({ version: 1, kind, secret: secret.reveal(), device, deviceName, requestKey, capturedAt }));
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
  return parseEntry(parseJson(text));
}

function parseEntry(value: unknown): RevealedEntry {
  if (!isObject(value) || value.version !== 1 || typeof value.secret !== "string" || !isObject(value.device)) {
    throw new EscrowError("the escrow entry has a form that this version does not know", { hint: "use the version that wrote it" });
  }
  const { secret, version: _, ...entry } = value;
  return { entry: entry as unknown as EscrowEntry, secret: new Redacted(secret) };
}
