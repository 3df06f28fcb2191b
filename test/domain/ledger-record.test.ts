import { describe, expect, test } from "@jest/globals";
import { standingOutcome } from "../../providers/domain/ledger-record.ts";
import { begun, edited, intent, outcome, repeated, result, settled } from "../support/fakes-records.ts";

const ENDED = [begun(), intent(0), result(0, "unknown"), outcome("ambiguous")];

describe("the outcome that stands", () => {
  test("is the last record", () => {
    expect(standingOutcome(ENDED)).toEqual(outcome("ambiguous"));
  });

  test("stays when reason or ticket are edited", () => {
    expect(standingOutcome([...ENDED, edited(), edited()])).toEqual(outcome("ambiguous"));
  });

  test.each([
    ["something was sent since", [...ENDED, intent(0, { attempt: 2 })]],
    ["something was sent since, and then edited", [...ENDED, intent(0, { attempt: 2 }), edited()]],
    ["it was settled since", [...ENDED, settled(0, "taken")]],
    ["the steps were begun anew since", [...ENDED, repeated(), edited()]],
    ["only edits are there", [begun(), edited()]],
  ])("is none when %s", (_case, records) => {
    expect(standingOutcome(records)).toBeUndefined();
  });
});
