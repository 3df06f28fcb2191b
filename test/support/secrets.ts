import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

interface Forms {
  /** Found whatever the case of letters. */
  readonly anyCase: readonly string[];
  readonly exact: readonly string[];
}

const known = new Map<string, Forms>();

function formsOf(secret: string): Forms {
  const forms = known.get(secret) ?? makeForms(secret);
  known.set(secret, forms);
  return forms;
}

/**
 * The forms in which a secret must not be found: plain and backwards, percent-encoded (also each
 * byte of it), JSON-escaped, hex; base64 and base64url, also in the middle of other bytes.
 */
function makeForms(secret: string): Forms {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString("hex");
  const inBase64 = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  });
  return {
    anyCase: [
      secret,
      secret.split("").reverse().join(""),
      encodeURIComponent(secret),
      hex.replaceAll(/../g, "%$&"),
      JSON.stringify(secret).slice(1, -1),
      hex,
    ],
    exact: [...inBase64, ...inBase64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"))],
  };
}

/**
 * Which of the secrets' forms stand in the text. A PIN counts only as a word of its own, for its
 * digits may stand in any longer number.
 */
export function leaksIn(text: string, secrets: readonly string[]): readonly string[] {
  if (text === "") return [];
  const lowerCase = text.toLowerCase();
  return secrets.flatMap((secret) => {
    const { anyCase, exact } = formsOf(secret);
    const found = [
      ...anyCase.filter((form) => (/^\d{1,8}$/.test(form) ? hasWord(lowerCase, form) : lowerCase.includes(form.toLowerCase()))),
      ...exact.filter((form) => text.includes(form)),
    ];
    return [...new Set(found)];
  });
}

function hasWord(text: string, digits: string): boolean {
  return new RegExp(`(?<![0-9a-z])${digits}(?![0-9a-z])`).test(text);
}

/** The files below a folder that hold one of the secrets in any form, or whose name does. */
export async function filesWith(folder: string, secrets: readonly string[]): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const found = await Promise.all(
    files.map(async (file) => {
      const bytes = await readFile(file);
      return leaksIn(`${file}\n${bytes.toString("latin1")}`, secrets).length > 0 ? [file] : [];
    }),
  );
  return found.flat();
}
