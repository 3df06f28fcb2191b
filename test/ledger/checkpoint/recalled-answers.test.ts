import { describe, expect, test } from "@jest/globals";
import type { LedgerRecord } from "../../../providers/domain/ledger-record.ts";
import { historyOf } from "../../../providers/engine/history.ts";
import { LedgerReading } from "../../../providers/ledger/ledger-reading.ts";
import { RecallingIndex } from "../../../providers/ledger/recalling-index.ts";
import { explainActions } from "../../../providers/rules/audit/explain-actions.ts";
import { concernedBy, sendsIn } from "../../../providers/rules/audit/sends.ts";
import { AT, adopted, DEVICE, intent, result } from "../../contract/sample-records.ts";
import { audited } from "../../support/fakes-audit.ts";
import { settled } from "../../support/fakes-records.ts";
import { prefixOf } from "./checkpoint-samples.ts";

const CREATED: LedgerRecord = { kind: "created", version: 2, at: AT };
const LONG_AGO = "2025-01-01T00:00:00Z";
const NOW = Date.parse(AT);
const OTHER = { ...DEVICE, id: "99999999-0000-4000-8000-000000000009", serialNumber: "OTHER" };

const recalling = (...records: readonly LedgerRecord[]) => new RecallingIndex(prefixOf([CREATED, ...records]));

describe("of records that an index passes over", () => {
  test("what was sent to a device for its list is known, oldest first, whichever was recalled first", () => {
    const sent = [intent("summer/ab12#1"), intent("summer/cd34#1"), intent("summer/ef56#1")];
    const index = recalling(...sent);

    expect(index.recordsOf("summer/cd34#1")).toEqual([sent[1]]);
    expect(index.sentForList("summer/gh78#1", DEVICE.id.toUpperCase())).toEqual(sent);
  });

  test("the wish for an approval stays, and one that was granted is not wished again when it is recalled", () => {
    const asked = [intent("a#1"), result("a#1", { result: "approvalRequired", approvalRequest: "approval-1" })];
    const [open, granted] = [recalling(...asked), recalling(...asked, intent("b#1"), result("b#1"))];

    for (const index of [open, granted]) expect(index.recordsOf("a#1")).toEqual(asked);

    expect([open.wasApprovalAsked("wipe"), granted.wasApprovalAsked("wipe")]).toEqual([true, false]);
  });

  test("a wipe of which nobody can read the time counts", () => {
    const index = recalling(intent("a#1", { at: "yesterday" }), adopted("b#1", { at: "yesterday" }));

    expect([...index.destroyedSince(NOW)].sort()).toEqual(["a#1", "b#1"]);
    expect(index.sentSince("wipe", NOW)).toBe(1);
  });

  test("old ones are not recalled for what is counted of today", () => {
    const index = recalling(intent("a#1", { at: LONG_AGO }), intent("b#1"));

    expect([...index.destroyedSince(NOW)]).toEqual(["b#1"]);
    expect(index.hasDestroyed("a#1")).toBe(true);
  });

  test("a later answer to an older call is told of the call that it is about", () => {
    const index = recalling(intent("a#1"));

    index.add(result("a#1", { result: "notSent" }));

    expect([index.hasDestroyed("a#1"), index.sentSince("wipe", NOW)]).toEqual([false, 0]);
  });
});

describe("what others did to devices is explained by records that an index passes over", () => {
  const explained = (records: readonly LedgerRecord[], changes: Parameters<typeof audited>[0]) => {
    const actions = [audited({ at: AT, device: null, ...changes })];
    const answered = [...records, result("a#1")];
    const reading = new LedgerReading({ exists: true, prefix: prefixOf([CREATED, ...answered]), later: [] });
    const sends = sendsIn(reading.recordsAbout(concernedBy(actions)));
    return explainActions(actions, sends, { senders: [], sendersSince: null }).map(({ explanation }) => explanation.kind);
  };
  const old = { at: LONG_AGO, device: OTHER };

  test.each([
    [
      "by the id of the call, however old it is",
      [intent("a#1", { ...old, clientRequestId: "CALL-1" })],
      { correlationId: "call-1" },
      "sent",
    ],
    ["by the time that it was for Graph, where our clock was wrong", [intent("a#1", { ...old, graphTime: AT })], {}, "sent"],
    ["by our time, where Graph's was wrong", [intent("a#1", { device: OTHER, graphTime: "never" })], {}, "sent"],
    ["by the time, half an hour away", [intent("a#1", { device: OTHER })], { at: "2026-11-20T12:29:00Z" }, "sent"],
    ["by an action that was taken over", [adopted("a#1", { ...old, graphTime: AT })], { device: OTHER.id }, "takenOver"],
    ["and by nothing else", [intent("a#1", old)], {}, "foreign"],
  ] as const)("%s", (_, records, changes, kind) => {
    expect(explained(records, changes)).toEqual([kind]);
  });
});

test.each<[string, readonly LedgerRecord[]]>([
  ["a call without an answer", [intent("a#1", { at: LONG_AGO })]],
  ["a call whose answer was lost", [intent("a#1", { at: LONG_AGO }), result("a#1", { result: "unknown" })]],
  ["a call of which a person said that it was not taken", [intent("a#1", { at: LONG_AGO }), settled(0, "not-taken", { key: "a#1" })]],
  ["one that was answered after that", [intent("a#1"), settled(0, "not-taken", { key: "a#1" }), result("a#1")]],
  ["a second attempt without an answer", [intent("a#1"), result("a#1", { result: "notSent" }), intent("a#1", { attempt: 2 })]],
])("every look into the audit asks of %s, however old it is", (_, records) => {
  const quiet = [intent("b#1", { at: LONG_AGO }), result("b#1")];
  const reading = new LedgerReading({ exists: true, prefix: prefixOf([CREATED, ...records, ...quiet]), later: [] });

  const about = reading.recordsAbout({ devices: [], calls: [], since: Number.POSITIVE_INFINITY });

  expect(about).toEqual(records);
  expect(historyOf(reading.facts().recordsOf("a#1")).steps.size).toBe(1);
});
