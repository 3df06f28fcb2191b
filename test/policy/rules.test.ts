import { describe, expect, test } from "@jest/globals";
import { deviceRule } from "../../policy/device-rule.ts";
import { expiryRule } from "../../policy/expiry-rule.ts";
import { freezeRule } from "../../policy/freeze-rule.ts";
import type { Window } from "../../policy/freeze-window.ts";
import { authorRule, twoPersonRule } from "../../policy/people-rules.ts";
import { playbookRule } from "../../policy/playbook-rule.ts";
import type { RequestInputs } from "../../policy/request-inputs.ts";
import type { RunFacts } from "../../policy/rule.ts";
import { ticketRule } from "../../policy/ticket-rule.ts";

const WIPE: RequestInputs = {
  name: "leaver",
  source: "devices/requests/a.yaml:3",
  ticket: "INC-4711",
  expires: "2026-12-01",
  playbook: "unlock-and-wipe",
  destructive: true,
  device: { id: "00000000-0000-4000-8000-00000000000A", serialNumber: "DMPX K2abc" },
};
const SYNC: RequestInputs = { ...WIPE, name: "sync", destructive: false, expires: null, playbook: null };
const RUN: RunFacts = { now: Date.parse("2026-11-27T12:00:00Z"), isPreview: false, destroying: [], authorsOf: () => [], approvers: [] };

describe("ticket", () => {
  const judge = (changes: Partial<RequestInputs>, settings: Partial<Parameters<typeof ticketRule.judge>[1]> = {}) =>
    ticketRule.judge({ ...WIPE, ...changes }, { about: "destructive", pattern: "\\S", ...settings }, RUN);

  test("has to be there, in the organisation's form", () => {
    expect(judge({})).toEqual([]);
    expect(judge({ ticket: null })).toEqual(["leaver names no ticket: write `ticket:` below its reason"]);
    expect(judge({ ticket: "CHG-1" }, { pattern: "^INC-[0-9]+$" })).toEqual(["the ticket of leaver does not match ^INC-[0-9]+$: CHG-1"]);
    expect(judge({ ticket: "INC-12" }, { pattern: "^INC-[0-9]+$" })).toEqual([]);
  });

  test("of what destroys, unless all is said", () => {
    expect(judge({ ticket: null, destructive: false })).toEqual([]);
    expect(() => judge({ destructive: false }, { pattern: "(" })).toThrow(
      "the setting pattern of the policy ticket is no regular expression: (",
    );
    expect(judge({ ticket: null, destructive: false }, { about: "all" })).toHaveLength(1);
  });
});

describe("expiry", () => {
  test.each([
    ["2026-12-27", 30, []],
    ["2026-12-28", 30, ["leaver expires 2026-12-28, more than 30 days off: write 2026-12-27 or earlier"]],
    ["2026-11-28", 1, []],
    ["2026-11-29", 1, ["leaver expires 2026-11-29, more than 1 days off: write 2026-11-28 or earlier"]],
    [null, 1, []],
  ])("%s with %d days", (expires, days, expected) => {
    expect(expiryRule.judge({ ...WIPE, expires }, { days }, RUN)).toEqual(expected);
  });
});

describe("freeze", () => {
  const judge = (windows: readonly Window[], now: string, { timeZone = "UTC", request = WIPE, isPreview = false } = {}) =>
    freezeRule.judge(request, { about: "destructive", timeZone, windows }, { ...RUN, now: Date.parse(now), isPreview });
  const CHRISTMAS: Window = { from: "2026-12-20T18:00", to: "2027-01-02T06:00", why: "the year's end" };
  const FRIDAY: Window = { from: "15:00", to: "24:00", weekdays: ["friday"] };

  test("holds from its first minute to the last before its end", () => {
    expect(judge([CHRISTMAS], "2026-12-20T17:59:59Z")).toEqual([]);
    expect(judge([CHRISTMAS], "2026-12-20T18:00:00Z")).toEqual([
      "leaver begins nothing from 2026-12-20T18:00 to 2027-01-02T06:00 (UTC): the year's end",
    ]);
    expect(judge([CHRISTMAS], "2027-01-02T05:59:59Z")).toHaveLength(1);
    expect(judge([CHRISTMAS], "2027-01-02T06:00:00Z")).toEqual([]);
  });

  test("is read by the clock on the wall of its zone, in summer and winter", () => {
    const london = { timeZone: "Europe/London" };
    expect(judge([FRIDAY], "2026-07-03T13:59:00Z", london)).toEqual([]);
    expect(judge([FRIDAY], "2026-07-03T14:00:00Z", london)).toHaveLength(1);
    expect(judge([FRIDAY], "2026-11-27T14:59:00Z", london)).toEqual([]);
    expect(judge([FRIDAY], "2026-11-27T15:00:00Z", london)).toHaveLength(1);
    expect(judge([FRIDAY], "2026-11-27T23:59:59Z", london)).toHaveLength(1);
    expect(judge([FRIDAY], "2026-11-26T15:00:00Z", london)).toEqual([]);
    // Still Thursday in Los Angeles, at 17:00.
    expect(judge([FRIDAY], "2026-11-27T01:00:00Z", { timeZone: "America/Los_Angeles" })).toEqual([]);
    expect(judge([{ from: "00:00", to: "01:00" }], "2026-11-27T00:30:00Z")).toHaveLength(1);
  });

  test("says nothing in a preview, nor of what destroys nothing", () => {
    expect(judge([CHRISTMAS], "2026-12-24T12:00:00Z", { isPreview: true })).toEqual([]);
    expect(judge([CHRISTMAS], "2026-12-24T12:00:00Z", { request: SYNC })).toEqual([]);
  });

  test.each([
    [{ from: "22:00", to: "06:00" }, "UTC", "ends before it begins: one over midnight is two"],
    [{ from: "2026-12-20T18:00", to: "06:00" }, "UTC", "mixes dates and hours"],
    [CHRISTMAS, "Europe/Lodnon", "Invalid time zone specified: Europe/Lodnon"],
  ])("%j in %s is an error, never a freeze that holds nothing", (window, timeZone, text) => {
    expect(() => judge([window], "2026-11-27T12:00:00Z", { timeZone })).toThrow(text);
  });
});

describe("playbooks", () => {
  const judge = (request: RequestInputs, playbooks?: readonly string[], ownSteps = false) =>
    playbookRule.judge(request, { about: "destructive", ownSteps, ...(playbooks === undefined ? {} : { playbooks }) }, RUN);

  test("of the list alone; steps of its own only where that is said", () => {
    expect(judge(WIPE)).toEqual([]);
    expect(judge(WIPE, ["unlock-and-wipe"])).toEqual([]);
    expect(judge(WIPE, ["wipe-only", "other"])).toEqual(["leaver uses the playbook unlock-and-wipe: use one of wipe-only, other"]);
    expect(judge({ ...WIPE, playbook: null }, ["other"])).toEqual(["leaver has steps of its own: use one of other"]);
    expect(judge({ ...WIPE, playbook: null }, ["other"], true)).toEqual([]);
    expect(judge(SYNC, ["other"])).toEqual([]);
  });
});

describe("devices", () => {
  const judge = (settings: Partial<Parameters<typeof deviceRule.judge>[1]>, request = WIPE) =>
    deviceRule.judge(request, { about: "destructive", serialNumbers: [], ids: [], ...settings }, RUN);

  test("by serial number or id, in any spelling", () => {
    expect(judge({})).toEqual([]);
    expect(judge({ serialNumbers: ["dmpxk2ABC"] })).toEqual(["leaver is about DMPX K2abc, which no request may touch"]);
    expect(judge({ ids: [WIPE.device.id.toLowerCase()] })).toHaveLength(1);
    expect(judge({ serialNumbers: ["OTHER"], ids: ["other"] })).toEqual([]);
    expect(judge({ serialNumbers: ["dmpxk2ABC"] }, SYNC)).toEqual([]);
    expect(judge({ serialNumbers: [""] }, { ...WIPE, device: { ...WIPE.device, serialNumber: null } })).toEqual([]);
  });
});

describe("two persons", () => {
  type People = Partial<RunFacts> & { readonly authors?: readonly string[] };
  const judge = ({ authors = [], ...people }: People, { isOn = true, request = WIPE } = {}) =>
    twoPersonRule.judge(request, { about: "destructive", isOn }, { ...RUN, authorsOf: () => authors, ...people });

  test("somebody else than the author approved it", () => {
    expect(judge({ authors: ["anna"], approvers: ["ben"] })).toEqual([]);
    expect(judge({ authors: ["anna"], approvers: ["anna", "ben"] })).toEqual([]);
    expect(judge({ authors: ["anna"], approvers: ["anna"] })).toEqual(["leaver was approved by its author alone: anna"]);
    expect(judge({ authors: ["anna", "ben"], approvers: ["ben"] })).toHaveLength(1);
  });

  test("nobody known is nobody other", () => {
    expect(judge({ approvers: ["ben"] })).toEqual([
      "nobody knows who wrote leaver: the review says so after dlr people authors, or CI in DEVICE_LIFECYCLE_AUTHORS",
    ]);
    expect(judge({ authors: ["anna"] })).toEqual([
      "nobody approved leaver: CI says so in DEVICE_LIFECYCLE_APPROVERS, which dlr people approvers writes",
    ]);
  });

  test("is off unless set, and says nothing in a preview, nor of what destroys nothing", () => {
    expect(judge({}, { isOn: false })).toEqual([]);
    expect(judge({ isPreview: true })).toEqual([]);
    expect(judge({}, { request: SYNC })).toEqual([]);
  });
});

describe("one author", () => {
  const judge = (name: string, destructive?: number, authors: readonly string[] = ["anna"]) =>
    authorRule.judge({ ...WIPE, name }, destructive === undefined ? {} : { destructive }, {
      ...RUN,
      authorsOf: () => authors,
      destroying: ["leaver", "two"],
    });

  test("destroys the data of few devices in one run", () => {
    expect(judge("two")).toEqual([]);
    expect(judge("two", 2)).toEqual([]);
    expect(judge("leaver", 1)).toEqual([]);
    expect(judge("two", 1)).toEqual([
      "two is number 2 of the new requests of anna in this run that destroy data, and one author may have 1",
    ]);
    expect(judge("leaver", 0, [])).toEqual([
      "leaver is number 1 of the new requests of an author whom CI does not name in this run that destroy data, and one author may have 0",
    ]);
    expect(judge("sync", 0)).toEqual([]);
  });

  test("has its own requests counted, and those whose author nobody knows", () => {
    const destroying = ["one", "bens", "nobodys", "two"];
    const authors: Readonly<Record<string, readonly string[]>> = { one: ["anna"], bens: ["ben"], nobodys: [], two: ["anna", "cleo"] };
    const judgeAll = (destructive: number) =>
      destroying.flatMap((name) =>
        authorRule.judge({ ...WIPE, name }, { destructive }, { ...RUN, destroying, authorsOf: (request) => authors[request] ?? [] }),
      );
    const told = (name: string, place: number, who: string, most: number) =>
      `${name} is number ${place} of the new requests of ${who} in this run that destroy data, and one author may have ${most}`;

    expect(judgeAll(3)).toEqual([]);
    expect(judgeAll(2)).toEqual([told("nobodys", 3, "an author whom CI does not name", 2), told("two", 3, "anna", 2)]);
    expect(judgeAll(1)).toEqual([
      told("nobodys", 3, "an author whom CI does not name", 1),
      told("two", 3, "anna", 1),
      told("two", 2, "cleo", 1),
    ]);
  });
});
