import { inspect } from "node:util";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Redacted, withoutSecrets } from "../../providers/domain/redacted.ts";
import { SEED } from "../support/hostile-text.ts";
import { leaksIn } from "../support/secrets.ts";

const CODE = "4K7Q1-P9D0M-3TXY-8HWE-V2CA-NARY";

test("a secret goes to text by one door alone", () => {
  const secret = new Redacted(CODE);

  const texts = [
    String(secret),
    ["", secret].join("a"),
    JSON.stringify({ secret }),
    inspect(secret, { depth: 9, showHidden: true }),
    inspect([secret]),
  ];

  expect(leaksIn(texts.join("\n"), [CODE])).toEqual([]);
  expect(secret.reveal()).toBe(CODE);
});

const encodings = fc.constantFrom<(text: string) => string>(
  (text) => text,
  (text) => encodeURIComponent(text.toWellFormed()),
  (text) => JSON.stringify(text),
  (text) => Buffer.from(text).toString("hex"),
  (text) => Buffer.from(text).toString("base64"),
  (text) => Buffer.from(text).toString("base64url"),
);

describe("a text without secrets", () => {
  test.each<[string, string]>([
    ["as it is", `Bad value ${CODE}.`],
    ["in an address", `/x?code=${encodeURIComponent(CODE)}&y`],
    ["in hex", `0x${Buffer.from(CODE).toString("hex")}`],
    ["in hex of capitals", Buffer.from(CODE).toString("hex").toUpperCase()],
    ["in base64", Buffer.from(CODE).toString("base64")],
    ["in the base64 of a body", Buffer.from(`{"code":"${CODE}"}`).toString("base64")],
    ["in the base64url of a body", Buffer.from(`{ "code":"${CODE}" }`).toString("base64url")],
    ["in JSON", JSON.stringify(JSON.stringify({ code: CODE }))],
  ])("has none %s", (_, text) => {
    expect(leaksIn(withoutSecrets(text, [new Redacted(CODE)]), [CODE])).toEqual([]);
    expect(leaksIn(text, [CODE])).not.toEqual([]);
  });

  test("has none of any text, wherever it stands and however it is encoded, and no piece of one that holds another", () => {
    const around = fc.string({ unit: "binary", maxLength: 5 });
    const secretText = fc.string({ minLength: 6, maxLength: 12 }).filter((text) => text.trim().length >= 6 && !text.includes("redacted"));
    fc.assert(
      fc.property(secretText, around, around, encodings, (secret, before, after, form) => {
        const text = form(before.toWellFormed() + secret + after.toWellFormed());

        const clean = withoutSecrets(text, [new Redacted(secret.slice(0, 6)), new Redacted(secret)]);

        expect(clean).toContain("<redacted>");
        expect(decodings(clean).filter((decoded) => decoded.includes(secret))).toEqual([]);
      }),
      { numRuns: 500, seed: SEED },
    );
  });

  test("has none however long it is and whatever signs it has, and hiding it throws nothing", () => {
    const signs = fc.string({
      unit: fc.constantFrom(...Array.from("\\^$.*+?()[]{}|/-,=<>\n\u0000\u{1F600}\ud800éx")),
      minLength: 6,
      maxLength: 40,
    });
    const length = fc.constantFrom(1, 40, 24_000, 100_000);
    fc.assert(
      fc.property(signs, length, encodings, (pattern, shortest, form) => {
        const secret = pattern.repeat(Math.ceil(shortest / pattern.length));
        fc.pre(!"<redacted>".includes(secret));

        const clean = withoutSecrets(`said ${form(secret)} twice: ${form(secret)}.`, [new Redacted(secret), new Redacted("other")]);

        expect(clean).toMatch(/^said ["=]*<redacted>.* twice: ["=]*<redacted>.*\.$/s);
        expect(clean.length).toBeLessThan(100);
      }),
      { numRuns: 150, seed: SEED },
    );
  });

  test("has none where one form follows another without a sign between", () => {
    const clean = withoutSecrets(`${Buffer.from(CODE).toString("base64")}${CODE}${CODE}`, [new Redacted(CODE)]);

    expect(clean.replaceAll("<redacted>", "")).toBe("");
  });

  test("is the same where there are none", () => {
    expect(withoutSecrets("nothing to hide", [new Redacted(""), new Redacted(CODE)])).toBe("nothing to hide");
  });
});

function decodings(text: string): readonly string[] {
  return [text, Buffer.from(text, "base64").toString(), Buffer.from(text, "hex").toString()];
}
