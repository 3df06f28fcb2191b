import { describe, expect, test } from "@jest/globals";
import { gitFiles, textOf } from "./pages.ts";

const PAGES = gitFiles("docs/decisions/0*.md");

describe("docs/decisions", () => {
  test("lists every page, in order", () => {
    const listed = [...textOf("docs/decisions/README.md").matchAll(/^\| \[(\d+)\]\((0\d{3}-[\w-]+\.md)\)/gm)];

    expect(listed.map(([, , file]) => `docs/decisions/${file}`)).toEqual(PAGES);
    expect(listed.map(([, number]) => Number(number))).toEqual(PAGES.map((_, index) => index + 1));
  });

  test.each(PAGES)("says in %s what was asked and decided, what else there was, and what it costs", (page) => {
    const text = textOf(page);

    for (const part of ["Question.", "Decided.", "What it costs"]) expect(text).toContain(`**${part}`);
  });

  test("names as used only what package.json has", () => {
    const { dependencies } = JSON.parse(textOf("package.json")) as { readonly dependencies: Readonly<Record<string, string>> };
    const [, used = ""] = /\*\*Used:\*\*([\s\S]*?)\n\n/.exec(textOf("docs/decisions/0006-written-by-hand.md")) ?? [];
    const names = [...used.matchAll(/`([\w-]+)`/g)].map(([, name]) => name ?? "");

    expect(names.length).toBeGreaterThan(8);
    expect(names.filter((name) => !(name in dependencies) && !(`@microsoft/${name}` in dependencies))).toEqual([]);
  });
});
