import { readFile } from "node:fs/promises";
import path from "node:path";

const DOCS = path.resolve(import.meta.dirname, "../../docs");

/** A link of a page to a test, with the titles that are quoted behind it. */
export interface Claim {
  readonly file: string;
  readonly titles: readonly string[];
}

export function readPage(name: string): Promise<string> {
  return readFile(path.join(DOCS, name), "utf8");
}

/**
 * Every link to a test, with the titles that are quoted right behind it. A title may go on in the
 * next line.
 */
export function claimsOf(page: string): readonly Claim[] {
  return [...page.matchAll(/\]\((\.\.\/test\/[^)]+)\)((?:,?\s+"[^"]+")*)/g)].map(([, file, titles]) => ({
    file: file ?? "",
    titles: [...(titles ?? "").matchAll(/"([^"]+)"/g)].map(([, title]) => (title ?? "").replaceAll(/\s*\n\s*/g, " ")),
  }));
}

/** The titles of a claim that its test does not have. */
export async function missingTitles({ file, titles }: Claim): Promise<readonly string[]> {
  const text = await readFile(path.join(DOCS, file), "utf8");
  return titles.filter((title) => !text.includes(title));
}
