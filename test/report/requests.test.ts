import { describe, expect, test } from "@jest/globals";
import { chooseRequests } from "../../report/requests/choose-requests.ts";
import { durationText } from "../../report/requests/duration-text.ts";
import type { RequestsReport } from "../../report/requests/report.ts";
import { tellRequests } from "../../report/requests/requests-totals.ts";
import { why } from "../contract/sample-records.ts";
import { AT, begun, edited, finished, intent, outcome, repeated, result } from "../support/fakes-records.ts";
import { auditOf, doneStory, minutesOn, NOVEMBER, of, requestsReport, revealed, VARIED_REQUESTS } from "./fakes-requests-report.ts";

const names = ({ requests }: RequestsReport) => requests.map(({ name }) => name);

describe("the requests of a period", () => {
  test("are those to which anything was done within it", () => {
    const october = { from: "2026-10-01T00:00:00.000Z", until: "2026-11-01T00:00:00.000Z", text: "2026-10" };
    const inOctober = of(
      "old",
      doneStory().map((record) => ({ ...record, at: "2026-10-31T23:59:59.999Z" })),
    );
    const firstInstant = of("new", [begun(undefined, { at: "2026-11-01T00:00:00.000Z" })]);
    const inDecember = of("next", [begun(undefined, { at: "2026-12-01T00:00:00.000Z" })]);
    const records = [...inOctober, ...firstInstant, ...inDecember];

    expect(names(requestsReport(records))).toEqual(["new"]);
    expect(names(requestsReport(records, auditOf([]), october))).toEqual(["old"]);
    expect(names(requestsReport(records, auditOf([]), { from: null, until: null, text: "all" }))).toEqual(["old", "new", "next"]);
  });

  test("are those too of which a secret was shown within it", () => {
    const records = of(
      "leaver",
      doneStory().map((record) => ({ ...record, at: "2026-10-05T10:00:00.000Z" })),
    );

    const report = requestsReport(records, auditOf([revealed()]));

    expect(report.requests).toMatchObject([{ name: "leaver", revealed: 1 }]);
    // It was done in another month: its time to done is of that one.
    expect(report.totals.toDone).toBeNull();
  });

  test("stand as they stood at its end, however late the report is made", () => {
    const before = [
      ...of("leaver", [
        begun(),
        intent(0, { at: minutesOn(1) }),
        result(0, "accepted", { at: minutesOn(1) }),
        outcome("pending", { at: minutesOn(2) }),
      ]),
    ];
    const later = of("leaver", [
      finished(0, "done", { at: "2026-12-03T08:00:00.000Z" }),
      outcome("succeeded", { at: "2026-12-03T08:00:01.000Z" }),
      edited({ at: "2026-12-04T08:00:00.000Z", why: why({ ticket: "INC-LATER" }) }),
    ]);
    const lateReveal = revealed({ at: "2026-12-05T08:00:00.000Z" });

    const report = requestsReport([...before, ...later], auditOf([lateReveal]));

    expect(report).toEqual(requestsReport(before, auditOf([])));
    expect(report.requests).toMatchObject([{ outcome: "pending", endedAt: null, revealed: 0 }]);
  });

  test("of two generations are two", () => {
    const report = requestsReport([...of("leaver", doneStory()), ...of("leaver", [begun()], 2)]);

    expect(report.requests).toMatchObject([
      { name: "leaver", generation: 1, outcome: "succeeded" },
      { name: "leaver", generation: 2, outcome: "unfinished" },
    ]);
  });
});

describe("a request", () => {
  test("tells who, why, which device, its steps and how long it took", () => {
    const [request] = requestsReport(of("leaver", doneStory({ ticket: "INC-1", who: "anna" }))).requests;

    expect(request).toMatchObject({
      outcome: "succeeded",
      ticket: "INC-1",
      startedBy: "anna",
      serialNumber: "DMPXK2ABCDEF",
      destroysData: true,
      begunAt: AT,
      endedAt: minutesOn(10),
      secondsToDone: 600,
      secretsEscrowed: ["activationLockBypassCode"],
      revealed: 0,
      settled: 0,
      steps: [{ step: 1, action: "wipe", status: "done", sentAt: minutesOn(2), finishedAt: minutesOn(9) }],
    });
  });

  test("has its reason and ticket of the last edit, and the person of the run that began it", () => {
    const records = [
      ...doneStory({ ticket: "INC-1", who: "anna" }),
      edited({ at: minutesOn(20), why: why({ ticket: "INC-9", who: "boris" }) }),
    ];

    expect(requestsReport(of("leaver", records)).requests).toMatchObject([{ ticket: "INC-9", startedBy: "anna", endedAt: minutesOn(10) }]);
  });

  test("ended when its end was said first, in whatever words later", () => {
    const records = [...doneStory(), outcome("succeeded", { at: minutesOn(500), message: "it is done, in other words" })];

    expect(requestsReport(of("leaver", records)).requests).toMatchObject([{ endedAt: minutesOn(10), secondsToDone: 600 }]);
  });

  test("that was begun anew took the time since then", () => {
    const records = [...doneStory(), repeated({ at: minutesOn(1_000) }), outcome("succeeded", { at: minutesOn(1_005) })];

    expect(requestsReport(of("leaver", records)).requests).toMatchObject([{ begunAt: AT, endedAt: minutesOn(1_005), secondsToDone: 300 }]);
  });

  test("whose clock went back took a time that nobody knows", () => {
    const records = [begun(), outcome("succeeded", { at: minutesOn(-5) })];

    expect(requestsReport(of("leaver", records)).requests).toMatchObject([{ outcome: "succeeded", secondsToDone: null }]);
  });

  test("has its whole story, with who was shown a secret at its place", () => {
    const audit = auditOf([
      revealed({ at: minutesOn(5) }),
      revealed({ at: minutesOn(40), action: "share", who: "boris" }),
      revealed({ requestKey: "other#1" }),
    ]);

    const [request] = requestsReport(of("leaver", doneStory()), audit).requests;

    expect(request?.timeline.map(({ at, event, step, action }) => [at, event, step, action])).toEqual([
      [AT, "begun", null, null],
      [minutesOn(1), "escrowed", 1, "wipe"],
      [minutesOn(2), "intent", 1, "wipe"],
      [minutesOn(2), "result", 1, "wipe"],
      [minutesOn(5), "reveal", null, null],
      [minutesOn(9), "finished", 1, "wipe"],
      [minutesOn(10), "outcome", null, null],
      [minutesOn(40), "share", null, null],
    ]);
    expect(request?.revealed).toBe(1);
    expect(request?.timeline[4]?.text).toBe("activationLockBypassCode shown to anna (file:escrow/0123456789abcdef)");
  });
});

describe("totals", () => {
  test("count by outcome, playbook, ticket and person, the most frequent first and none last", () => {
    const { by, requests, toDone } = requestsReport(VARIED_REQUESTS).totals;

    expect(requests).toBe(4);
    expect(by.outcome).toEqual([
      { value: "failed", requests: 1 },
      { value: "unfinished", requests: 1 },
      { value: "pending", requests: 1 },
      { value: "succeeded", requests: 1 },
    ]);
    expect(by.startedBy).toEqual([
      { value: "anna", requests: 2 },
      { value: "boris", requests: 1 },
      { value: null, requests: 1 },
    ]);
    expect(by.ticket).toEqual([
      { value: "INC-1", requests: 1 },
      { value: "INC-2", requests: 1 },
      { value: null, requests: 2 },
    ]);
    expect(by.playbook).toEqual([{ value: null, requests: 4 }]);
    expect(toDone).toEqual({ requests: 1, median: 600, longest: 600 });
  });

  test("are told in lines, with what people did", () => {
    expect(tellRequests(requestsReport(VARIED_REQUESTS, auditOf([revealed(), revealed({ action: "share" })])))).toEqual([
      "4 requests, 2026-11: 1 failed, 1 unfinished, 1 pending, 1 done",
      "done after 10 minutes (median), the slowest after 10 minutes",
      "secrets shown: 1",
      "settled by a person: 1",
      "brake: 1 set, 0 taken off",
    ]);
  });

  test("never say that nobody was shown a secret where no file tells", () => {
    const none = auditOf([], { isThere: false });

    expect(tellRequests(requestsReport(VARIED_REQUESTS, none))).toContain("secrets shown: not known, there is no escrow/audit.jsonl");
    expect(requestsReport(VARIED_REQUESTS, none)).toMatchObject({ reveals: null, requests: VARIED_NAMES.map(() => ({ revealed: null })) });
    expect(tellRequests(requestsReport(VARIED_REQUESTS, auditOf([], { unreadable: 2 })))).toContain(
      "secrets shown: 0; 2 lines of escrow/audit.jsonl cannot be read",
    );
  });

  test("have the brake and the settlements of the period alone", () => {
    const december = { ...NOVEMBER, from: "2026-12-01T00:00:00.000Z", until: null };

    expect(requestsReport(VARIED_REQUESTS)).toMatchObject({
      brake: [{ at: minutesOn(5), state: "stop", who: "boris", reason: "wrong list" }],
      settlements: [{ at: minutesOn(90), request: "doubt#1", step: 1, action: "wipe", decision: "taken", who: "anna" }],
    });
    expect(requestsReport(VARIED_REQUESTS, auditOf([]), december)).toMatchObject({ brake: [], settlements: [], requests: [] });
  });
});

const VARIED_NAMES = ["leaver", "summer/A", "summer/B", "doubt"];

test.each<[Partial<Parameters<typeof chooseRequests>[1]>, readonly string[], readonly string[]]>([
  [{}, VARIED_NAMES, []],
  [{ outcomes: ["failed", "pending"] }, ["summer/A", "summer/B"], ["failed or pending"]],
  [{ ticket: "inc-2" }, ["summer/A"], ["ticket inc-2"]],
  [{ person: "ANNA " }, ["leaver", "doubt"], ["started by ANNA "]],
  [{ person: "anna", outcomes: ["succeeded"] }, ["leaver"], ["done", "started by anna"]],
  [{ playbook: "unlock-and-wipe" }, [], ["playbook unlock-and-wipe"]],
])("%j chooses %j, and totals stay those of all", (wanted, chosen, words) => {
  const report = requestsReport(VARIED_REQUESTS);

  const some = chooseRequests(report, { outcomes: [], ...wanted });

  expect(names(some)).toEqual(chosen);
  expect(some.chosen).toEqual(words);
  expect(some.totals).toEqual(report.totals);
});

test.each<[number, string]>([
  [0, "0 seconds"],
  [1, "1 second"],
  [59, "59 seconds"],
  [60, "1 minute"],
  [3_599, "1 hour"],
  [5_400, "1.5 hours"],
  [86_399, "1 day"],
  [180_000, "2.1 days"],
])("%i seconds are %s", (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});
