import { describe, expect, test } from "@jest/globals";
import { historyOf } from "../../providers/engine/history.ts";
import { begun, edited, intent, outcome, repeated, result, settled } from "../support/fakes-records.ts";

const ENDED = [begun(), intent(0), result(0, "unknown"), outcome("ambiguous")];

describe("the outcome that stands", () => {
  test("is the last record", () => {
    expect(historyOf(ENDED).standing).toEqual(outcome("ambiguous"));
  });

  test("stays when reason or ticket are edited", () => {
    expect(historyOf([...ENDED, edited(), edited()]).standing).toEqual(outcome("ambiguous"));
  });

  test.each([
    ["something was sent since", [...ENDED, intent(0, { attempt: 2 })]],
    ["something was sent since, and then edited", [...ENDED, intent(0, { attempt: 2 }), edited()]],
    ["it was settled since", [...ENDED, settled(0, "taken")]],
    ["the steps were begun anew since", [...ENDED, repeated(), edited()]],
    ["only edits are there", [begun(), edited()]],
  ])("is none when %s", (_case, records) => {
    expect(historyOf(records).standing).toBeNull();
  });
});
