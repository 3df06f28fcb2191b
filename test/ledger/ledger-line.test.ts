import { expect, test } from "@jest/globals";
import { CHAIN_START, formatLine, parseLine } from "../../providers/ledger/ledger-line.ts";
import { begun } from "../support/fakes-records.ts";

const CREATED = JSON.stringify({ kind: "created", version: 2, at: "2026-11-20T12:00:00.000Z" });
const first = formatLine(CHAIN_START, CREATED);
const second = formatLine(first.position, JSON.stringify(begun()));

test("a line is read as it was written", () => {
  expect(parseLine(first.position, second.text)).toEqual({ kind: "good", record: begun(), position: second.position });
});

test("a line of which any one character is another, is missing or stands twice is damaged", () => {
  const { text } = second;
  const ways = Array.from(text, (character, at) => {
    const [before, behind] = [text.slice(0, at), text.slice(at + 1)];
    const other = String.fromCodePoint((character.codePointAt(0) ?? 0) + 1);
    return [`${before}${other}${behind}`, `${before}${behind}`, `${before}${character}${character}${behind}`];
  }).flat();

  const kinds = new Set(ways.filter((way) => way !== text).map((way) => parseLine(first.position, way).kind));

  expect([...kinds]).toEqual(["damaged"]);
});

test.each([
  ["another number", { ...first.position, sequence: 7 }, second.text, "it has number 2 where 8 belongs"],
  ["another line before it", { ...first.position, checksum: "0".repeat(32) }, second.text, "its checksum does not fit"],
  ["something behind it", first.position, `${second.text} `, "it is not a line of a ledger"],
  ["something before it", first.position, ` ${second.text}`, "it is not a line of a ledger"],
  ["no record", first.position, second.text.slice(0, 60), "it is not a line of a ledger"],
])("says what is wrong: %s", (_, previous, text, problem) => {
  expect(parseLine(previous, text)).toEqual({ kind: "damaged", problem });
});
