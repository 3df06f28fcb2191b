import { describe, expect, test } from "@jest/globals";
import type { AuditedAction } from "../../providers/domain/audit-log.ts";
import type { LedgerRecord } from "../../providers/domain/ledger-record.ts";
import { doubtsShown } from "../../providers/rules/audit/doubts-shown.ts";
import { explainActions } from "../../providers/rules/audit/explain-actions.ts";
import { sendsIn } from "../../providers/rules/audit/sends.ts";
import { DEVICE, intent, result } from "../contract/sample-records.ts";
import { audited, auditedRecord, factsOf, NOBODY, OURS, PORTAL, US } from "../support/fakes-audit.ts";

const NOON = "2026-11-20T12:00:00.000Z";
const REQUEST = "11111111-1111-4111-8111-111111111111";
const SENDERS = auditedRecord({ at: "2026-11-01T00:00:00.000Z", senders: [OURS] });
const later = (seconds: number) => new Date(Date.parse(NOON) + seconds * 1_000).toISOString();
const DOUBT = intent("a#1", { graphTime: NOON });
const ours = (changes: Partial<AuditedAction> = {}) => audited({ device: DEVICE.id, actor: US, ...changes });

/** Requests that are shown as taken, with what shows it. */
function shownBy(
  actions: readonly AuditedAction[],
  records: readonly LedgerRecord[] = [DOUBT],
  senders: readonly LedgerRecord[] = [SENDERS],
) {
  const sends = sendsIn(records);
  const known = factsOf(...senders);
  const doubts = sends.all.map((send) => send.intent).filter(({ key }) => key === "a#1");
  return doubtsShown(doubts, explainActions(actions, sends, known), sends, known).map(
    ({ intent: { attempt }, action }) => `${attempt} ${action.event}`,
  );
}

describe("a call in doubt was taken", () => {
  test("where an event has its client request id, however late it is and whoever it names", () => {
    expect(shownBy([ours({ correlationId: REQUEST, actor: PORTAL, at: later(86_400) })])).toEqual(["1 e1"]);
    expect(shownBy([ours({ correlationId: REQUEST, device: null, actor: NOBODY })], [DOUBT], [])).toEqual(["1 e1"]);
  });

  test.each([-60, 0, 300])("where application, device and time are its own: %i s after it", (seconds) => {
    expect(shownBy([ours({ at: later(seconds) })])).toEqual(["1 e1"]);
  });

  test("where the person is the one who signed in", () => {
    const user = "bbbbbbbb-2222-4222-8222-222222222222";
    const person = auditedRecord({ at: "2026-11-01T00:00:00.000Z", senders: [{ ...OURS, user }] });
    const by = (userId: string | null) => shownBy([ours({ actor: { ...US, user: "a@contoso.example", userId } })], [DOUBT], [person]);

    expect([by(user), by(null), by("cccccccc-3333-4333-8333-333333333333")]).toEqual([["1 e1"], [], []]);
  });

  test("once, whichever event tells first", () => {
    const two = [ours({ event: "e1", correlationId: REQUEST }), ours({ event: "e2", correlationId: REQUEST })];

    expect(shownBy(two)).toEqual(["1 e1"]);
  });
});

describe("nothing is settled by", () => {
  test.each([
    ["no event at all", []],
    ["one that failed", [ours({ correlationId: REQUEST, hasFailed: true })]],
    ["one of another application", [ours({ actor: PORTAL })]],
    ["one that names no application", [ours({ actor: NOBODY })]],
    ["one that names a person beside our application", [ours({ actor: { ...US, user: "thief@contoso.example", userId: "x" } })]],
    ["one that names no device", [ours({ device: null })]],
    ["one of another device", [ours({ device: "ffffffff-0000-4000-8000-000000000002" })]],
    ["one of another action", [ours({ action: "retire" })]],
    ["one that is too late to be sure", [ours({ at: later(301) })]],
    ["one that is too early to be sure", [ours({ at: later(-61) })]],
    ["one of two of the device", [ours({ event: "e1" }), ours({ event: "e2", at: later(60) })]],
    ["one of two of the device, the other one without an application", [ours({ event: "e1" }), ours({ event: "e2", actor: NOBODY })]],
  ])("%s", (_, actions) => {
    expect(shownBy(actions)).toEqual([]);
  });

  test("one that another send to the device may explain", () => {
    const second = intent("a#1", { attempt: 2, clientRequestId: "b", graphTime: later(120) });
    const stranger = intent("b#1", { clientRequestId: "b", graphTime: later(120) });

    expect(shownBy([ours({ at: later(130) })], [DOUBT, second])).toEqual([]);
    expect(shownBy([ours({ at: later(130) })], [DOUBT, stranger])).toEqual([]);
    expect(shownBy([ours({ at: later(130) })], [DOUBT, second, result("a#1", { attempt: 2, result: "refused" })])).toEqual(["1 e1"]);
    expect(shownBy([ours({ at: later(130), correlationId: "b" })], [DOUBT, second])).toEqual(["2 e1"]);
  });

  test("a delete that only shows as the wipe that it led to", () => {
    expect(shownBy([ours()], [intent("a#1", { action: "delete", graphTime: NOON })])).toEqual([]);
  });

  test("device and time where nobody recorded who sends, or Graph's time", () => {
    expect(shownBy([ours()], [DOUBT], [])).toEqual([]);
    expect(shownBy([ours()], [intent("a#1")])).toEqual([]);
  });

  test("device and time where the tenant repeats client request ids, and this one is another", () => {
    const other = intent("b#1", { clientRequestId: "b", graphTime: NOON, device: { ...DEVICE, id: "b" } });
    const ofOther = audited({ event: "e0", device: "b", actor: US, correlationId: "b" });

    expect(shownBy([ofOther, ours({ correlationId: "stolen" })], [DOUBT, other])).toEqual([]);
    expect(shownBy([ofOther, ours()], [DOUBT, other])).toEqual(["1 e1"]);
  });
});
