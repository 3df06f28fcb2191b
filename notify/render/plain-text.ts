import { printable } from "../../providers/domain/diagnostic.ts";
import { withoutAnySecret } from "../../providers/domain/likely-secrets.ts";

/**
 * Somebody's text as one line for a chat: without secrets, and so that it can neither link nor
 * mention anybody, whatever the chat makes of plain text. `longest` in characters.
 */
export function plainText(text: string, longest: number): string {
  const line = printable(withoutAnySecret(text).replaceAll(/\s+/g, " ").trim());
  const inert = line
    .replaceAll("<", "‹")
    .replaceAll(">", "›")
    .replaceAll("@", "(at)")
    .replaceAll("://", "[:]//")
    .replaceAll(/\bwww\./gi, "www[.]");
  return inert.length <= longest ? inert : `${inert.slice(0, longest - 1)}…`;
}
