import type { PrivateKey, PublicKey, SessionKey } from "openpgp";
import { EscrowError } from "../../providers/domain/errors.ts";
import { isObject, parseJson } from "../../providers/domain/json.ts";
import type { EscrowEntry } from "../../providers/domain/ports.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import type { RevealedEntry } from "../../providers/escrow/revealed-entry.ts";

export interface SealedMessage {
  readonly armored: string;
  /** Opens this one message; lives in this process's memory only. */
  readonly proof: SessionKey;
}

/** Source: https://www.rfc-editor.org/rfc/rfc9580 */
export async function seal(entry: EscrowEntry, secret: Redacted<string>, readers: readonly PublicKey[]): Promise<SealedMessage> {
  const { createMessage, encrypt, generateSessionKey } = await import("openpgp");
  const encryptionKeys = [...readers];
  const proof = await generateSessionKey({ encryptionKeys });
  const { kind, device, deviceName, requestKey, capturedAt } = entry;
  const text = JSON.stringify({ version: 1, kind, secret: secret.reveal(), device, deviceName, requestKey, capturedAt });
  const message = await createMessage({ binary: Buffer.from(text) });
  return { armored: await encrypt({ message, encryptionKeys, sessionKey: proof }), proof };
}

/** Null when the key does not open it or the text is no message. */
export async function unseal(armored: string, key: { readonly proof: SessionKey } | { readonly reader: PrivateKey }) {
  const { decrypt, readMessage } = await import("openpgp");
  const opener = "proof" in key ? { sessionKeys: key.proof } : { decryptionKeys: key.reader };
  let bytes: Uint8Array;
  try {
    bytes = (await decrypt({ message: await readMessage({ armoredMessage: armored }), format: "binary", ...opener })).data;
  } catch {
    return null;
  }
  return parseEntry(parseJson(Buffer.from(bytes).toString("utf8")));
}

function parseEntry(value: unknown): RevealedEntry {
  if (!isObject(value) || value.version !== 1 || typeof value.secret !== "string" || !isObject(value.device)) {
    throw new EscrowError("the escrow entry has a form that this version does not know", { hint: "use the version that wrote it" });
  }
  const { secret, version: _, ...entry } = value;
  return { entry: entry as unknown as EscrowEntry, secret: new Redacted(secret) };
}
