import { createCipheriv, createDecipheriv } from "node:crypto";
import { canonicalJson, isObject, parseJson } from "../domain/json.ts";
import { Redacted } from "../domain/redacted.ts";

/**
 * Whom a sign-in is for. It stands in the clear, and nothing that was sealed for another one opens
 * with it.
 */
export interface LoginBinding {
  /** Origin of the login service. */
  readonly authority: string;
  /** As the person wrote it: an id or a domain. */
  readonly tenant: string;
  readonly tenantId: string;
  readonly clientId: string;
}

/** AES-256. */
export const KEY_BYTES = 32;

/** 96 bits, as GCM wants it: https://csrc.nist.gov/pubs/sp/800/38/d/final */
export const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = "aes-256-gcm";

/** The file's text. A nonce must never be used twice with one key. */
export function sealLogin(binding: LoginBinding, content: Redacted<string>, key: Redacted<Buffer>, nonce: Buffer): string {
  const cipher = createCipheriv(CIPHER, key.reveal(), nonce);
  cipher.setAAD(additionalData(binding));
  const sealed = Buffer.concat([nonce, cipher.update(content.reveal(), "utf8"), cipher.final(), cipher.getAuthTag()]);
  const { authority, tenant, tenantId, clientId } = binding;
  return `${JSON.stringify({ version: 1, authority, tenant, tenantId, clientId, sealed: sealed.toString("base64") }, null, 2)}\n`;
}

/** Null for a text that was damaged, changed, or sealed with another key. */
export function openLogin(
  text: string,
  key: Redacted<Buffer>,
): { readonly binding: LoginBinding; readonly content: Redacted<string> } | null {
  const file = parseFile(text);
  if (file === null || key.reveal().length !== KEY_BYTES || file.sealed.length < NONCE_BYTES + TAG_BYTES) return null;
  const { binding, sealed } = file;
  try {
    const decipher = createDecipheriv(CIPHER, key.reveal(), sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(additionalData(binding));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const content = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    return { binding, content: new Redacted(content.toString("utf8")) };
  } catch {
    return null;
  }
}

function additionalData({ authority, tenant, tenantId, clientId }: LoginBinding): Buffer {
  return Buffer.from(canonicalJson({ version: 1, authority, tenant, tenantId, clientId }), "utf8");
}

function parseFile(text: string): { readonly binding: LoginBinding; readonly sealed: Buffer } | null {
  const file = parseJson(text);
  if (!isObject(file) || file.version !== 1) return null;
  const { authority, tenant, tenantId, clientId, sealed } = file;
  if (typeof authority !== "string" || typeof tenant !== "string" || typeof tenantId !== "string") return null;
  if (typeof clientId !== "string" || typeof sealed !== "string") return null;
  return { binding: { authority, tenant, tenantId, clientId }, sealed: Buffer.from(sealed, "base64") };
}
