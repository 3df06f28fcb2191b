import { printable } from "../domain/diagnostic.ts";
import { type Redacted, withoutSecrets } from "../domain/redacted.ts";

const LONGEST = 500;

/**
 * Text of a server's for people: one line, without control characters, not endless, and without secrets: those that are known, and what looks
 * like one although we never read it.
 */
export function serverText(text: string, secrets: readonly Redacted<string>[], longest: number = LONGEST): string {
  const line = printable(withoutNamed(withoutSecrets(text, secrets)).replaceAll(/\s+/g, " ").trim());
  return line.length <= longest ? line : `${line.slice(0, longest)}…`;
}

/** An Activation Lock bypass code: XXXXX-XXXXX-XXXX-XXXX-XXXX-XXXX. */
const BYPASS_CODE = /\b[0-9A-Z]{5}-[0-9A-Z]{5}(?:-[0-9A-Z]{4}){4}\b/gi;

/** Values of the properties and parameters that hold secrets, in JSON (also inside a text of JSON), in a form or in a sentence. */
const NAMED =
  /\b(activationLockBypassCode|passcode|unlockPin|macOsUnlockCode|access_token|refresh_token|client_secret|client_assertion)(\\*["']?\s*[:=]\s*\\*["']?)[^\s"'\\,;&<>{}]+/gi;

function withoutNamed(text: string): string {
  return text.replaceAll(NAMED, "$1$2<redacted>").replaceAll(BYPASS_CODE, "<redacted>");
}
