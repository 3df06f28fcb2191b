import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { LedgerError } from "../../../providers/domain/errors.ts";
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from "../../../providers/ledger/checkpoint.ts";
import { isCheckpointDue } from "../../../providers/ledger/checkpoint-due.ts";
import { intent, outcome, result } from "../../contract/sample-records.ts";
import { ledgerFolder } from "../ledger-folder-fixture.ts";

const RECORDS = [intent("a#1"), result("a#1"), outcome("a#1"), intent("b#1"), result("b#1")];

/** An index that nobody of ours writes, with a right digest. */
async function forged(change: (sound: Checkpoint) => Partial<Checkpoint>) {
  const place = await ledgerFolder();
  await place.write(RECORDS);
  const ledger = place.open({ checkpointEvery: 1 });
  await ledger.withDevice("A", async () => undefined);
  await ledger.close();
  const index = join(place.folder, "ledger.index");
  const sound = parseCheckpoint(await readFile(index));
  if (sound === null) throw new TypeError("there is no index");
  await writeFile(index, formatCheckpoint({ ...sound, ...change(sound) }));
  return place;
}

const swap = ([first = 0, ...others]: Iterable<number>) => Uint32Array.from([...others, first]);

test.each<[string, (sound: Checkpoint) => Partial<Checkpoint>]>([
  ["leads to lines of another request", ({ lines }) => ({ lines: swap(lines) })],
  ["cuts a line in two", ({ ends }) => ({ ends: ends.map((end, line) => (line === 4 ? end - 5 : end)) })],
  ["leads behind the ledger", ({ lines }) => ({ lines: lines.map((line) => line + 100) })],
])("an index that %s lets nothing be read", async (_, change) => {
  const place = await forged(change);

  const asks = async () => (await place.open().facts()).recordsOf("a#1");

  await expect(asks()).rejects.toThrow(LedgerError);
  await expect(place.open().inspect()).rejects.toThrow(/fits .* and leads to other records/);
});

test.each<[string, (sound: Checkpoint) => Partial<Checkpoint>]>([
  ["hides a request", ({ keys }) => ({ keys: keys.replace("a#1", "x#1") })],
  ["hides a device", () => ({ deviceIds: "x", deviceSerials: "y", deviceOwners: Uint32Array.of(0) })],
  ["hides when it was", ({ latest }) => ({ latest: latest.map(() => 0) })],
])("verify refuses an index that %s", async (_, change) => {
  const place = await forged(change);

  await expect(place.open().inspect()).rejects.toThrow(/fits .* and leads to other records/);
});

test.each<[string, (sound: Checkpoint) => Partial<Checkpoint>]>([
  ["says that it ends elsewhere", ({ position }) => ({ position: { ...position, checksum: "0".repeat(32) } })],
  ["cuts its last line in two", ({ ends }) => ({ ends: ends.map((end, line) => (line === 5 ? end - 5 : end)) })],
  ["has a table too short", ({ lines }) => ({ lines: lines.slice(1) })],
  ["has a table too long", ({ starts }) => ({ starts: Uint32Array.of(...starts, starts.at(-1) ?? 0) })],
  ["names a request twice", ({ keys }) => ({ keys: keys.replace("b#1", "a#1") })],
])("an index that %s is passed over", async (_, change) => {
  const place = await forged(change);

  const reading = await place.open().read();

  expect(reading.records.slice(1)).toEqual(RECORDS);
  expect(reading.note).toContain("is of no use");
});

test.each([
  ["a short ledger", 1_000, 0, false],
  ["a ledger that has none", 1_048_576, 0, true],
  ["a little behind it", 40_000_000, 39_000_000, false],
  ["as much behind it as is worth it", 40_000_000, 37_500_000, true],
])("an index is due: %s", (_, bytes, passedOver, isDue) => {
  expect(isCheckpointDue(bytes, passedOver, 1_048_576)).toBe(isDue);
});
