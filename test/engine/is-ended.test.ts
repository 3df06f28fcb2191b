import { describe, expect, test } from "@jest/globals";
import type { RequestRecord } from "../../providers/domain/ledger-record.ts";
import { isEnded } from "../../providers/engine/is-ended.ts";
import { begun, finished, outcome, repeated } from "../support/fakes-records.ts";

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
  { name: "succeeded, and begun anew", records: [outcome("succeeded"), repeated()], ended: false },
  { name: "begun anew and succeeded again", records: [outcome("succeeded"), repeated(), outcome("succeeded")], ended: true },
];

describe("a request that needs its device no more", () => {
  test.each(ROWS)("$name: $ended", ({ records, edition = "edition-1", ended }) => {
    expect(isEnded(records, edition)).toBe(ended);
  });
});
