import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

export const ROOT = path.resolve(import.meta.dirname, "../..");

/** Markdown files of the project, from its root. */
export const PAGES: readonly string[] = gitFiles("*.md");

/** Files that git has or would take in, from the project's root. */
export function gitFiles(...patterns: readonly string[]): readonly string[] {
  const list = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard", ...patterns], { cwd: ROOT });
  return list.toString().split("\0").filter(isThere);
}

function isThere(file: string): boolean {
  return file !== "" && readFileSync(path.join(ROOT, file)).length > 0;
}

export function textOf(page: string): string {
  return readFileSync(path.join(ROOT, page), "utf8");
}

/** The text without what stands in fenced blocks. */
export function proseOf(text: string): string {
  return text.replaceAll(/^( *)```[\s\S]*?^\1```$/gm, "");
}

/** Headings of a page, in order, without their marks. */
export function headingsOf(text: string): readonly string[] {
  return [...proseOf(text).matchAll(/^#+ (.+)$/gm)].map(([, title]) => title ?? "");
}

/** The address of a heading within its page, as GitHub makes it. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-");
}
