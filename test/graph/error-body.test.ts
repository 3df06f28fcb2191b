import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Redacted } from "../../providers/domain/redacted.ts";
import { describeAnswer } from "../../providers/graph/client/answer.ts";
import { parseErrorBody } from "../../providers/graph/client/error-body.ts";

const json = (value: unknown) => JSON.stringify(value);
const INTUNE = json({
  _version: 3,
  Message: "Not allowed - Operation ID (for customer support): 0000 - Activity ID: 1 - Url: https://x",
  ErrorCode: "E",
});

describe("what an error answer says", () => {
  test.each([
    ["Graph", json({ error: { code: "Forbidden", message: "No.", innerError: { date: "x" } } }), "Forbidden", "No."],
    ["OData v3", json({ "odata.error": { code: "Bad", message: { lang: "en", value: "No." } } }), "Bad", "No."],
    ["message with a language", json({ error: { code: "Bad", message: { lang: "en", value: "No." } } }), "Bad", "No."],
    ["Intune inside Graph", json({ error: { code: "Forbidden", message: INTUNE } }), "Forbidden", "Not allowed"],
    ["Intune without a code round it", json({ error: { code: "", message: INTUNE } }), "E", "Not allowed"],
    ["sign-in service", json({ error: "invalid_grant", error_description: "AADSTS70008" }), "invalid_grant", "AADSTS70008"],
    ["bare Message", json({ Message: "No." }), "", "No."],
    ["list of errors", json({ errors: [{ code: "A", message: "No." }] }), "A", "No."],
    ["text as JSON", json("No."), "", "No."],
    ["HTML", "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head></html>", "", "502 Bad Gateway"],
    ["HTML without a title", "<html><body>x</body></html>", "", ""],
    ["plain text", "upstream connect error", "", "upstream connect error"],
    ["empty", "", "", ""],
    ["empty object", "{}", "", ""],
    ["empty error", json({ error: {} }), "", ""],
    ["null", json({ error: null }), "", ""],
    ["numbers where text should be", json({ error: { code: 7, message: 8 } }), "", ""],
    ["malformed", '{"error":{"code":"', "", ""],
  ])("%s", (_name, body, code, message) => {
    expect(parseErrorBody(body)).toEqual({ code, message });
  });

  test("no body makes it throw or run away", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.anything().map((value) => String(json({ error: value }))),
        ),
        (body) => {
          const { code, message } = parseErrorBody(body);

          expect(typeof code).toBe("string");
          expect(typeof message).toBe("string");
        },
      ),
    );
  });

  test("a deep answer is not followed", () => {
    const nested = Array.from({ length: 500 }).reduce<string>((inner) => `{"error":${inner}}`, '{"message":"end"}');
    const listed = `${"[".repeat(500)}"end"${"]".repeat(500)}`;

    expect(parseErrorBody(nested)).toEqual({ code: "", message: "" });
    expect(parseErrorBody(listed)).toEqual({ code: "", message: "" });
  });
});

describe("an error answer for people", () => {
  test("says the status in words, the code and the message", () => {
    const text = describeAnswer({ status: 403, body: json({ error: { code: "Forbidden", message: "No licence." } }) }, []);

    expect(text).toBe("403 (not allowed): Forbidden: No licence.");
  });

  test("cannot steer a terminal and is not endless", () => {
    const body = json({ error: { code: "A\u001b[31m", message: `one\ntwo\r\u0007\u202e${"x".repeat(2_000)}` } });

    const text = describeAnswer({ status: 418, body }, []);

    expect(text).toMatch(/^418: A\\u\{1b\}\[31m: one two \\u\{7\}\\u\{202e\}x+…$/);
    expect(text.length).toBeLessThan(600);
  });

  test("does not repeat a secret that was sent, in any form", () => {
    const secret = new Redacted("pin+123/456");
    const echo = `pin+123/456 ${encodeURIComponent("pin+123/456")} ${Buffer.from("pin+123/456").toString("base64")}`;

    const text = describeAnswer({ status: 400, body: json({ error: { code: "x", message: echo } }) }, [secret]);

    expect(text).toBe("400 (the request is not right): x: <redacted> <redacted> <redacted>");
  });
});
