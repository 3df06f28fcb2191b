import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { LedgerBusyError, LedgerError } from "../../providers/domain/errors.ts";
import { type LedgerRecord, lastSettings, type SettingsRecord } from "../../providers/domain/ledger-record.ts";
import type { LedgerFacts } from "../../providers/domain/ports.ts";
import { CHAIN_START, formatLines } from "../../providers/ledger/ledger-line.ts";
import type { OpenedLedger } from "../../providers/ledger/open-ledger.ts";
import { auditedRecord, foreign, OURS } from "../support/fakes-audit.ts";
import { AT, adopted, begun, DEVICE, edited, escrowed, intent, outcome, result, why } from "./sample-records.ts";

/** Whether the first append makes a missing ledger. */
export interface Making {
  readonly createWhenMissing?: boolean;
}

/**
 * One place for a ledger, and as many doors to it as a test wants: each is what another process
 * would open.
 */
export interface LedgerPlace {
  open(making?: Making): OpenedLedger;
  /**
   * Puts the records of a ledger there, as another version of this product would have left them.
   */
  put(bytes: Buffer): Promise<void>;
  remove(): Promise<void>;
}

/** What every adapter behind `ActionLedger` promises. */
export function actionLedgerContract(name: string, newPlace: () => Promise<LedgerPlace>): void {
  describe(`${name} keeps the contract of ActionLedger`, () => {
    let place: LedgerPlace;
    let ledger: OpenedLedger;
    let opened: OpenedLedger[];

    const open = (making?: Making) => {
      const door = place.open(making);
      opened.push(door);
      return door;
    };

    beforeEach(async () => {
      opened = [];
      place = await newPlace();
      ledger = open();
    });

    afterEach(async () => {
      for (const door of opened) await door.close();
      await place.remove();
    });

    describe("before it is made", () => {
      test("reads as not existing", async () => {
        expect(await ledger.read()).toMatchObject({ exists: false, records: [] });
        expect(await ledger.recordsOf("a#1")).toEqual([]);
        expect((await ledger.facts()).destructiveIntents(DEVICE)).toEqual([]);
        expect(await ledger.brake()).toBeNull();
      });

      test("takes no record, no device and no brake", async () => {
        await expect(ledger.append(intent("a#1"))).rejects.toThrow(LedgerError);
        await expect(ledger.appendUnless(intent("a#1"), () => null)).rejects.toThrow(LedgerError);
        await expect(ledger.withDevice("device", async () => "worked")).rejects.toThrow(LedgerError);
        await expect(ledger.setBrake("stop", "anna", "why")).rejects.toThrow(LedgerError);

        expect((await ledger.read()).exists).toBe(false);
      });
    });

    test("is made once, and not made anew over another", async () => {
      await ledger.create();
      await ledger.append(intent("a#1"));

      await expect(ledger.create()).rejects.toThrow(LedgerError);
      await expect(open().create()).rejects.toThrow(Error);

      const { exists, records } = await open().read();
      expect(exists).toBe(true);
      expect(records.map((record) => record.kind)).toEqual(["created", "intent"]);
    });

    test("gives back what was appended, in order, to itself and to others", async () => {
      await ledger.create();
      const records = [intent("a#1"), result("a#1"), escrowed("a#1"), intent("b#2", { step: 3 }), outcome("a#1")];

      for (const record of records) await ledger.append(record);

      expect((await ledger.read()).records.slice(1)).toEqual(records);
      expect((await open().read()).records.slice(1)).toEqual(records);
      expect(await ledger.recordsOf("b#2")).toEqual([records[3]]);
      expect(await open().recordsOf("a#1")).toEqual([records[0], records[1], records[2], records[4]]);
      expect(await ledger.recordsOf("c#1")).toEqual([]);
    });

    test("is made in format 2", async () => {
      await ledger.create();

      expect((await open().read()).records).toEqual([{ kind: "created", version: 2, at: expect.stringMatching(/Z$/) }]);
    });

    test("of format 1 goes on, with records of format 2", async () => {
      const { why: _, ...old } = begun("old#1");
      const before: readonly LedgerRecord[] = [{ kind: "created", version: 1, at: AT }, old, outcome("old#1")];
      await place.put(bytesOf(before));
      const world = { kind: "world", at: AT, graph: "https://graph.microsoft.com", tenant: null } as const;
      const added = [world, edited("old#1"), begun("new#1"), begun("bare#1", { why: why({ ticket: null, commit: null, who: null }) })];

      for (const record of added) await ledger.append(record);

      expect((await open().read()).records).toEqual([...before, ...added]);
      await expect(open().create()).rejects.toThrow(Error);
    });

    test("of a newer format is refused by every door", async () => {
      await place.put(bytesOf([{ kind: "created", version: 3, at: AT }]));
      const doors = [
        () => ledger.read(),
        () => ledger.facts(),
        () => ledger.append(intent("a#1")),
        () => ledger.withDevice("A", async () => "worked"),
        () => ledger.create(),
      ];

      for (const door of doors) await expect(door()).rejects.toThrow(/written by a newer version of this product: version 3/);
    });

    test("with a kind of record that only a newer version knows is refused", async () => {
      await place.put(bytesOf([{ kind: "created", version: 2, at: AT }, begun("a#1"), { kind: "teleported", key: "a#1", at: AT }]));

      await expect(ledger.read()).rejects.toThrow(/line 3 .*written by a newer version of this product: kind "teleported"/);
      await expect(ledger.append(intent("a#1"))).rejects.toThrow(/newer version/);
    });

    test.each<[string, object]>([
      ["begun without a right why", { ...begun("a#1"), why: { ...why(), reason: undefined } }],
      ["begun without a right why", { ...begun("a#1"), why: null }],
      ["edited without a right why", { ...edited("a#1"), why: undefined }],
      ["edited without a right why", { ...edited("a#1"), why: { ...why(), source: null } }],
      ["edited without a right why", { ...edited("a#1"), why: { ...why(), ticket: 4711 } }],
      ["edited without a right why", { ...edited("a#1"), why: { ...why(), who: undefined } }],
      ["audited without a right foreign", { ...auditedRecord(), foreign: [{ ...foreign(), event: undefined }] }],
      ["audited without a right foreign", { ...auditedRecord(), foreign: [null] }],
      ["audited without a right stopped", { ...auditedRecord(), stopped: [7] }],
      ["audited without a right until", { ...auditedRecord(), until: undefined }],
    ])("takes no record %s", async (problem, record) => {
      await ledger.create();

      await expect(ledger.append(record as never)).rejects.toThrow(problem);

      expect((await open().read()).records).toHaveLength(1);
    });

    test("keeps text of every script, line breaks and quotes as they are", async () => {
      await ledger.create();
      const record = result("a#1", { detail: 'line one\nline two\r\t"quoted" \u2028 \u0000 😀 Ünïcode \\' });

      await ledger.append(record);

      expect(await open().recordsOf("a#1")).toEqual([record]);
    });

    test("takes many records at once, each once and in the order of asking", async () => {
      await ledger.create();
      const keys = Array.from({ length: 64 }, (_, index) => `many-${index}#1`);

      await Promise.all(keys.map((key) => ledger.append(intent(key))));

      const found = (await open().read()).records.flatMap((record) => ("key" in record ? [record.key] : []));
      expect(found).toEqual(keys);
    });

    test("sees what another holder appended before", async () => {
      await ledger.create();
      await ledger.append(intent("a#1"));
      await ledger.close();
      const other = open();
      await other.append(result("a#1"));
      await other.close();

      expect(await ledger.recordsOf("a#1")).toEqual([intent("a#1"), result("a#1")]);
      await ledger.append(outcome("a#1"));

      expect((await ledger.recordsOf("a#1")).map((record) => record.kind)).toEqual(["intent", "result", "outcome"]);
    });

    test("lets one piece of work at a time at a device, and others at other devices", async () => {
      await ledger.create();
      const events: string[] = [];
      const [begun, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const first = ledger.withDevice("A", async () => {
        events.push("first begins");
        begun.resolve();
        await gate.promise;
        events.push("first ends");
      });
      await begun.promise;
      const second = ledger.withDevice("a", async () => {
        events.push("second");
      });

      await ledger.withDevice("B", async () => {
        events.push("other device");
      });
      gate.resolve();
      await Promise.all([first, second]);

      expect(events).toEqual(["first begins", "other device", "first ends", "second"]);
    });

    test("frees a device when the work on it fails, and hands the error on", async () => {
      await ledger.create();

      await expect(
        ledger.withDevice("A", async () => {
          throw new TypeError("broken");
        }),
      ).rejects.toThrow(TypeError);

      expect(await ledger.withDevice("A", async () => "free again")).toBe("free again");
    });

    test("keeps others from a device while it is worked on, and lets them in afterwards", async () => {
      await ledger.create();
      const other = open();

      await ledger.withDevice("A", async () => {
        await expect(other.withDevice("A", async () => "worked")).rejects.toThrow(LedgerBusyError);
      });
      await ledger.close();

      expect(await other.withDevice("A", async () => "worked")).toBe("worked");
    });

    test("finds destructive intents by serial number and by id, whatever the spelling", async () => {
      await ledger.create();
      const bySerial = intent("a#1", { device: { ...DEVICE, id: "another-id", serialNumber: " dmpxk2 abcdef" } });
      const byId = intent("b#1", { device: { ...DEVICE, id: DEVICE.id.toUpperCase(), serialNumber: null } });
      const harmless = intent("c#1", { action: "syncDevice", destroysData: false });
      const stranger = intent("d#1", { device: { id: "stranger", serialNumber: "OTHER", enrolledDateTime: null } });
      for (const record of [bySerial, byId, harmless, stranger]) await ledger.append(record);

      expect((await ledger.facts()).destructiveIntents(DEVICE)).toEqual([bySerial, byId]);
      expect((await open().facts()).destructiveIntents(DEVICE)).toEqual([bySerial, byId]);
    });

    test("finds what may make a secret on a device, sent or taken over, by serial number and by id", async () => {
      await ledger.create();
      const lock = { action: "remoteLock", destroysData: false } as const;
      const bySerial = intent("a#1", { ...lock, device: { ...DEVICE, id: "another-id", serialNumber: " dmpxk2 abcdef" } });
      const takenOver = adopted("b#1", { action: "resetPasscode", destroysData: false, device: { ...DEVICE, serialNumber: null } });
      const without = intent("c#1");
      const stranger = intent("d#1", { ...lock, device: { id: "stranger", serialNumber: "OTHER", enrolledDateTime: null } });
      for (const record of [bySerial, takenOver, without, stranger]) await ledger.append(record);

      expect((await ledger.facts()).secretIntents(DEVICE)).toEqual([bySerial, takenOver]);
      expect((await open().facts()).secretIntents(DEVICE)).toEqual([bySerial, takenOver]);
    });

    test("appends unless there is an objection, which it gives back", async () => {
      await ledger.create();
      const objectToSecond = (facts: LedgerFacts) => facts.destructiveIntents(DEVICE)[0]?.key ?? null;

      const first = await ledger.appendUnless(intent("a#1"), objectToSecond);
      const second = await ledger.appendUnless(intent("b#1"), objectToSecond);

      expect([first, second]).toEqual([null, "a#1"]);
      expect((await open().read()).records.slice(1)).toEqual([intent("a#1")]);
    });

    test("asks an objection over what others wrote since this one last read", async () => {
      await ledger.create();
      await ledger.facts();
      const other = open();
      await other.append(intent("a#1"));
      await other.close();

      const objection = await ledger.appendUnless(intent("b#1"), (facts) => facts.destructiveIntents(DEVICE)[0]?.key ?? null);

      expect(objection).toBe("a#1");
      expect((await open().read()).records.slice(1)).toEqual([intent("a#1")]);
    });

    test("lets nobody's record come between an objection's question and its record", async () => {
      await ledger.create();
      const keys = Array.from({ length: 12 }, (_, index) => `many-${index}#1`);

      const objections = await Promise.all(
        keys.map((key) => ledger.appendUnless(intent(key), (facts) => (facts.destroyedSince(0).size < 3 ? null : "enough"))),
      );

      expect(objections.filter((objection) => objection === null)).toHaveLength(3);
      expect((await open().read()).records).toHaveLength(4);
    });

    test("hands on what an objection throws, and goes on", async () => {
      await ledger.create();
      const failing = ledger.appendUnless(intent("a#1"), () => {
        throw new TypeError("broken");
      });

      await expect(failing).rejects.toThrow("broken");
      await ledger.append(intent("b#1"));

      expect((await open().read()).records.slice(1)).toEqual([intent("b#1")]);
    });

    test("keeps the settings of runs, and tells the last", async () => {
      await ledger.create();
      const settings = (maxDestructive: string): SettingsRecord => ({ kind: "settings", at: AT, settings: { maxDestructive } });

      const before = lastSettings((await ledger.read()).records);
      await ledger.append(settings("5"));
      await ledger.append(settings("6"));

      expect(before).toBeUndefined();
      expect(lastSettings((await ledger.read()).records)).toEqual(settings("6"));
      expect(lastSettings((await open().read()).records)).toEqual(settings("6"));
    });

    test("keeps looks into Intune's audit, and what they found", async () => {
      await ledger.create();
      const look = auditedRecord({ foreign: [foreign()], senders: [OURS], stopped: ["e1"] });

      await ledger.append(look);

      expect((await open().read()).records.slice(1)).toEqual([look]);
      expect((await open().facts()).audit()).toMatchObject({ mark: Date.parse(AT), foreign: [{ event: "e1" }], senders: [OURS] });
    });

    test("reports an action once where two runs find it at once", async () => {
      await ledger.create();
      const look = auditedRecord({ foreign: [foreign()] });
      const report = () => ledger.appendUnless(look, (facts) => (facts.audit().isReported(foreign(), "auditEvents") ? "known" : null));

      expect(new Set(await Promise.all([report(), report()]))).toEqual(new Set(["known", null]));
      expect((await open().read()).records.slice(1)).toEqual([look]);
    });

    test("counts what was sent, destroyed and locked out since an instant", async () => {
      await ledger.create();
      const noon = Date.parse(AT);
      await ledger.append(intent("a#1", { at: "2026-11-20T11:00:00.000Z" }));
      await ledger.append(intent("a#1", { attempt: 2 }));
      await ledger.append(intent("b#1", { at: "not a time" }));
      await ledger.append(intent("c#1", { action: "locateDevice", destroysData: false }));
      await ledger.append(intent("d#1", { action: "resetPasscode", destroysData: false }));

      const facts = await open().facts();

      expect([...facts.destroyedSince(noon)]).toEqual(["b#1"]);
      expect([...facts.lockedOutSince(noon)]).toEqual(["d#1"]);
      expect([facts.hasLockedOut("d#1"), facts.hasLockedOut("a#1")]).toEqual([true, false]);
      expect(facts.sentForList("d/other#1", DEVICE.id.toUpperCase()).map(({ key }) => key)).toEqual(["d#1"]);
      expect([
        facts.sentForList("d#1", DEVICE.id),
        facts.sentForList("d/other#2", DEVICE.id),
        facts.sentForList("c/x#1", DEVICE.id),
      ]).toEqual([[], [], []]);
      expect(facts.sentSince("wipe", noon)).toBe(2);
      expect(facts.sentSince("wipe", Date.parse("2026-11-20T11:00:00.000Z"))).toBe(3);
      expect(facts.sentSince("locateDevice", noon)).toBe(1);
      expect(facts.recordsOf("a#1")).toHaveLength(2);
    });

    test("counts no call that Graph surely did not take", async () => {
      await ledger.create();
      await ledger.append(intent("a#1"));
      await ledger.append(result("a#1", { result: "notSent" }));
      await ledger.append(intent("a#1", { attempt: 2 }));
      await ledger.append(intent("b#1"));
      await ledger.append(result("b#1", { result: "unknown" }));

      const facts = await open().facts();

      expect(facts.sentSince("wipe", Date.parse(AT))).toBe(2);
    });

    test("serves those who work on a device what they and others before them wrote", async () => {
      await ledger.create();
      await ledger.recordsOf("a#1");
      const other = open();
      await other.withDevice(DEVICE.id, () => other.append(intent("a#1")));
      await other.close();

      const seen = await ledger.withDevice(DEVICE.id, async () => {
        await ledger.append(result("a#1"));
        return [await ledger.recordsOf("a#1"), (await ledger.facts()).recordsOf("a#1")];
      });

      expect(seen).toEqual([
        [intent("a#1"), result("a#1")],
        [intent("a#1"), result("a#1")],
      ]);
    });

    test("tells the holder of a device that it holds it, and of the brake", async () => {
      await ledger.create();
      const other = open();

      const told = await ledger.withDevice("A", async () => {
        const before = await ledger.brake("A");
        await other.setBrake("stop", "anna", "wrong devices");
        return [before, await ledger.brake("A")];
      });

      expect(told).toEqual([null, expect.stringContaining("wrong devices")]);
      expect((await other.brakes()).map(({ state, who }) => [state, who])).toEqual([["stop", "anna"]]);
    });

    test("does not take devices with a generic serial number for one another", async () => {
      await ledger.create();
      await ledger.append(intent("a#1", { device: { id: "one", serialNumber: "000000", enrolledDateTime: null } }));

      const found = (await ledger.facts()).destructiveIntents({ id: "two", serialNumber: "000000", enrolledDateTime: null });

      expect(found).toEqual([]);
    });

    test("is held by each stop, until a resume ends that one", async () => {
      await ledger.create();
      const other = open();
      const ids = async () => (await ledger.stops()).map(({ id, reason }) => [id, reason]);

      await ledger.setBrake("stop", "anna", "INCIDENT");
      await other.setBrake("stop", "ben", "maintenance");
      const both = [await ledger.brake(), await ids()];
      await other.setBrake("resume", "ben", "done", "s2");
      const one = await other.brake();
      await ledger.setBrake("stop", "ben", "maintenance");
      const again = await ids();
      await ledger.setBrake("resume", "anna", "all of them");

      expect(both).toEqual([
        expect.stringMatching(/^2 stops: s1: INCIDENT .*; s2: maintenance /),
        [
          ["s1", "INCIDENT"],
          ["s2", "maintenance"],
        ],
      ]);
      expect(one).toMatch(/^INCIDENT \(set by anna/);
      expect(again).toEqual([
        ["s1", "INCIDENT"],
        ["s3", "maintenance"],
      ]);
      expect(await ids()).toEqual([]);
      expect((await ledger.brakes()).map(({ state, stop }) => [state, stop])).toEqual([
        ["stop", "s1"],
        ["stop", "s2"],
        ["resume", "s2"],
        ["stop", "s3"],
        ["resume", undefined],
      ]);
    });

    test("has a brake that is not set when the first append made it", async () => {
      const first = open({ createWhenMissing: true });
      await first.append(intent("a#1"));
      await first.close();

      expect(await ledger.brake()).toBeNull();
      expect(await ledger.stops()).toEqual([]);
    });

    test("tells the brake as it is now, also while another holds the ledger", async () => {
      await ledger.create();
      await ledger.append(intent("a#1"));
      const other = open();

      await other.setBrake("stop", "anna", "wrong devices");
      const stopped = await ledger.brake();
      await other.setBrake("resume", "anna", "sorted out");

      expect(stopped).toContain("wrong devices");
      expect(stopped).toContain("anna");
      expect(await ledger.brake()).toBeNull();
    });
  });
}

function bytesOf(records: readonly object[]): Buffer {
  return formatLines(
    CHAIN_START,
    records.map((record) => JSON.stringify(record)),
  ).bytes;
}
