import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@jest/globals";
import { DIAGNOSTIC_CODES } from "../../providers/domain/diagnostic-codes.ts";

const PAGE = readFileSync(path.resolve(import.meta.dirname, "../../docs/diagnostics.md"), "utf8");
const ROWS = new Map([...PAGE.matchAll(/^\| (DLR\d{3}) \| ([^|]*) \| (.*) \| (.*) \|$/gm)].map((match) => [match[1], match.slice(2)]));

test.each(Object.entries(DIAGNOSTIC_CODES))("docs/diagnostics.md explains %s", (code, meaning) => {
  const [title, example, instead] = ROWS.get(code) ?? [];

  expect(title).toBe(meaning);
  expect(example).not.toBe("");
  expect(instead).not.toBe("");
});

test("docs/diagnostics.md explains no code that does not exist, and each once", () => {
  const explained = [...PAGE.matchAll(/^\| (DLR\d{3}) \|/gm)].map((match) => match[1] ?? "");

  expect(explained.toSorted()).toEqual(Object.keys(DIAGNOSTIC_CODES).toSorted());
});
