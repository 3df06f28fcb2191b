import { describe, expect, test } from "@jest/globals";
import type { AuditedAction, AuditReading, Sender } from "../../providers/domain/audit-log.ts";
import type { AuditedRecord, LedgerRecord } from "../../providers/domain/ledger-record.ts";
import { LedgerSnapshot } from "../../providers/pulumi/program/ledger-snapshot.ts";
import { type AuditOfRun, type AuditQuestion, lookAtAudit } from "../../providers/pulumi/program/look-at-audit.ts";
import { recordAudit } from "../../providers/pulumi/program/record-audit.ts";
import { linesOf } from "../../providers/pulumi/program/tell-audit.ts";
import { AUDIT_WHO } from "../../providers/rules/audit/judge-foreign.ts";
import { begun, DEVICE, intent, result } from "../contract/sample-records.ts";
import { ledgerFolder } from "../ledger/ledger-folder-fixture.ts";
import { audited, auditedRecord, foreign, OURS, US } from "../support/fakes-audit.ts";
import { settings } from "../support/fakes-pulumi.ts";
import { contentsOf, factsOf, NO_LEDGER } from "../support/ledger-contents.ts";

const AT = "2026-11-20T12:00:00.000Z";
const NOW = Date.parse(AT);
const HOUR = 3_600_000;
const at = (hours: number) => new Date(NOW + hours * HOUR).toISOString();
const CREATED: LedgerRecord = { kind: "created", version: 2, at: AT };
const IN_DOUBT = [begun("a#1"), intent("a#1", { graphTime: AT }), result("a#1", { result: "unknown" })];
const seen = (...actions: readonly AuditedAction[]): AuditReading => ({
  kind: "seen",
  source: "auditEvents",
  actions,
  until: NOW,
  incomplete: null,
});

interface Asked extends Partial<Pick<AuditQuestion, "isBusy" | "doubt">> {
  readonly reading?: AuditReading;
  readonly senders?: readonly Sender[];
  readonly records?: readonly LedgerRecord[];
  readonly exists?: boolean;
  readonly isLoopbackGraph?: boolean;
  readonly set?: Partial<AuditQuestion["settings"]>;
}

/** What a run of these settings sees, and since when it asked. */
async function look({
  reading = seen(),
  senders = [OURS],
  records = [],
  exists = true,
  isLoopbackGraph = false,
  set = {},
  ...asked
}: Asked = {}) {
  const since: number[] = [];
  const ports = {
    auditLog: {
      actionsSince: async (instant: number) => {
        since.push(instant);
        return reading;
      },
    },
    senders: async () => senders,
    clock: { now: () => NOW, sleep: async () => undefined },
    graphClock: () => null,
    isLoopbackGraph,
  };
  const all = exists ? [CREATED, ...records] : [];
  const ledger = exists ? contentsOf(...all) : NO_LEDGER;
  const found = await lookAtAudit({
    settings: settings(set),
    ports,
    ledger,
    view: new LedgerSnapshot(factsOf(...all)),
    isBusy: true,
    doubt: null,
    ...asked,
  });
  return { ...found, since };
}

describe("a run", () => {
  test.each([
    ["that has something to do", { isBusy: true }, 1],
    ["that has nothing to do", { isBusy: false }, 0],
    ["on a schedule", { isBusy: false, set: { followOnly: true } }, 1],
    ["with a limit", { isBusy: false, set: { foreignLimit: 0 } }, 1],
    ["that counts what others do", { isBusy: false, set: { countForeign: true } }, 1],
    ["of a tenant that nobody can tell", { doubt: "the ledger is of another tenant" }, 0],
  ])("%s looks at the audit: %#", async (_, asked, times) => {
    expect((await look(asked)).since).toHaveLength(times);
  });

  test("asks for a day and an hour before its last look", async () => {
    const { since } = await look({ records: [auditedRecord({ until: at(-2) })] });

    expect(since).toEqual([NOW - 27 * HOUR]);
  });

  test("cannot see what it may not ask for, and says that that is no evidence", async () => {
    expect(await look({ doubt: "which tenant it is, nobody can tell" })).toMatchObject({
      reading: { kind: "unreadable", why: "which tenant it is, nobody can tell" },
      record: null,
    });
  });
});

describe("is recorded", () => {
  test("what is new, with who sends", async () => {
    const { record } = await look({ reading: seen(audited({ at: at(-1) })), records: [auditedRecord()] });

    expect(record).toEqual(auditedRecord({ foreign: [foreign({ at: at(-1) })], senders: [OURS] }));
  });

  test.each([
    ["nothing, where nothing is new", [auditedRecord({ at: at(-1), senders: [OURS] })], {}, false],
    ["the first look", [], {}, true],
    ["the mark, twice a day", [auditedRecord({ at: at(-12.1), senders: [OURS] })], {}, true],
    ["who sends, where that is new", [auditedRecord()], {}, true],
    ["each look, where a guard relies on it", [auditedRecord({ at: at(-0.1), senders: [OURS] })], { foreignLimit: 3 }, true],
    ["and then not more often than needed", [auditedRecord({ at: at(-0.05), senders: [OURS] })], { foreignLimit: 3 }, false],
  ])("%s", async (_, records, set, isRecorded) => {
    expect((await look({ records, set })).record !== null).toBe(isRecorded);
  });

  test("a look that did not see all, only for what it found", async () => {
    const part: AuditReading = { ...seen(), kind: "seen", source: "auditEvents", actions: [], until: NOW, incomplete: "a page failed" };

    expect((await look({ reading: part, records: [auditedRecord({ senders: [OURS] })] })).record).toBeNull();
    expect((await look({ reading: { ...part, actions: [audited({ at: at(-1) })] } })).record).toMatchObject({ until: null });
  });

  test.each([
    ["failed", { kind: "unreadable", why: "403" } as const],
    ["did not see all", { kind: "seen", source: "auditEvents", actions: [], until: NOW, incomplete: "x" } as const],
  ])("a look that %s, where a guard relies on it: the one before it is no leave any more", async (_, reading) => {
    const set = { countForeign: true };

    expect((await look({ reading, set, records: [auditedRecord()] })).record).toMatchObject({ until: null, foreign: [] });
    expect((await look({ reading, set, records: [auditedRecord({ until: null, senders: [OURS] })] })).record).toBeNull();
    expect((await look({ reading, records: [auditedRecord({ senders: [OURS] })] })).record).toBeNull();
  });

  test("in a ledger that is not there yet, only where a double makes it", async () => {
    const found = { exists: false, reading: seen(audited({ at: at(-1) })) };

    expect((await look(found)).record).toBeNull();
    expect((await look({ ...found, isLoopbackGraph: true })).record).not.toBeNull();
    expect((await look({ exists: false, isLoopbackGraph: true })).record).toBeNull();
  });
});

describe("a doubt", () => {
  const OWN = audited({ device: DEVICE.id, actor: US, at: at(0.01) });

  test("is ended by its own event, with the evidence on record", async () => {
    const { results } = await look({ records: IN_DOUBT, reading: seen(OWN) });

    expect(results).toEqual([
      {
        kind: "result",
        key: "a#1",
        at: AT,
        step: 0,
        attempt: 1,
        result: "accepted",
        requestId: null,
        evidence: "e1",
        detail: `Intune's audit log shows it as taken: event e1, wipe at ${OWN.at}; application ${OURS.application}, device and time are those of our call, and of no other`,
      },
    ]);
  });

  test.each([
    ["what is settled already", [...IN_DOUBT, result("a#1")]],
    ["an older attempt", [...IN_DOUBT, intent("a#1", { attempt: 2, clientRequestId: "b", graphTime: at(-1) })]],
  ])("is not that of %s", async (_, records) => {
    expect((await look({ records, reading: seen(OWN) })).results).toEqual([]);
  });

  test("that a person settled as not taken stays so, and the contradiction is told", async () => {
    const settled = { kind: "settled", key: "a#1", at: AT, step: 0, attempt: 1, decision: "not-taken", who: "anna", why: "x" } as const;

    const { results, contradicted } = await look({ records: [...IN_DOUBT, settled], reading: seen(OWN) });

    expect(results).toEqual([]);
    expect(contradicted).toMatchObject([{ intent: { key: "a#1" }, action: { event: "e1" } }]);
  });

  test("is not ended by beta's list, which names no application", async () => {
    expect(
      (
        await look({
          records: IN_DOUBT,
          reading: { ...seen(OWN), kind: "seen", source: "remoteActionAudits", actions: [OWN], until: NOW, incomplete: null },
        })
      ).results,
    ).toEqual([]);
  });
});

describe("what up writes", () => {
  const NEWS = auditedRecord({ foreign: [foreign()], stopped: ["e1"] });
  const STOP = { reason: "4 actions of others", events: ["e1"] };
  const of = (changes: Partial<AuditOfRun>): AuditOfRun => ({
    reading: seen(),
    foreign: { fresh: [foreign()], recent: [], stop: null },
    shown: [],
    contradicted: [],
    record: null,
    results: [],
    ...changes,
  });
  const FOREIGN = { fresh: [foreign()], recent: [foreign()], stop: STOP };
  const looksIn = (records: readonly LedgerRecord[]) => records.filter((record): record is AuditedRecord => record.kind === "audited");

  test("is nothing, and takes no lock, where there is nothing to say", async () => {
    const place = await ledgerFolder();

    expect(await recordAudit(of({}), place.open())).toEqual({ brake: null });
    expect(await place.open().read()).toMatchObject({ exists: false });
  });

  test("sets the brake once, whoever else sees the same", async () => {
    const place = await ledgerFolder();
    await place.write([]);

    const first = await recordAudit(of({ foreign: FOREIGN, record: NEWS }), place.open());
    const second = await recordAudit(of({ foreign: FOREIGN, record: NEWS }), place.open());

    expect([first, second]).toEqual([{ brake: "set" }, { brake: "stood" }]);
    expect(await place.open().stops()).toMatchObject([{ who: AUDIT_WHO, reason: STOP.reason }]);
    expect(looksIn((await place.open().read()).records)).toEqual([NEWS, { ...NEWS, foreign: [], stopped: [] }]);
  });

  test("a stop that stands already says enough, where nothing is new", async () => {
    const place = await ledgerFolder();
    await place.write([]);
    await recordAudit(of({ foreign: FOREIGN, record: NEWS }), place.open());
    const before = await place.bytes();

    await recordAudit(of({ foreign: { ...FOREIGN, fresh: [] }, record: { ...NEWS, foreign: [] } }), place.open());

    expect(await place.bytes()).toEqual(before);
  });

  test("a mass wipe is several records, and the mark moves with the last", async () => {
    const place = await ledgerFolder();
    await place.write([]);
    const many = Array.from({ length: 1_100 }, (_, n) => foreign({ event: `e${n}`, device: `d${n}` }));
    const events = many.map(({ event }) => event);
    const found = { fresh: many, recent: many, stop: { ...STOP, events } };

    await recordAudit(of({ foreign: found, record: { ...NEWS, foreign: many, stopped: events } }), place.open());

    const looks = looksIn((await place.open().read()).records);
    expect(looks.map(({ foreign: own, until }) => [own.length, until !== null])).toEqual([
      [500, false],
      [500, false],
      [100, true],
    ]);
    expect((await place.open().facts()).audit()).toMatchObject({ foreign: many, stopped: new Set(events), readAt: NOW });
  });

  test("makes the ledger of a double first, which has a brake then", async () => {
    const place = await ledgerFolder();

    await recordAudit(of({ foreign: FOREIGN, record: NEWS }), place.open({ createWhenMissing: true }));

    expect(await place.open().stops()).toHaveLength(1);
  });

  test("ends a doubt under the lock of its device, and only one that is there still", async () => {
    const place = await ledgerFolder();
    await place.write(IN_DOUBT);
    const evidence = result("a#1", { evidence: "e1" });

    await recordAudit(of({ results: [evidence] }), place.open());
    await recordAudit(of({ results: [evidence] }), place.open());
    await recordAudit(of({ results: [result("b#1"), result("a#1", { attempt: 2 })] }), place.open());

    expect(await place.records()).toEqual([...IN_DOUBT, evidence]);
  });
});

describe("people are told", () => {
  const told = (found: Partial<AuditOfRun>, set = {}, run: "preview" | "up" = "up") =>
    linesOf(
      { reading: seen(), foreign: { fresh: [], recent: [], stop: null }, shown: [], contradicted: [], record: null, results: [], ...found },
      settings({ stack: "prod", ...set }),
      run,
    );

  test("nothing, where nothing was asked, or found", () => {
    expect([told({ reading: null }), told({})]).toEqual([[], []]);
  });

  test("in one line what cannot be seen, how to permit it, and what is held for it", () => {
    const unreadable: AuditReading = { kind: "unreadable", why: "Graph did not give it: 403" };

    expect(told({ reading: unreadable })).toEqual([
      "what others do to devices cannot be seen: Graph did not give it: 403; DeviceManagementApps.Read.All (application) permits it",
    ]);
    expect(told({ reading: unreadable }, { foreignLimit: 1 })[0]).toMatch(
      /; what destroys data is held, since foreignLimit or countForeign relies on it$/,
    );
  });

  test("each of twenty actions, of five in a preview, and how many more there are", () => {
    const fresh = Array.from({ length: 23 }, (_, n) => foreign({ event: `e${n}` }));

    const lines = told({ foreign: { fresh, recent: [], stop: null } });

    expect(lines).toHaveLength(21);
    expect(lines[0]).toMatch(
      /^no request explains this: wipe of Somebody’s iPad .* by helpdesk@contoso\.example with Microsoft Intune portal extension$/,
    );
    expect(lines[20]).toBe("and 3 more that no request explains: ./dlr audit prod");
    expect(told({ foreign: { fresh, recent: [], stop: null } }, {}, "preview").slice(5)).toEqual([
      "and 18 more that no request explains: ./dlr audit prod",
    ]);
  });

  test("that a call which a person took for not taken was taken", () => {
    const contradicted = [{ intent: intent("leaver#1"), action: audited(), evidence: "x" }];

    expect(told({ contradicted })).toEqual([
      expect.stringMatching(/^leaver: wipe was settled as not taken, .* as taken \(event e1\): up would send it a second time/),
    ]);
  });

  test("what beta's list does not tell", () => {
    const reading: AuditReading = { kind: "seen", source: "remoteActionAudits", actions: [], until: NOW, incomplete: "a page failed" };

    expect(told({ reading, foreign: { fresh: [foreign()], recent: [], stop: null } })).toEqual([
      "not all of what others did to devices could be read: a page failed",
      expect.stringContaining("no request explains this"),
      "1 action of others told by a list that names no application: DeviceManagementApps.Read.All shows it",
    ]);
  });
});
