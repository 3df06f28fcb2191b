/** An Activation Lock bypass code: XXXXX-XXXXX-XXXX-XXXX-XXXX-XXXX. */
const BYPASS_CODE = /\b[0-9A-Z]{5}-[0-9A-Z]{5}(?:-[0-9A-Z]{4}){4}\b/gi;

/**
 * Values of the properties and parameters that hold secrets, in JSON (also inside a text of JSON),
 * in a form or in a sentence.
 */
const NAMED =
  /\b(activationLockBypassCode|passcode|unlockPin|macOsUnlockCode|access_token|refresh_token|client_secret|client_assertion)(\\*["']?\s*[:=]\s*\\*["']?)[^\s"'\\,;&<>{}]+/gi;

/** The text without what looks like a secret although nobody here has read it as one. */
export function withoutLikelySecrets(text: string): string {
  return text.replaceAll(NAMED, "$1$2<redacted>").replaceAll(BYPASS_CODE, "<redacted>");
}
