import { expect, test } from "@jest/globals";
import { retryAfter } from "../../providers/graph/client/retry-after.ts";

const NOW = Date.parse("2026-11-20T12:00:00Z");

test.each([
  ["seconds", { "retry-after": "17" }, 17_000],
  ["parts of a second", { "retry-after": "0.5" }, 500],
  ["nothing", { "retry-after": "0" }, 0],
  ["a date, against the answer's own", { "retry-after": "Fri, 20 Nov 2026 13:00:09 GMT", date: "Fri, 20 Nov 2026 13:00:00 GMT" }, 9_000],
  ["a date, against our clock", { "retry-after": "Fri, 20 Nov 2026 12:00:30 GMT" }, 30_000],
  ["a date that has passed", { "retry-after": "Fri, 20 Nov 2026 11:00:00 GMT" }, 0],
  ["no header", {}, null],
  ["empty", { "retry-after": "" }, null],
  ["negative", { "retry-after": "-5" }, null],
  ["words", { "retry-after": "soon" }, null],
  ["a date that is none", { "retry-after": "Fri, 99 Nov 2026" }, null],
])("Retry-After: %s", (_name, headers, expected) => {
  const wait = retryAfter(new Headers(headers as Record<string, string>), NOW);

  expect(wait).toBe(expected);
});
