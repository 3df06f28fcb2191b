import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/** The forms in which a secret must not be found: plain, base64 (also without padding), hex, percent-encoded, JSON-escaped. */
function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    bytes.toString("base64").replace(/=+$/, ""),
    bytes.toString("base64url"),
    bytes.toString("hex"),
    encodeURIComponent(secret),
  ];
}

/** Which of the secrets' forms stand in the text. A PIN counts only as a word of its own, for its digits may stand in any longer number. */
export function leaksIn(text: string, secrets: readonly string[]): readonly string[] {
  const haystack = text.toLowerCase();
  return secrets
    .flatMap(formsOf)
    .filter((form) => (/^\d{1,8}$/.test(form) ? hasWord(haystack, form) : haystack.includes(form.toLowerCase())));
}

function hasWord(text: string, digits: string): boolean {
  return new RegExp(`(?<![0-9a-z])${digits}(?![0-9a-z])`).test(text);
}

/** The files below a folder that hold one of the secrets in any form. */
export async function filesWith(folder: string, secrets: readonly string[]): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const found = await Promise.all(
    files.map(async (file) => (leaksIn((await readFile(file)).toString("latin1"), secrets).length > 0 ? [file] : [])),
  );
  return found.flat();
}
