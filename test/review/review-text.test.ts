import { describe, expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import fc from "fast-check";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { REVIEW_SCHEMA } from "../../review/review-schema.ts";
import { parseReview, renderReview } from "../../review/review-text.ts";
import { reviewed, reviewOf } from "../support/fakes-review.ts";
import { findSteering, hostileText, SEED } from "../support/hostile-text.ts";

const REVIEW = reviewOf([reviewed(["wipe"]), reviewed([{ action: "wipe", parameters: { keepUserData: false } }], { name: "wipe-two" })]);
const TEXT = renderReview(REVIEW);

describe("the file of a review", () => {
  test("gives the review back, and fits its schema", () => {
    expect(parseReview(TEXT, "review.json")).toEqual(REVIEW);
    expect(new Ajv({ strictTypes: false }).validate(REVIEW_SCHEMA, JSON.parse(TEXT))).toBe(true);
  });

  test("is refused when any one of its bytes is another", () => {
    const taken: number[] = [];
    for (let at = 0; at < TEXT.length; at++) {
      const other = TEXT[at] === "x" ? "y" : "x";
      if (accepts(TEXT.slice(0, at) + other + TEXT.slice(at + 1))) taken.push(at);
      if (accepts(TEXT.slice(0, at) + TEXT.slice(at + 1))) taken.push(at);
    }

    expect(taken).toEqual([]);
  });

  test.each([
    ["of a later format", TEXT.replace('"format": 1', '"format": 2'), /it is of format 2, and this version reads 1/],
    ["that is no JSON", "wipe everything", /it is no JSON/],
    ["with a key that nobody knows", TEXT.replace('"format": 1', '"format": 1, "also": true'), /must NOT have additional properties/],
    ["with spaces in other places", TEXT.replace("{\n", "{ \n"), /its seal/],
  ])("%s is refused", (_, text, why) => {
    expect(() => parseReview(text, "review.json")).toThrow(why);
  });

  test("whose seal was made over a digest that is not of its steps is refused", () => {
    const [first = reviewed(["wipe"]), second = first] = REVIEW.requests;
    const forged = renderReview(reviewOf([{ ...first, digest: second.digest }]));

    expect(() => parseReview(forged, "review.json")).toThrow(/the digest of wipe-one#1 is not that of its device and steps/);
  });

  test("with one request twice is refused: which of the two counts?", () => {
    const twice = renderReview(reviewOf([reviewed(["wipe"]), reviewed(["retire"])]));

    expect(() => parseReview(twice, "review.json")).toThrow(/it has a request twice/);
  });

  test("gives back whatever devices and people wrote, and steers no terminal and no pipeline", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const [one = reviewed(["wipe"])] = REVIEW.requests;
        const facts = one.facts === null ? null : { ...one.facts, deviceName: text };
        const review = reviewOf([{ ...one, reason: text, facts }], { warnings: [text] });
        const rendered = renderReview(review);

        expect(parseReview(rendered, "review.json")).toEqual(review);
        expect(findSteering(rendered)).toEqual([]);
      }),
      { seed: SEED, numRuns: 100 },
    );
  });
});

function accepts(text: string): boolean {
  try {
    parseReview(text, "review.json");
    return true;
  } catch (error) {
    if (error instanceof ConfigurationError) return false;
    throw error;
  }
}
