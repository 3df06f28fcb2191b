import type { PrivateKey, PublicKey, SessionKey } from "openpgp";
import type { EscrowEntry } from "../../providers/domain/ports.ts";
import type { Redacted } from "../../providers/domain/redacted.ts";
import { parseEntry, renderEntry } from "../../providers/escrow/revealed-entry.ts";

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
  const message = await createMessage({ binary: Buffer.from(renderEntry({ entry, secret })) });
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
  return parseEntry(Buffer.from(bytes).toString("utf8"));
}
