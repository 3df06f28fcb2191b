import { hash, timingSafeEqual } from "node:crypto";
import type { EscrowEntry } from "../domain/ports.ts";
import type { Redacted } from "../domain/redacted.ts";

/** One secret, and what it is of. */
export interface RevealedEntry {
  readonly entry: EscrowEntry;
  readonly secret: Redacted<string>;
}

/** In constant time: how much of two secrets agrees is nobody's business. */
export function sameSecret(a: Redacted<string>, b: Redacted<string>): boolean {
  return timingSafeEqual(hash("sha256", a.reveal(), "buffer"), hash("sha256", b.reveal(), "buffer"));
}
