import { describe, expect, test } from "@jest/globals";
import { claimsOf, missingTitles, readPage } from "./claims.ts";

const page = await readPage("archive.md");

describe("each claim about archived requests names a test that is there", () => {
  test.each(claimsOf(page))("$file $titles", async (claim) => {
    expect(await missingTitles(claim)).toEqual([]);
  });
});
