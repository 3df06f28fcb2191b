import { describe, expect, test } from "@jest/globals";
import { editionOf } from "../../providers/pulumi/edition.ts";
import { ANDROID } from "../support/fakes-devices.ts";
import { AT, begun, intent, outcome } from "../support/fakes-records.ts";
import { jobOf } from "../support/fakes-requests.ts";
import { type Folder, refusalsOf, request } from "../support/fakes-survey.ts";

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

  test("is not counted of what destroys nothing, nor of what has ended", async () => {
    const sync = many(20, (index) => request(["syncDevice"], { name: `sync-${index}` }));
    const records = [outcome("failed", { key: "wipe-0#1", edition: editionOf(wipe(0)) })];

    expect(await codesOf({ requests: [...sync, wipe(0)], records, settings: { maxDestructive: 0 } })).toEqual([]);
  });

  test("is told with what was counted, and the command that changes it, at the steps of the first", async () => {
    const [refusal] = await refusalsOf({ requests: many(4, wipe), devices: many(4, phone), records: done(3, 2) });

    expect(refusal).toMatchObject({
      code: "DLR404",
      message: "4 new requests would destroy data, 3 did in the last 24 hours, and maxDestructive is 5",
      hint: expect.stringContaining("config set maxDestructive 7"),
      location: { line: 13, column: 7 },
    });
  });
});
