import { describe, expect, test } from "@jest/globals";
import { POINTS } from "../crash/points.ts";
import { CODE_CASES } from "../faults/code-cases.ts";
import { countRows, everySubject, oneOfFew } from "../faults/matrix.ts";
import { DESTRUCTIVE, GUARDING, REPEATABLE } from "../faults/subjects.ts";
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

  test("and so are the numbers of kills and of faults that were tried", () => {
    const faults = countRows(DESTRUCTIVE, everySubject) + countRows(REPEATABLE, oneOfFew) + GUARDING.length * CODE_CASES.length;

    expect(page).toContain(`${POINTS.length} kills of the real engine`);
    expect(page).toContain(`${faults.toLocaleString("en")} faults of Graph`);
  });

  test.each(claimsOf(page))("$file $titles", async (claim) => {
    expect(await missingTitles(claim)).toEqual([]);
  });
});
