import { describe, expect, test } from "@jest/globals";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import { isWithGraph, maySend, mayTakeEffect } from "../../providers/engine/decide/step-state.ts";
import { historyOf, stepOf } from "../../providers/engine/history.ts";
import { adopted, finished, intent, sent, settled } from "../support/fakes-records.ts";

interface Row {
  readonly kind: string;
  readonly records: readonly RequestRecord[];
  /** A later run may send a wipe that stands so. */
  readonly sends: boolean;
  readonly effect: boolean;
  readonly withGraph?: true;
}

/** Every kind of state that a step can be in. */
const ROWS: readonly Row[] = [
  { kind: "untouched", records: [], sends: true, effect: false },
  { kind: "inDoubt", records: [intent(0)], sends: false, effect: true },
  { kind: "mayBeSentAgain", records: sent(0, "notSent"), sends: true, effect: false },
  { kind: "signInRequired", records: sent(0, "signInRequired"), sends: true, effect: false },
  { kind: "approvalRequired", records: sent(0, "approvalRequired"), sends: true, effect: true },
  { kind: "accepted", records: sent(0), sends: false, effect: true, withGraph: true },
  { kind: "adopted", records: [adopted(0)], sends: false, effect: true, withGraph: true },
  { kind: "judged", records: [...sent(0), settled(0, "taken")], sends: false, effect: false },
  { kind: "adoptedJudged", records: [adopted(0), settled(0, "taken", { attempt: 0 })], sends: false, effect: false },
  { kind: "adoptedJudged", records: [adopted(0), settled(0, "not-taken", { attempt: 0 })], sends: true, effect: false },
  { kind: "refused", records: sent(0, "refused"), sends: false, effect: false },
  { kind: "finished", records: [finished(0)], sends: false, effect: false },
];

describe("a step that is", () => {
  test.each(ROWS)("$kind: may be sent $sends, may take effect $effect", ({ kind, records, sends, effect, withGraph = false }) => {
    const state = stepOf(historyOf(records), { index: 0 });

    expect(state.kind).toBe(kind);
    expect([maySend(state, { action: "wipe" }), mayTakeEffect(state), isWithGraph(state)]).toEqual([sends, effect, withGraph]);
  });

  test("in doubt, and safe to repeat, may be sent", () => {
    expect(maySend(stepOf(historyOf([intent(0)]), { index: 0 }), { action: "syncDevice" })).toBe(true);
  });
});
