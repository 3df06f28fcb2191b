import { withoutLikelySecrets } from "../domain/likely-secrets.ts";
import { knownSecrets, Redacted, withoutSecrets } from "../domain/redacted.ts";

/** Whether the value of a variable of this name is nobody's business. */
const SECRET_NAME = /TOKEN|SECRET|PASSW|PASSPHRASE|KEY|CONNECTION|CREDENTIAL|ASSERTION|_PAT$/i;

/** Shorter parts of a secret are not known again: they would be found in any text. */
const PART = 8;

/**
 * For texts that nobody made for people, such as what an error of a library says: without the
 * secrets that this process has ever held or that stand in its environment, whole or in parts
 * (parsers quote the beginning of what they cannot read), and without what looks like one.
 */
export function hideSecrets(text: string, env: Readonly<Record<string, string | undefined>>): string {
  const secrets = [...knownSecrets(), ...secretsOf(env)];
  return withoutLikelySecrets(withoutParts(withoutSecrets(text, secrets), secrets));
}

function secretsOf(env: Readonly<Record<string, string | undefined>>): readonly Redacted<string>[] {
  return Object.entries(env).flatMap(([name, value = ""]) => (value.length >= PART && SECRET_NAME.test(name) ? [new Redacted(value)] : []));
}

function withoutParts(text: string, secrets: readonly Redacted<string>[]): string {
  const parts = new Set(secrets.flatMap((secret) => partsOf(secret.reveal())));
  const isPart = (at: number) => parts.has(text.slice(at, at + PART));
  let kept = "";
  for (let at = 0; at < text.length; ) {
    if (isPart(at)) {
      kept += "<redacted>";
      at = endOfParts(at, isPart);
    } else {
      kept += text.charAt(at);
      at += 1;
    }
  }
  return kept;
}

/** Where a run of parts that overlap, or follow one another, ends. */
function endOfParts(start: number, isPart: (at: number) => boolean): number {
  let end = start + PART;
  for (let at = start + 1; at <= end; at++) if (isPart(at)) end = at + PART;
  return end;
}

function partsOf(secret: string): readonly string[] {
  return Array.from({ length: Math.max(0, secret.length - PART + 1) }, (_, at) => secret.slice(at, at + PART));
}
