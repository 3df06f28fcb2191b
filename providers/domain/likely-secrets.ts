import { knownSecrets, withoutSecrets } from "./redacted.ts";
import { SECRET_KINDS, secretOf } from "./secret-kinds.ts";

/** Texts that look like a secret wherever they stand. */
const LOOKS = SECRET_KINDS.flatMap((kind) => secretOf(kind).looks ?? []).map((looks) => new RegExp(`\\b${looks}\\b`, "gi"));

/** Of who signs in. */
const TOKENS = ["access_token", "refresh_token", "client_secret", "client_assertion"];

/**
 * Values of the properties and parameters that hold secrets, in JSON (also inside a text of JSON),
 * in a form or in a sentence.
 */
const NAMED = new RegExp(`\\b(${[...SECRET_KINDS, ...TOKENS].join("|")})(\\\\*["']?\\s*[:=]\\s*\\\\*["']?)[^\\s"'\\\\,;&<>{}]+`, "gi");

/** The text without what looks like a secret although nobody here has read it as one. */
export function withoutLikelySecrets(text: string): string {
  return LOOKS.reduce((said, looks) => said.replaceAll(looks, "<redacted>"), text.replaceAll(NAMED, "$1$2<redacted>"));
}

/** The text without any secret that this process has held, and without what looks like one. */
export function withoutAnySecret(text: string): string {
  return withoutLikelySecrets(withoutSecrets(text, knownSecrets()));
}
