import { describe, expect, test } from "@jest/globals";
import { Redacted } from "../../providers/domain/redacted.ts";
import { fingerprintOf } from "../../providers/escrow/fingerprint.ts";
import { SECRET } from "../support/escrow-sample.ts";

describe("a fingerprint", () => {
  test("tells two bypass codes apart, and is the same for the same", () => {
    const one = fingerprintOf(new Redacted(SECRET));

    expect(one).toMatch(/^[0-9a-f]{16}$/);
    expect(fingerprintOf(new Redacted(SECRET))).toBe(one);
    expect(fingerprintOf(new Redacted(SECRET.replace("Q", "R")))).not.toBe(one);
  });

  test("is made of 20 letters and digits of 8 kinds or more, and of no fewer", () => {
    const made = ["ABCDEFGH-ABCDEFGH-ABCD", "ABCDEFGH-ABCDEFGH-ABC", "ABCDEFG-ABCDEFG-ABCDEFG"].map((text) =>
      fingerprintOf(new Redacted(text)),
    );

    expect(made).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/), null, null]);
  });

  test.each(["0042", "123456", "correct horse", "Passw0rd!2026", "1111-1111-1111-1111-1111-1111", "", "------------------------------"])(
    "is not made of %j, which could be found by trying",
    (secret) => {
      expect(fingerprintOf(new Redacted(secret))).toBeNull();
    },
  );
});
