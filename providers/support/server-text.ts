import { printable } from "../domain/diagnostic.ts";
import { withoutLikelySecrets } from "../domain/likely-secrets.ts";
import { type Redacted, withoutSecrets } from "../domain/redacted.ts";

const LONGEST = 500;

/**
 * Text of a server's for people: one line, without control characters, not endless, and without
 * secrets: those that are known, and what looks like one although we never read it.
 */
export function serverText(text: string, secrets: readonly Redacted<string>[], longest: number = LONGEST): string {
  const line = printable(withoutLikelySecrets(withoutSecrets(text, secrets)).replaceAll(/\s+/g, " ").trim());
  return line.length <= longest ? line : `${line.slice(0, longest)}…`;
}
