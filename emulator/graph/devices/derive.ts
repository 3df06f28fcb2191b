import { createHash } from "node:crypto";

/** A GUID that is always the same for the same text. */
export function guidFrom(text: string): string {
  const hex = digest(`guid:${text}`).toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-");
}

/** Apple's alphabet for bypass codes: no letters that read like digits. */
const CODE_ALPHABET = "0123456789ACDEFGHJKLMNPQRTUVWXYZ";

/** A bypass code in Apple's form, always the same for the same text. */
export function bypassCodeFrom(text: string): string {
  const letters = [...digest(`code:${text}`).subarray(0, 26)].map((byte) => CODE_ALPHABET[byte % CODE_ALPHABET.length]).join("");
  return [5, 10, 14, 18, 22, 26].map((end, index, ends) => letters.slice(ends[index - 1] ?? 0, end)).join("-");
}

/** A passcode or PIN of `length` digits, 32 at most, always the same for the same text. */
export function digitsFrom(text: string, length: number): string {
  return [...digest(`digits:${text}`).subarray(0, length)].map((byte) => byte % 10).join("");
}

/** A number from 0 to `below` - 1, always the same for the same text. */
export function numberFrom(text: string, below: number): number {
  return digest(`number:${text}`).readUInt32BE(0) % below;
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
