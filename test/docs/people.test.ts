import { describe, expect, test } from "@jest/globals";
import { renderEntry } from "../../cli/reveal/render-entry.ts";
import { SECRET_KINDS } from "../../providers/domain/secret-kinds.ts";
import { renderCard } from "../../providers/pulumi/program/card.ts";
import { outcome } from "../support/fakes-records.ts";
import { UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";
import { entryOf } from "../support/fakes-resolved.ts";
import { gitFiles, textOf } from "./pages.ts";

/** First cells of the rows of a page's tables, without marks. */
function firstCells(page: string): readonly string[] {
  return [...textOf(page).matchAll(/^\| ([^|]+) \|/gm)].map(([, cell]) => (cell ?? "").replaceAll("`", ""));
}

describe("docs/reviewing.md", () => {
  test("tells every line of a card", () => {
    const entry = entryOf({ steps: UNLOCK_AND_WIPE }, { records: [outcome("pending")] });
    const card = renderCard(entry, { kind: "follows", text: "follows: …" }, ["something"]);
    const labels = card
      .split("\n")
      .slice(1)
      .map((line) => line.replace(/^(step|last run|\w+).*/, "$1"));

    expect(new Set(labels)).toEqual(new Set(["device", "step", "reason", "expires", "agreed", "last run", "WARNING"]));
    expect([...new Set(labels)].filter((label) => !firstCells("docs/reviewing.md").includes(label))).toEqual([]);
  });
});

describe("docs/reading-codes.md", () => {
  const device = { id: "a", serialNumber: "B", enrolledDateTime: null };

  test.each(SECRET_KINDS)("says where to enter %s", (kind) => {
    const [title = ""] = renderEntry({ kind, requestKey: "a#1", device, deviceName: "x", capturedAt: "" }, 0);
    const name = title.replace(" of x", "").replace("Mac's wipe", "wipe").toLowerCase();

    expect(firstCells("docs/reading-codes.md").map((cell) => cell.toLowerCase())).toContain(name);
  });
});

describe("docs/glossary.md", () => {
  const words = firstCells("docs/glossary.md").filter((cell) => cell !== "word" && cell !== "---");
  const elsewhere = gitFiles("providers/*.ts", "cli/*.ts", "docs/*.md", "README.md", "devices/*.md").filter(
    (file) => file !== "docs/glossary.md",
  );
  const text = elsewhere.map(textOf).join("\n").toLowerCase();

  test("has its words in order", () => {
    expect(words.length).toBeGreaterThan(30);
    expect(words).toEqual([...words].sort((a, b) => a.localeCompare(b, "en")));
  });

  test.each(words.flatMap((cell) => cell.split(", ")))("has no word that code and pages do not use: %s", (word) => {
    expect(text.match(new RegExp(`\\b${word.toLowerCase()}`, "g"))?.length ?? 0).toBeGreaterThan(2);
  });
});
