import { printable } from "../domain/diagnostic.ts";
import type { Redacted } from "../domain/redacted.ts";

const LONGEST = 500;

/** Text of a server's for people: one line, without control characters, not endless, and without the secrets that were sent. */
export function serverText(text: string, secrets: readonly Redacted<string>[], longest: number = LONGEST): string {
  const hidden = secrets.reduce((rest, secret) => hide(rest, secret.reveal()), text);
  const line = printable(hidden.replaceAll(/\s+/g, " ").trim());
  return line.length <= longest ? line : `${line.slice(0, longest)}…`;
}

/** A secret may come back as it was, or as a header or an address holds it. */
function hide(text: string, secret: string): string {
  const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")];
  return forms.reduce((rest, form) => (form === "" ? rest : rest.replaceAll(form, "<redacted>")), text);
}
