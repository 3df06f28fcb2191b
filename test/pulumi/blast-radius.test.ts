import { describe, expect, test } from "@jest/globals";
import { editionOf } from "../../providers/pulumi/edition.ts";
import { auditedRecord, foreign } from "../support/fakes-audit.ts";
import { ANDROID } from "../support/fakes-devices.ts";
import { AT, begun, finished, intent, outcome, result } from "../support/fakes-records.ts";
import { jobOf } from "../support/fakes-requests.ts";
import { type Folder, refusalsOf, request } from "../support/fakes-resolved.ts";

const HOUR = 3_600_000;

const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));
const wipe = (index: number) => request(["wipe"], { name: `wipe-${index}`, device: { id: `id-${index}` } });
const phone = (index: number) => ({ ...ANDROID, id: `id-${index}`, serialNumber: `SERIAL-${index}` });
const hoursAgo = (hours: number) => new Date(Date.parse(AT) - hours * HOUR).toISOString();

/** Requests that are not in the files any more. */
const done = (count: number, hours: number) =>
  many(count, (index) =>
    intent(0, {
      key: `done-${index}#1`,
      at: hoursAgo(hours),
      device: { id: `other-${index}`, serialNumber: null, enrolledDateTime: null },
    }),
  );

const codesOf = async (folder: Folder) => (await refusalsOf(folder)).map(({ code }) => code);

describe("how many requests may destroy data in 24 hours", () => {
  test.each([
    [5, 0, 5, []],
    [6, 0, 5, ["DLR404"]],
    [1, 4, 5, []],
    [1, 5, 5, ["DLR404"]],
    [0, 9, 5, []],
    [1, 0, 0, ["DLR404"]],
  ])("%i new ones, %i of today, at most %i: %j", async (coming, today, maxDestructive, expected) => {
    const folder = { requests: many(coming, wipe), devices: many(coming, phone), records: done(today, 3), settings: { maxDestructive } };

    expect(await codesOf(folder)).toEqual(expected);
  });

  test.each([
    [false, 4, []],
    [true, 4, ["DLR404"]],
    [true, 3, []],
  ])("with what others did (countForeign %j), %i of them: %j", async (countForeign, others, expected) => {
    const foreigners = many(others, (index) => foreign({ event: `e${index}`, at: hoursAgo(1), device: `stranger-${index}` }));
    const records = [auditedRecord({ at: AT, foreign: foreigners })];

    expect(await codesOf({ requests: [wipe(0), wipe(1)], devices: many(2, phone), records, settings: { countForeign } })).toEqual(expected);
  });

  test("counts nothing that up would not do: what is expired, and what followOnly leaves alone", async () => {
    const late = many(6, (index) => ({ ...wipe(index), expires: "2026-11-01" }));
    const devices = many(6, phone);

    expect(await codesOf({ requests: late, devices })).toEqual([]);
    expect(await codesOf({ requests: many(6, wipe), devices, settings: { followOnly: true } })).toEqual([]);
    expect(await codesOf({ requests: late, devices, records: done(5, 3), settings: { maxDestructive: 2 } })).toEqual([]);
  });

  test("does not count what is not reviewed, but of other shards, whose reviews nobody knows here", async () => {
    const folder = { requests: many(6, wipe), devices: many(6, phone) };
    const notOf = (name: string) => (plan: { readonly key: string }) => (plan.key === `${name}#1` ? "it is not in the review" : null);
    const elsewhere = { ...folder, unreviewed: () => "it is not in the review", settings: { maxDestructive: 0 } };

    expect(await codesOf({ ...folder, unreviewed: notOf("wipe-3") })).toEqual([]);
    expect(await codesOf({ ...folder, unreviewed: notOf("another") })).toEqual(["DLR404"]);
    expect(await codesOf({ ...elsewhere, settings: { maxDestructive: 0, shard: { index: 1, of: 2 } } })).toEqual(["DLR404"]);
  });

  test("is counted over a rolling day", async () => {
    const one = { requests: [wipe(0)], devices: [phone(0)] };

    expect(await codesOf({ ...one, records: done(5, 25) })).toEqual([]);
    expect(await codesOf({ ...one, records: done(5, 24) })).toEqual(["DLR404"]);
  });

  test.each([1, 2])("is counted over the requests of all shards, and refused in shard %i of 2", async (index) => {
    const folder = { requests: many(6, wipe), devices: many(6, phone), settings: { shard: { index, of: 2 } } };

    expect(await codesOf(folder)).toEqual(["DLR404"]);
  });

  test("is counted once per request: one that was sent today is not new as well", async () => {
    const { plan } = jobOf(wipe(0), phone(0));
    const records = [begun(plan), intent(0, { key: plan.key, at: hoursAgo(1), device: plan.device })];

    expect(await codesOf({ requests: many(5, wipe), devices: many(5, phone), records })).toEqual([]);
  });

  test("counts what was begun and has not destroyed anything yet, such as a code that was escrowed days ago", async () => {
    const { plan } = jobOf(request(["escrowBypassCode", "wipe"], { name: "wipe-0", device: { id: "id-0" } }), phone(0));
    const requests = [request(["escrowBypassCode", "wipe"], { name: "wipe-0", device: { id: "id-0" } }), ...many(6, wipe).slice(1)];
    const records = [begun(plan, { at: hoursAgo(72) }), finished(0, "done", { key: plan.key, at: hoursAgo(72) })];

    const refusals = await refusalsOf({ requests, devices: many(6, phone), records });

    expect(refusals.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^0 requests destroyed data in the last 24 hours, 6 more would/),
    ]);
  });

  test("is not counted of what destroys nothing, nor of what has ended", async () => {
    const sync = many(20, (index) => request(["syncDevice"], { name: `sync-${index}` }));
    const records = [outcome("failed", { key: "wipe-0#1", edition: editionOf(wipe(0)) })];

    expect(await codesOf({ requests: [...sync, wipe(0)], records, settings: { maxDestructive: 0 } })).toEqual([]);
  });

  test("is told with what was counted, and the command that changes it, at the steps of the first", async () => {
    const [refusal] = await refusalsOf({ requests: many(4, wipe), devices: many(4, phone), records: done(3, 2) });

    expect(refusal).toMatchObject({
      code: "DLR404",
      message: "3 requests destroyed data in the last 24 hours, 4 more would, and maxDestructive is 5",
      hint: expect.stringContaining("config set maxDestructive 7"),
      location: { line: 13, column: 7 },
    });
  });
});

describe("how many requests may lock people out in 24 hours", () => {
  const lock = (index: number) => request(["resetPasscode"], { name: `lock-${index}`, device: { id: `id-${index}` } });
  const locked = (count: number, hours: number) => done(count, hours).map((one) => ({ ...one, action: "remoteLock", destroysData: false }));

  test.each([
    [50, 0, undefined, []],
    [51, 0, undefined, ["DLR408"]],
    [1, 49, undefined, []],
    [1, 50, undefined, ["DLR408"]],
    [0, 90, undefined, []],
    [1, 0, 0, ["DLR408"]],
    [60, 40, 100, []],
  ])("%i new ones, %i of today, at most %j: %j", async (coming, today, maxDisruptive, expected) => {
    const settings = maxDisruptive === undefined ? {} : { maxDisruptive };

    expect(await codesOf({ requests: many(coming, lock), devices: many(coming, phone), records: locked(today, 3), settings })).toEqual(
      expected,
    );
  });

  test("is counted over a rolling day and over all shards, by itself: what destroys data has a limit of its own", async () => {
    const shard = { requests: many(51, lock), devices: many(51, phone), settings: { shard: { index: 1, of: 2 } } };
    const destroyed = { requests: [lock(0)], devices: [phone(0)], records: done(99, 3), settings: { maxDisruptive: 1 } };
    const both = many(5, (index) => request(["remoteLock", "wipe"], { name: `both-${index}`, device: { id: `id-${index}` } }));

    expect(await codesOf({ requests: [lock(0)], devices: [phone(0)], records: locked(50, 25) })).toEqual([]);
    expect(await codesOf(shard)).toEqual(["DLR408"]);
    expect(await codesOf(destroyed)).toEqual([]);
    expect(await codesOf({ requests: both, devices: many(5, phone), settings: { maxDisruptive: 0 } })).toEqual([]);
  });

  test("counts a request of two such steps once, and one that was sent today not again", async () => {
    const twice = request(["resetPasscode", "remoteLock"], { name: "lock-0", device: { id: "id-0" } });
    const { plan } = jobOf(twice, phone(0));
    const sent = intent(0, { key: plan.key, at: hoursAgo(1), device: plan.device, action: "resetPasscode", destroysData: false });
    const folder = { requests: [twice, ...many(2, lock).slice(1)], devices: many(2, phone), records: [begun(plan), sent] };

    expect(await codesOf({ ...folder, settings: { maxDisruptive: 2 } })).toEqual([]);
    expect(await codesOf({ ...folder, settings: { maxDisruptive: 1 } })).toEqual(["DLR408"]);
  });

  test("counts nothing that up would not do", async () => {
    const late = many(60, (index) => ({ ...lock(index), expires: "2026-11-01" }));

    expect(await codesOf({ requests: late, devices: many(60, phone) })).toEqual([]);
    expect(await codesOf({ requests: many(60, lock), devices: many(60, phone), settings: { followOnly: true } })).toEqual([]);
  });

  test("is told beside too many wipes, each with its totals, at the steps of the first", async () => {
    const refusals = await refusalsOf({ requests: [...many(6, wipe), ...many(51, lock)], devices: many(51, phone), records: locked(3, 2) });

    expect(refusals.map(({ code }) => code).sort()).toEqual(["DLR404", "DLR408"]);
    expect(refusals.find(({ code }) => code === "DLR408")).toMatchObject({
      message: "3 requests locked people out in the last 24 hours, 51 more would, and maxDisruptive is 50",
      hint: expect.stringContaining("config set maxDisruptive 54"),
      location: { line: 13, column: 7 },
    });
  });
});

describe("how often an action may be sent in 24 hours, where Intune says how often", () => {
  const retire = (index: number) => request(["retire"], { name: `retire-${index}`, device: { id: `id-${index}` } });
  const settings = { maxDestructive: 100_000 };
  const folder = (coming: number, today: number, hours = 3) => ({
    requests: many(coming, wipe),
    devices: many(coming, phone),
    records: done(today, hours),
    settings,
  });

  test.each([
    [2, 498, []],
    [2, 499, ["DLR407"]],
    [500, 0, []],
    [501, 0, ["DLR407"]],
    [0, 900, []],
  ])("%i wipes to come, %i sent: %j", async (coming, today, expected) => {
    expect(await codesOf(folder(coming, today))).toEqual(expected);
  });

  test("is counted over a rolling day, for each action by itself, and every time that it was sent", async () => {
    const again = done(300, 3).map((record) => ({ ...record, attempt: 2 }));

    expect(await codesOf(folder(2, 499, 25))).toEqual([]);
    expect(await codesOf({ ...folder(0, 499), requests: many(3, retire), devices: many(3, phone) })).toEqual([]);
    expect(await codesOf({ ...folder(2, 0), records: [...done(300, 3), ...again] })).toEqual(["DLR407"]);
  });

  test("counts what was begun and is still to be sent, once", async () => {
    const { plan } = jobOf(wipe(0), phone(0));
    const unsent = [begun(plan)];
    const accepted = [...unsent, intent(0, { key: plan.key, device: plan.device }), result(0, "accepted", { key: plan.key })];

    expect(await codesOf({ ...folder(2, 499), records: [...done(499, 3), ...unsent] })).toEqual(["DLR407"]);
    expect(await codesOf({ ...folder(2, 498), records: [...done(498, 3), ...accepted] })).toEqual([]);
  });

  test("has no limit where Intune names none", async () => {
    const syncs = many(600, (index) => request(["syncDevice"], { name: `sync-${index}`, device: { id: `id-${index}` } }));

    expect(await codesOf({ requests: syncs, devices: many(600, phone), settings })).toEqual([]);
  });

  test("is told with the figures and where the limit is from, at the steps of the first", async () => {
    const [refusal] = await refusalsOf(folder(4, 499));

    expect(refusal).toMatchObject({
      code: "DLR407",
      message: "wipe would be sent 4 times, it was sent 499 times in the last 24 hours, and Intune takes 500 a day from a tenant",
      hint: expect.stringMatching(/leave 3 of these for another day; the limit: https:\/\/learn\.microsoft\.com/),
      location: { line: 13, column: 7 },
    });
  });
});
