import { describe, expect, test } from "@jest/globals";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import { historyOf, isEnded, isUnsettled } from "../../providers/engine/history.ts";
import { ANDROID } from "../support/fakes-devices.ts";
import { begun, finished, intent, outcome, repeated, result } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";

interface Row {
  readonly name: string;
  readonly records: readonly RequestRecord[];
  readonly edition?: string;
  readonly ended: boolean;
}

const ROWS: readonly Row[] = [
  { name: "nothing was done", records: [], ended: false },
  { name: "begun, and no run came to its end", records: [begun(), finished(0)], ended: false },
  { name: "succeeded", records: [outcome("succeeded")], ended: true },
  { name: "succeeded, and edited since", records: [outcome("succeeded")], edition: "edition-2", ended: true },
  { name: "failed", records: [outcome("failed")], ended: true },
  { name: "failed, and edited since", records: [outcome("failed")], edition: "edition-2", ended: false },
  { name: "expired", records: [outcome("expired")], ended: true },
  { name: "expired, and edited since", records: [outcome("expired")], edition: "edition-2", ended: false },
  { name: "pending", records: [outcome("pending")], ended: false },
  { name: "waiting for approval", records: [outcome("awaitingApproval")], ended: false },
  { name: "waiting for a sign-in", records: [outcome("awaitingSignIn")], ended: false },
  { name: "ambiguous", records: [outcome("ambiguous")], ended: false },
  { name: "pending once, succeeded since", records: [outcome("pending"), outcome("succeeded")], ended: true },
  { name: "failed once, pending since", records: [outcome("failed"), outcome("pending")], ended: false },
  { name: "failed, and a run that was cut off since", records: [outcome("failed"), intent(0)], ended: false },
  { name: "expired, and a run that was cut off since", records: [outcome("expired"), intent(0), result(0, "accepted")], ended: false },
  { name: "succeeded, and begun anew", records: [outcome("succeeded"), repeated()], ended: false },
  { name: "begun anew and succeeded again", records: [outcome("succeeded"), repeated(), outcome("succeeded")], ended: true },
];

describe("a request that needs its device no more", () => {
  test.each(ROWS)("$name: $ended", ({ records, edition = "edition-1", ended }) => {
    expect(isEnded(historyOf(records), edition)).toBe(ended);
  });
});

describe("a request that may still take effect", () => {
  const WIPE = jobOf(lifecycleRequest(["wipe"]), ANDROID).plan;

  test.each([
    ["never begun", [], false],
    ["succeeded", [begun(WIPE), intent(0), outcome("succeeded")], false],
    ["failed", [begun(WIPE), intent(0), outcome("failed")], false],
    ["failed, and cut off in a later run", [begun(WIPE), outcome("failed"), intent(0)], true],
    ["pending", [begun(WIPE), intent(0), result(0, "accepted"), outcome("pending")], true],
    ["ambiguous", [begun(WIPE), intent(0), outcome("ambiguous")], true],
    ["expired before its wipe", [begun(WIPE), outcome("expired")], false],
    ["expired while its wipe is under way", [begun(WIPE), intent(0), result(0, "accepted"), outcome("expired")], true],
  ] as const)("%s", (_, records, unsettled) => {
    expect(isUnsettled(historyOf(records))).toBe(unsettled);
  });
});
