import { describe, expect, test } from "@jest/globals";
import { POINTS } from "../crash/points.ts";
import { claimsOf, missingTitles, readPage } from "./claims.ts";

const page = await readPage("guarantees.md");

describe("each promise names a test that is there", () => {
  test("and each row names one", () => {
    const rows = page.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| promise"));

    expect(rows.length).toBeGreaterThan(15);
    expect(rows.filter((row) => !row.includes("](../test/"))).toEqual([]);
  });

  test("and the number of crash points is the one that there are", () => {
    expect(page).toContain(`six of ${POINTS.length} kills`);
  });

  test.each(claimsOf(page))("$file $titles", async (claim) => {
    expect(await missingTitles(claim)).toEqual([]);
  });
});
