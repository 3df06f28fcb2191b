import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { POINTS } from "../crash/points.ts";

const DOCS = path.resolve(import.meta.dirname, "../../docs");
const page = await readFile(path.join(DOCS, "guarantees.md"), "utf8");

/** Every link to a test, with the titles that are quoted right behind it. */
const CLAIMS = [...page.matchAll(/\]\((\.\.\/test\/[^)]+)\)((?:,? "[^"]+")*)/g)].map(([, file, titles]) => ({
  file: file ?? "",
  titles: [...(titles ?? "").matchAll(/"([^"]+)"/g)].map(([, title]) => title ?? ""),
}));

describe("each promise names a test that is there", () => {
  test("and each row names one", () => {
    const rows = page.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| promise"));

    expect(rows.length).toBeGreaterThan(15);
    expect(rows.filter((row) => !row.includes("](../test/"))).toEqual([]);
  });

  test("and the number of crash points is the one that there are", () => {
    expect(page).toContain(`six of ${POINTS.length} kills`);
  });

  test.each(CLAIMS)("$file $titles", async ({ file, titles }) => {
    const text = await readFile(path.join(DOCS, file), "utf8");

    expect(titles.filter((title) => !text.includes(title))).toEqual([]);
  });
});
