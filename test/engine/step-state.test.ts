import { describe, expect, test } from "@jest/globals";
import type { StepState } from "../../providers/domain/request-history.ts";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import { historyOf, stepOf } from "../../providers/engine/history.ts";
import { adopted, begun, escrowed, finished, intent, outcome, result, sent, settled } from "../support/fakes-records.ts";

interface Row {
  readonly name: string;
  readonly records: readonly RequestRecord[];
  readonly kind: StepState["kind"];
}

const stateOf = (records: readonly RequestRecord[]) => stepOf(historyOf(records), { index: 0 });

const secondIntent = intent(0, { attempt: 2 });
const ROWS: readonly Row[] = [
  { name: "no record at all", records: [], kind: "untouched" },
  { name: "records of the request and of another step only", records: [begun(), ...sent(1), outcome("pending")], kind: "untouched" },
  { name: "a secret in escrow and nothing sent", records: [escrowed(0)], kind: "untouched" },
  { name: "an intent without an answer", records: [intent(0)], kind: "inDoubt" },
  { name: "an answer that says nothing", records: sent(0, "unknown"), kind: "inDoubt" },
  { name: "an accepted call", records: sent(0), kind: "accepted" },
  { name: "a refused call", records: sent(0, "refused"), kind: "refused" },
  { name: "a throttled call", records: sent(0, "notSent"), kind: "mayBeSentAgain" },
  { name: "a call that waits for approval", records: sent(0, "approvalRequired"), kind: "approvalRequired" },
  { name: "a new attempt after a throttled call", records: [...sent(0, "notSent"), secondIntent], kind: "inDoubt" },
  {
    name: "a throttled resubmission: its approval still counts",
    records: [...sent(0, "approvalRequired"), secondIntent, result(0, "notSent", { attempt: 2 })],
    kind: "approvalRequired",
  },
  { name: "doubt that the device's report ended", records: [...sent(0, "unknown"), result(0, "accepted")], kind: "accepted" },
  { name: "doubt settled as taken", records: [...sent(0, "unknown"), settled(0, "taken")], kind: "accepted" },
  { name: "doubt settled as not taken", records: [intent(0), settled(0, "not-taken")], kind: "mayBeSentAgain" },
  {
    name: "a resubmission in doubt, settled as not taken: its approval still counts",
    records: [...sent(0, "approvalRequired"), secondIntent, settled(0, "not-taken", { attempt: 2 })],
    kind: "approvalRequired",
  },
  { name: "a decision about an accepted call", records: [...sent(0), settled(0, "not-taken")], kind: "judged" },
  {
    name: "a decision about an earlier attempt than the accepted one",
    records: [...sent(0), settled(0, "taken", { attempt: 2 })],
    kind: "accepted",
  },
  { name: "a decision about an adopted action", records: [adopted(0), settled(0, "taken", { attempt: 0 })], kind: "adoptedJudged" },
  { name: "a decision about an attempt that an adopted action never had", records: [adopted(0), settled(0, "taken")], kind: "adopted" },
  { name: "a decision about a refused call", records: [...sent(0, "refused"), settled(0, "taken")], kind: "refused" },
  {
    name: "a decision about an earlier attempt than the one in doubt",
    records: [...sent(0, "unknown"), settled(0, "not-taken"), secondIntent, settled(0, "not-taken", { attempt: 1 })],
    kind: "inDoubt",
  },
  { name: "a late answer to an earlier attempt", records: [...sent(0, "notSent"), secondIntent, result(0, "notSent")], kind: "inDoubt" },
  { name: "an answer without an intent", records: [result(0, "accepted")], kind: "untouched" },
  { name: "an action adopted from elsewhere", records: [adopted(0)], kind: "adopted" },
  { name: "a finished step", records: [...sent(0), finished(0)], kind: "finished" },
  { name: "anything after the end of a step", records: [finished(0, "failed"), intent(0), finished(0)], kind: "finished" },
];

describe("the state of a step", () => {
  test.each(ROWS)("$name is $kind", ({ records, kind }) => {
    expect(stateOf(records).kind).toBe(kind);
  });

  test("the first end of a step is its end", () => {
    expect(stateOf([finished(0, "failed"), finished(0)])).toMatchObject({ record: { status: "failed" } });
  });

  test("a resubmission that Graph refuses for lack of approval waits for the newest approval", () => {
    const again = result(0, "approvalRequired", { attempt: 2, approvalRequest: "approval-2" });

    const state = stateOf([...sent(0, "approvalRequired"), secondIntent, again]);

    expect(state).toMatchObject({ kind: "approvalRequired", approvalRequest: "approval-2", intent: { attempt: 2 } });
  });

  test("an accepted call names its newest intent", () => {
    const state = stateOf([...sent(0, "notSent"), secondIntent, result(0, "accepted", { attempt: 2 })]);

    expect(state).toMatchObject({ kind: "accepted", intent: { attempt: 2 }, settled: null });
  });
});
