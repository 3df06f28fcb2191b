import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { AuditedAction } from "../../providers/domain/audit-log.ts";
import type { LedgerRecord } from "../../providers/domain/ledger-record.ts";
import { explainActions, type KnownSenders } from "../../providers/rules/audit/explain-actions.ts";
import { sendsIn } from "../../providers/rules/audit/sends.ts";
import { adopted, DEVICE, intent, result } from "../contract/sample-records.ts";
import { audited, NOBODY, OURS, PORTAL, US } from "../support/fakes-audit.ts";
import { SEED } from "../support/hostile-text.ts";

const NOON = "2026-11-20T12:00:00.000Z";
const REQUEST = "11111111-1111-4111-8111-111111111111";
const later = (minutes: number) => new Date(Date.parse(NOON) + minutes * 60_000).toISOString();
/** Sent at noon of Graph's. */
const SENT = intent("a#1", { graphTime: NOON });
const KNOWN = { senders: [OURS], sendersSince: 0 };
const ofDevice = (changes: Partial<AuditedAction> = {}) => audited({ device: DEVICE.id, ...changes });

function explain(actions: readonly AuditedAction[], records: readonly LedgerRecord[], known: KnownSenders = KNOWN) {
  return explainActions(actions, sendsIn(records), known).map(({ explanation }) =>
    explanation.kind === "sent" ? `${explanation.send.intent.key} ${explanation.send.intent.attempt} ${explanation.by}` : explanation.kind,
  );
}

const explainOne = (changes: Partial<AuditedAction>, records: readonly LedgerRecord[] = [SENT], known: KnownSenders = KNOWN) =>
  explain([ofDevice(changes)], records, known)[0];

describe("an action is a request's", () => {
  test.each([
    ["by its client request id, whoever is named", { correlationId: REQUEST, actor: PORTAL, at: later(600) }, "a#1 1 clientRequestId"],
    ["by that id alone, where the event names no device", { correlationId: REQUEST, device: null }, "a#1 1 clientRequestId"],
    ["by application, device and time", { actor: US }, "a#1 1 deviceAndTime"],
    ["by device and time, where no application is told", { actor: NOBODY }, "a#1 1 deviceAndTime"],
    ["some minutes later, by Intune's clock", { actor: US, at: later(15) }, "a#1 1 deviceAndTime"],
    ["some minutes earlier, by Intune's clock", { actor: US, at: later(-5) }, "a#1 1 deviceAndTime"],
    ["by time alone, where nothing else is told", { actor: US, device: null }, "a#1 1 deviceAndTime"],
  ] as const)("%s", (_, changes, expected) => {
    expect(explainOne(changes)).toBe(expected);
  });

  test("whatever the case of the ledger's ids", () => {
    const sent = intent("a#1", { clientRequestId: REQUEST.toUpperCase(), device: { ...DEVICE, id: DEVICE.id.toUpperCase() } });

    expect(explainOne({ correlationId: REQUEST }, [sent])).toBe("a#1 1 clientRequestId");
    expect(explainOne({ actor: US }, [sent])).toBe("a#1 1 deviceAndTime");
  });

  test("that a person settled as not taken: they may have been wrong", () => {
    const settled = { kind: "settled", key: "a#1", at: NOON, step: 0, attempt: 1, decision: "not-taken", who: "anna", why: "x" } as const;

    expect(explainOne({ actor: US }, [SENT, result("a#1", { result: "unknown" }), settled])).toBe("a#1 1 deviceAndTime");
  });

  test("that an older version sent, by our clock and within half an hour", () => {
    const old = intent("a#1", { at: NOON });

    expect([-30, 30, 31].map((minutes) => explainOne({ actor: US, at: later(minutes) }, [old]))).toEqual([
      "a#1 1 deviceAndTime",
      "a#1 1 deviceAndTime",
      "foreign",
    ]);
  });

  test("with any application, as long as nobody had recorded ours", () => {
    expect(explainOne({ actor: PORTAL }, [SENT], { senders: [], sendersSince: null })).toBe("a#1 1 deviceAndTime");
    expect(explainOne({ actor: PORTAL }, [SENT], { ...KNOWN, sendersSince: Date.parse(later(1)) })).toBe("a#1 1 deviceAndTime");
    expect(explainOne({ actor: PORTAL }, [SENT], { ...KNOWN, sendersSince: Date.parse(NOON) })).toBe("foreign");
  });

  test("where a delete of ours led to a wipe or a retire", () => {
    const deleted = intent("a#1", { action: "delete", graphTime: NOON });
    const actions = ["delete", "retire", "wipe"].map((action) => ofDevice({ action, actor: US }));

    expect(explain(actions, [deleted])).toEqual(["a#1 1 deviceAndTime", "a#1 1 deviceAndTime", "a#1 1 deviceAndTime"]);
    expect(explainOne({ action: "delete", actor: US })).toBe("foreign");
  });

  test("where Intune took the record away later, naming nobody", () => {
    expect(explainOne({ action: "delete", actor: NOBODY, at: later(24 * 60) })).toBe("consequence");
    expect(explainOne({ action: "delete", actor: PORTAL, at: later(24 * 60) })).toBe("foreign");
    expect(explainOne({ action: "delete", actor: NOBODY, at: later(61 * 24 * 60) })).toBe("foreign");
    expect(explainOne({ action: "wipe", actor: NOBODY, at: later(24 * 60) })).toBe("foreign");
  });

  test("where one took over what somebody else had begun", () => {
    const known = adopted("a#1");
    const untold = adopted("a#1", { result: { ...adopted("a#1").result, startDateTime: null }, graphTime: NOON });

    expect([0, 15, 16].map((minutes) => explainOne({ at: later(minutes) }, [known]))).toEqual(["takenOver", "takenOver", "foreign"]);
    expect([-60, -1_441, 16].map((minutes) => explainOne({ at: later(minutes) }, [untold]))).toEqual(["takenOver", "foreign", "foreign"]);
    expect(explainOne({ action: "retire" }, [known])).toBe("foreign");
  });
});

describe("an action is nobody's of ours", () => {
  test.each([
    ["of another application, in the very minute", { actor: PORTAL }],
    ["of another device", { actor: US, device: "ffffffff-0000-4000-8000-000000000002" }],
    ["of another kind", { actor: US, action: "retire" }],
    ["too late", { actor: US, at: later(15.1) }],
    ["too early", { actor: US, at: later(-5.1) }],
    ["with our id on another device", { correlationId: REQUEST, actor: PORTAL, device: "ffffffff-0000-4000-8000-000000000002" }],
    ["with our id for another action", { correlationId: REQUEST, actor: PORTAL, action: "retire" }],
  ] as const)("%s", (_, changes) => {
    expect(explainOne(changes)).toBe("foreign");
  });

  test.each(["refused", "notSent", "approvalRequired", "signInRequired"] as const)("where Graph answered ours with %s", (word) => {
    expect(explainOne({ actor: US }, [SENT, result("a#1", { result: word })])).toBe("foreign");
    expect(explainOne({ actor: US, correlationId: REQUEST }, [SENT, result("a#1", { result: word })])).toBe("a#1 1 clientRequestId");
  });

  test("of two of one device where one was sent, whichever it was", () => {
    const two = [ofDevice({ event: "e1", actor: US, at: later(3) }), ofDevice({ event: "e2", actor: US, at: later(1) })];

    expect(explain(two, [SENT])).toEqual(["foreign", "a#1 1 deviceAndTime"]);
    expect(explain(two, [SENT, intent("b#1", { graphTime: later(2), clientRequestId: "b" })])).toEqual([
      "b#1 1 deviceAndTime",
      "a#1 1 deviceAndTime",
    ]);
  });

  test("of another person of the application that our person signs in with", () => {
    const user = "bbbbbbbb-2222-4222-8222-222222222222";
    const known = { senders: [{ ...OURS, user }], sendersSince: 0 };
    const by = (userId: string | null) => explainOne({ actor: { ...US, userId } }, [SENT], known);

    expect([by(user), by(null), by("cccccccc-3333-4333-8333-333333333333")]).toEqual([
      "a#1 1 deviceAndTime",
      "a#1 1 deviceAndTime",
      "foreign",
    ]);
  });

  test("and failed, it is told as failed and takes no send away", () => {
    const failed = ofDevice({ event: "e1", actor: US, hasFailed: true });

    expect(explain([failed, ofDevice({ event: "e2", actor: US })], [SENT])).toEqual(["failed", "a#1 1 deviceAndTime"]);
    expect(explainOne({ hasFailed: true, correlationId: REQUEST })).toBe("a#1 1 clientRequestId");
  });
});

test("what names no device takes only a send that is left", () => {
  const unnamed = ofDevice({ event: "e1", actor: US, device: null });

  expect(explain([unnamed, ofDevice({ event: "e2", actor: US, at: later(1) })], [SENT])).toEqual(["foreign", "a#1 1 deviceAndTime"]);
});

test("a wipe of a stranger is foreign whatever the ledger holds, and each of ours is explained", () => {
  const minutes = fc.integer({ min: 0, max: 10_000 });
  const sends = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 5 }), minutes), {
    selector: ([device, minute]) => `${device} ${minute}`,
  });
  const device = (number: number) => ({ ...DEVICE, id: `device-${number}` });
  fc.assert(
    fc.property(sends, fc.array(minutes), (ours, theirs) => {
      const records = ours.map(([number, minute], index) =>
        intent(`r${index}#1`, { device: device(number), graphTime: later(minute), clientRequestId: `c${index}` }),
      );
      const own = ours.map(([number, minute]) => audited({ actor: US, device: `device-${number}`, at: later(minute + 0.1) }));
      const foreign = theirs.map((minute) => audited({ actor: PORTAL, device: "device-1", at: later(minute) }));

      const found = explain([...own, ...foreign], records);

      expect(found.slice(0, own.length).every((word) => word.endsWith("deviceAndTime"))).toBe(true);
      expect(found.slice(own.length).every((word) => word === "foreign")).toBe(true);
    }),
    { seed: SEED },
  );
});

test("50,000 actions are held against 10,000 sends at once, also where none names a device", () => {
  const records = Array.from({ length: 10_000 }, (_, n) =>
    intent(`r${n}#1`, { device: { ...DEVICE, id: `d${n}` }, graphTime: later(n * 5), clientRequestId: `c${n}` }),
  );
  const actions = Array.from({ length: 50_000 }, (_, n) => audited({ event: `e${n}`, actor: US, device: null, at: later(n) }));

  const found = explain(actions, records);

  expect(found.filter((word) => word !== "foreign")).toHaveLength(10_000);
});
