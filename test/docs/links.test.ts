import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { anchorOf, headingsOf, PAGES, proseOf, ROOT, textOf } from "./pages.ts";

/** Links to files of the project, in prose. */
function linksOf(page: string): readonly string[] {
  const targets = [...proseOf(textOf(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? "");
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

/** Why a link leads nowhere, or nothing. */
function brokenBecause(page: string, link: string): string | undefined {
  const [file = "", anchor] = link.split("#");
  const target = file === "" ? page : path.join(path.dirname(page), file);
  if (!existsSync(path.join(ROOT, target))) return `${link}: there is no ${target}`;
  if (anchor === undefined || !target.endsWith(".md")) return undefined;
  return headingsOf(textOf(target)).map(anchorOf).includes(anchor) ? undefined : `${link}: ${target} has no such heading`;
}

describe("links of pages", () => {
  test.each(PAGES)("lead somewhere in %s", (page) => {
    expect(linksOf(page).flatMap((link) => brokenBecause(page, link) ?? [])).toEqual([]);
  });

  test("are found", () => {
    expect(PAGES.flatMap(linksOf).length).toBeGreaterThan(100);
  });

  test("that lead to a file or heading that is not there are told", () => {
    expect(brokenBecause("README.md", "docs/nowhere.md")).toBe("docs/nowhere.md: there is no docs/nowhere.md");
    expect(brokenBecause("README.md", "docs/stores.md#nothing")).toBe("docs/stores.md#nothing: docs/stores.md has no such heading");
  });
});

/** Pages whose prose keeps to 120 columns: each that is made anew or written anew joins. */
const NARROW = [
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "README.md",
  "SECURITY.md",
  "test/README.md",
  "docs/audit.md",
  "docs/faq.md",
  "docs/glossary.md",
  "docs/reading-codes.md",
  "docs/reports.md",
  "docs/reviewing.md",
  "docs/runbook.md",
];
const isNarrow = (page: string) => NARROW.includes(page) || /^docs\/(decisions\/|how-to-)/.test(page);

describe("prose", () => {
  test.each(PAGES.filter(isNarrow))("is at most 120 columns wide in %s", (page) => {
    const lines = proseOf(textOf(page)).split("\n");

    // A row of a table cannot be broken.
    expect(lines.filter((line) => line.length > 120 && !line.startsWith("|"))).toEqual([]);
  });
});
