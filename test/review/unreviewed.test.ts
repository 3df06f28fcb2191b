import { describe, expect, test } from "@jest/globals";
import type { Plan } from "../../providers/domain/plan.ts";
import { planOf } from "../../review/plan-of.ts";
import type { Review } from "../../review/review.ts";
import { type RunPlace, unreviewed } from "../../review/unreviewed.ts";
import { AT } from "../support/fakes-records.ts";
import { reviewed, reviewOf } from "../support/fakes-review.ts";

const WIPE = reviewed([{ action: "wipe", parameters: { keepEnrollmentData: false } }]);
const PLAN = planOf(WIPE);
const REVIEW = reviewOf([WIPE]);
const RUN: RunPlace = {
  graph: "https://graph.microsoft.com",
  tenant: "11111111-2222-3333-4444-555555555555",
  ledger: { place: "https://contoso.blob.core.windows.net/ledger", made: "2026-01-01T00:00:00.000Z" },
};
const NOW = Date.parse(AT);
const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

const ask = (changes: { plan?: Partial<Plan>; run?: Partial<RunPlace>; review?: Partial<Review>; after?: number }) =>
  unreviewed({ ...REVIEW, ...changes.review }, { ...PLAN, ...changes.plan }, { ...RUN, ...changes.run }, NOW + (changes.after ?? 0));

describe("what was reviewed", () => {
  test.each<[string, Parameters<typeof ask>[0]]>([
    ["as it is", {}],
    ["a moment before a week is over", { after: 7 * DAY }],
    ["on a machine whose clock is half an hour ahead", { after: -HOUR / 2 }],
    ["under another playbook's name: the steps are what is sent", { plan: { playbook: "my-own" } }],
    ["before there was a ledger", { review: { ledger: { place: RUN.ledger.place, made: null } } }],
  ])("may be done %s", (_, changes) => {
    expect(ask(changes)).toBeNull();
  });
});

describe("what differs from the review is held, and told", () => {
  const { device, steps } = PLAN;
  const [step] = steps;

  test.each<[string, Partial<Plan>, RegExp]>([
    ["another device", { device: { ...device, id: "00000000-0000-0000-0000-000000000001" } }, /device: .* → .*0000001/],
    ["another serial number", { device: { ...device, serialNumber: "OTHER" } }, /serial number: .* → OTHER/],
    ["another enrolment", { device: { ...device, enrolledDateTime: "2026-11-20T11:59:00Z" } }, /enrolled: .* → 2026-11-20T11:59:00Z/],
    ["an enrolment that nobody knows", { device: { ...device, enrolledDateTime: null } }, /enrolled: .* → unknown/],
    ["another parameter", { steps: [{ index: 0, action: "wipe", parameters: { keepEnrollmentData: true } }] }, /steps: .*false.* → .*true/],
    ["one step more", { steps: [...steps, { index: 1, action: "delete", parameters: {} }] }, /steps: \[wipe .*\] → \[wipe .*, delete\]/],
    ["another action", { steps: [{ index: 0, action: "retire", parameters: {} }] }, /steps: .* → \[retire\]/],
    ["another path", { path: { kind: "user", user: "anna" } }, /path: managedDevices → user/],
    ["the same path to another user's device", { path: { kind: "user", user: "anna" }, steps: step === undefined ? [] : [step] }, /path: /],
  ])("%s", (_, plan, why) => {
    expect(ask({ plan })).toMatch(new RegExp(`^what would be sent differs from the review of ${AT}: ${why.source}`));
  });

  test.each<[string, Partial<Plan>]>([
    ["another request", { key: "wipe-two#1" }],
    ["another generation", { key: "wipe-one#2" }],
  ])("%s is not in it", (_, plan) => {
    expect(ask({ plan })).toBe(`${plan.key} is not in the review of ${AT}`);
  });
});

describe("no review is", () => {
  test.each<[string, Parameters<typeof ask>[0], RegExp]>([
    [
      "one of another Graph",
      { run: { graph: "https://graph.microsoft.us" } },
      /is of https:\/\/graph\.microsoft\.com, tenant 1.*, and this run is of https:\/\/graph\.microsoft\.us/,
    ],
    ["one of a double of Graph", { review: { graph: "double", tenant: null } }, /a double of Graph on this machine, and this run/],
    ["one of another tenant", { run: { tenant: "22222222-2222-3333-4444-555555555555" } }, /tenant 1.* tenant 2/],
    ["one whose tenant nobody could tell", { review: { tenant: null } }, /is of https:\/\/graph\.microsoft\.com, and/],
    [
      "one of another ledger",
      { run: { ledger: { ...RUN.ledger, place: "file:ledger" } } },
      /is of the ledger .*, and this run has file:ledger/,
    ],
    [
      "one of a ledger that was made anew",
      { run: { ledger: { ...RUN.ledger, made: "2026-02-01T00:00:00.000Z" } } },
      /made 2026-01.* made 2026-02/,
    ],
    ["one of no ledger", { review: { ledger: null } }, /the ledger of no place/],
    ["one older than a week", { after: 7 * DAY + 1 }, /older than 7 days/],
    ["one of no time", { review: { at: "yesterday" } }, /older than 7 days/],
    ["one of tomorrow", { after: -DAY }, /still to come/],
    [
      "one that was refused",
      { review: { refusals: [{ code: "DLR301", message: "none", hint: null, file: null, line: null, column: null }] } },
      /its preview was refused/,
    ],
  ])("%s", (_, changes, why) => {
    expect(ask(changes)).toMatch(why);
    expect(ask(changes)).toMatch(/^the review of \S+ is none of this run: /);
  });
});
