import { expect, test } from "@jest/globals";
import { code } from "../../review/markdown/escape.ts";

test.each([
  ["Leeds iPad 0042", "`Leeds iPad 0042`"],
  ["", "–"],
  [" \t ", "–"],
  ["a`b|c", "`a\\u{60}b\\u{7c}c`"],
  // To a table a backslash before the end of a span may be one that spells what follows.
  ["C:\\Users\\", "`C:\\u{5c}Users\\u{5c}`"],
  ["a\nb\r\n", "`a\\u{a}b\\u{d}\\u{a}`"],
  ["\u202egnp.exe\u200b", "`\\u{202e}gnp.exe\\u{200b}`"],
  // One mark is a letter's own, a pile of them is drawn over the line above.
  ["Jose\u0301", "`Jose\u0301`"],
  ["e\u0301\u0302\u0303", "`e\u0301\\u{302}\\u{303}`"],
  ["##[error]a ##vso[b]", "`\\u{23}#[error]a \\u{23}#vso[b]`"],
  ["\ud800", "`\ufffd`"],
])("%j is %j", (text, expected) => {
  expect(code(text)).toBe(expected);
});

test("what is long is cut, and no character in the middle", () => {
  expect(code("💥".repeat(20), 5)).toBe("`💥💥💥💥…`");
  expect(code("💥".repeat(5), 5)).toBe("`💥💥💥💥💥`");
});
