import { describe, expect, test } from "@jest/globals";
import { deviceFacts } from "../../providers/domain/managed-device.ts";
import type { Outcome } from "../../providers/domain/outcome.ts";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import { historyOf } from "../../providers/engine/history.ts";
import { rememberedDevice, reportOf } from "../../providers/engine/report.ts";
import { IPAD } from "../support/fakes-devices.ts";
import { AT, adopted, begun, escrowed, finished, intent, outcome, repeated, result, sent, settled } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";

const { plan } = jobOf(lifecycleRequest(UNLOCK_AND_WIPE));
const LATER = "2026-11-21T00:00:00.000Z";

function report(records: readonly RequestRecord[], word: Outcome = "pending") {
  return reportOf(plan, historyOf(records), { outcome: word, reason: "Why", message: "in words" }, deviceFacts(IPAD));
}

describe("a step in the report", () => {
  test.each<[string, readonly RequestRecord[], string]>([
    ["nothing was done", [], "waiting"],
    ["it was throttled", sent(0, "notSent"), "waiting"],
    ["it was accepted", sent(0), "sent"],
    ["it was adopted", [adopted(0)], "adopted"],
    ["nobody knows whether it was taken", [intent(0)], "ambiguous"],
    ["it waits for approval", sent(0, "approvalRequired"), "awaitingApproval"],
    ["it was refused", sent(0, "refused"), "failed"],
    ["it is done", [...sent(0), finished(0)], "done"],
    ["it failed", [...sent(0), finished(0, "failed")], "failed"],
    ["it was settled as taken", [intent(0), settled(0, "taken")], "sent"],
    ["it was settled as not taken", [intent(0), settled(0, "not-taken")], "waiting"],
  ])("where %s", (_, records, status) => {
    expect(report(records).steps[0]).toMatchObject({ action: "escrowBypassCode", status });
  });

  test("carries its times, its ids and what was said of it last", () => {
    const records = [...sent(1), finished(1, "done", { at: LATER })];

    expect(report(records).steps).toEqual([
      { action: "escrowBypassCode", status: "waiting", sentAt: null, finishedAt: null, clientRequestId: null, requestId: null, detail: "" },
      {
        action: "bypassActivationLock",
        status: "done",
        sentAt: AT,
        finishedAt: LATER,
        clientRequestId: "call-1",
        requestId: "graph-1",
        detail: "the device reported it as done",
      },
      { action: "wipe", status: "waiting", sentAt: null, finishedAt: null, clientRequestId: null, requestId: null, detail: "" },
    ]);
  });

  test("is that of its newest attempt", () => {
    const again = [
      intent(2, { attempt: 2, at: LATER, clientRequestId: "again" }),
      result(2, "accepted", { attempt: 2, requestId: "graph-again" }),
    ];

    expect(report([...sent(2, "notSent"), ...again]).steps[2]).toMatchObject({
      sentAt: LATER,
      clientRequestId: "again",
      requestId: "graph-again",
    });
    expect(report([...sent(2, "notSent"), ...again.slice(0, 1)]).steps[2]).toMatchObject({ clientRequestId: "again", requestId: null });
  });

  test("keeps the id of the call that was in doubt when the device's report ends the doubt", () => {
    const records = [...sent(2, "unknown"), result(2, "accepted", { requestId: null, detail: "the device reports it as done" })];

    expect(report(records).steps[2]).toMatchObject({ requestId: "graph-2", detail: "the device reports it as done" });
  });

  test("names the reference of a secret that it made, and not that of the bypass code", () => {
    const records = [escrowed(0), escrowed(2, { secret: "macOsUnlockCode", reference: "memory:pin", fingerprint: null }), ...sent(2)];

    const { steps } = report(records);

    expect(steps[2]?.detail).toBe("Graph said: accepted; macOsUnlockCode escrowed as memory:pin");
    expect(steps[0]?.detail).toBe("");
  });
});

describe("the bypass code in the report", () => {
  test("is null while none is in escrow", () => {
    expect(report([begun(), finished(0)]).bypassCode).toBeNull();
  });

  test("is the newest of the request, whichever step escrowed it, and kept when the steps are done anew", () => {
    const records = [escrowed(0), escrowed(2, { reference: "memory:2", fingerprint: "fedc", at: LATER }), repeated()];

    expect(report(records).bypassCode).toEqual({ reference: "memory:2", fingerprint: "fedc", capturedAt: LATER });
  });

  test("is none of the other secrets", () => {
    expect(report([escrowed(2, { secret: "passcode", fingerprint: null })]).bypassCode).toBeNull();
  });
});

describe("conditions", () => {
  const kinds = (records: readonly RequestRecord[]) =>
    report(records).conditions.map(({ type, status, reason }) => `${type} ${status} ${reason}`);

  test.each<[Outcome, string]>([
    ["succeeded", "True"],
    ["failed", "True"],
    ["expired", "True"],
    ["pending", "False"],
    ["awaitingApproval", "False"],
    ["awaitingSignIn", "False"],
    ["ambiguous", "False"],
  ])("say of %s that it is finished: %s", (word, status) => {
    expect(report([outcome(word, { at: LATER })], word).conditions).toEqual([
      { type: "Finished", status, reason: "Why", message: "in words", lastTransitionTime: LATER },
    ]);
  });

  test("tell what people must know of how it ended, with the time of the record", () => {
    const records = [
      escrowed(0),
      adopted(1),
      finished(1, "done", { reason: "ResultNotReported", at: LATER }),
      finished(2, "done", { reason: "RemovedFromManagement" }),
    ];

    expect(kinds(records)).toEqual([
      "BypassCodeEscrowed True Escrowed",
      "AdoptedFromElsewhere True AlreadyUnderWay",
      "ResultNotReported True bypassActivationLock",
      "RemovedFromManagement True wipe",
    ]);
    expect(report(records).conditions[2]?.lastTransitionTime).toBe(LATER);
  });

  test("of what was before the steps were done anew are gone", () => {
    expect(kinds([adopted(1), outcome("succeeded"), repeated()])).toEqual([]);
  });
});

describe("the device that the ledger remembers", () => {
  const named = (deviceName: string) => ({ ...deviceFacts(IPAD), deviceName });

  test("is that of the last outcome, else of the beginning, else of the plan", () => {
    const records = [begun(plan, { device: named("first") }), outcome("pending", { device: named("second") })];

    expect(rememberedDevice(plan, historyOf(records)).deviceName).toBe("second");
    expect(rememberedDevice(plan, historyOf(records.slice(0, 1))).deviceName).toBe("first");
    expect(rememberedDevice(plan, historyOf([]))).toMatchObject({ id: IPAD.id, serialNumber: IPAD.serialNumber, deviceName: null });
  });
});
