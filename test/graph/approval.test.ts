import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { encodeJustification } from "../../providers/graph/approval.ts";

test("a justification of any text is base64 of at most 1,024 characters, and its beginning", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 2_000 }), (text) => {
      fc.pre(text.trim() !== "");

      const header = encodeJustification(text);

      const decoded = Buffer.from(header, "base64").toString("utf8");
      expect(header).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
      expect(header.length).toBeLessThanOrEqual(1_024);
      expect(text.toWellFormed().startsWith(decoded)).toBe(true);
      expect(Buffer.byteLength(decoded)).toBeGreaterThan(Math.min(Buffer.byteLength(text.toWellFormed()), 764) - 1);
    }),
  );
});

test("a character is kept whole or left out", () => {
  const header = encodeJustification(`${"x".repeat(767)}é`);

  expect(Buffer.from(header, "base64").toString("utf8")).toBe("x".repeat(767));
});

test("no reason is said to be none: Graph refuses an empty header", () => {
  expect(Buffer.from(encodeJustification(" \n"), "base64").toString("utf8")).toBe("No reason was given");
});
