import { hash } from "node:crypto";
import type { Redacted } from "../domain/redacted.ts";

const LEAST_CHARACTERS = 20;
const LEAST_DIFFERENT = 8;

/**
 * 16 hex digits that tell two codes apart without telling either, or null. An Activation Lock
 * bypass code holds about 128 random bits, so nobody finds it from a hash; a passcode or PIN has so
 * few that its hash would be the secret itself.
 */
export function fingerprintOf(secret: Redacted<string>): string | null {
  const characters = secret.reveal().replaceAll(/[^0-9A-Za-z]/g, "");
  if (characters.length < LEAST_CHARACTERS || new Set(characters).size < LEAST_DIFFERENT) return null;
  return hash("sha256", `device-lifecycle fingerprint 1\n${secret.reveal()}`).slice(0, 16);
}
