import { describe, expect, test } from "@jest/globals";
import { LedgerError } from "../../providers/domain/errors.ts";
import { CHAIN_START, formatLine } from "../../providers/ledger/ledger-line.ts";
import { escrowed, intent, outcome, result } from "../contract/sample-records.ts";
import { type LedgerFolder, ledgerFolder } from "./ledger-folder-fixture.ts";

const RECORDS = [intent("a#1"), result("a#1"), escrowed("a#1"), outcome("a#1")];

/** Every door to the ledger is shut: to readers and to writers alike. */
async function expectRefused(place: LedgerFolder, text: RegExp): Promise<void> {
  const before = await place.bytes();
  for (const attempt of [
    () => place.open().read(),
    () => place.open().recordsOf("a#1"),
    () => place.open().facts(),
    () => place.open().append(intent("b#1")),
    () => place.open().withDevice("A", async () => undefined),
  ]) {
    const error: unknown = await attempt().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LedgerError);
    expect(String(error)).toMatch(text);
  }
  expect(await place.bytes()).toEqual(before);
}

async function changedLines(change: (lines: string[]) => string[]): Promise<LedgerFolder> {
  const place = await ledgerFolder();
  await place.write(RECORDS);
  const lines = (await place.bytes()).toString().trimEnd().split("\n");
  await place.setBytes(`${change(lines).join("\n")}\n`);
  return place;
}

describe("a ledger that cannot be relied on stops everything", () => {
  test("when a line in the middle is not one of a ledger", async () => {
    const place = await changedLines((lines) => lines.with(2, "garbage"));

    await expectRefused(place, /line 3 of .*ledger\.jsonl/);
  });

  test("when one letter of a line was changed, the last line included", async () => {
    for (const index of [1, 4]) {
      const place = await changedLines((lines) => lines.with(index, String(lines[index]).replace("2026", "2025")));

      await expectRefused(place, new RegExp(`line ${index + 1} .*checksum`));
    }
  });

  test("when a line was taken out, or two changed places", async () => {
    const shorter = await changedLines((lines) => lines.toSpliced(2, 1));
    const swapped = await changedLines((lines) => [0, 1, 3, 2, 4].map((index) => String(lines[index])));

    await expectRefused(shorter, /line 3 .*number 4 where 3 belongs/);
    await expectRefused(swapped, /line 3 /);
  });

  test("when a hole is in the middle", async () => {
    const place = await changedLines((lines) => lines.with(2, "\0".repeat(String(lines[2]).length)));

    await expectRefused(place, /line 3 /);
  });

  test("when its first line is not the one that makes a ledger", async () => {
    const place = await ledgerFolder();
    await place.write([]);
    await place.setBytes(`${formatLine(CHAIN_START, JSON.stringify(intent("a#1"))).text}\n`);

    await expectRefused(place, /line 1 /);
  });

  test("when it begins a second time: two ledgers were put together", async () => {
    const place = await changedLines((lines) => [...lines, nextLine(lines, { kind: "created", version: 1, at: "now" })]);

    await expectRefused(place, /begins with one record of kind created/);
  });

  test("when a newer version wrote it", async () => {
    const unknownKind = await changedLines((lines) => [...lines, nextLine(lines, { kind: "teleported", key: "a#1", at: "now" })]);
    const newerVersion = await ledgerFolder();
    await newerVersion.write([]);
    await newerVersion.setBytes(`${formatLine(CHAIN_START, JSON.stringify({ kind: "created", version: 3, at: "now" })).text}\n`);

    await expectRefused(unknownKind, /newer version.*teleported/);
    await expectRefused(newerVersion, /newer version.*version 3/);
  });

  test("when a record lacks what reading relies on", async () => {
    const place = await changedLines((lines) => [...lines, nextLine(lines, { kind: "intent", key: "a#1", at: "now", step: "0" })]);

    await expectRefused(place, /intent without a right step/);
  });
});

test("a record that could not be read back is not written", async () => {
  const place = await ledgerFolder();
  await place.write([]);
  const ledger = place.open();
  const { step: _, ...broken } = intent("a#1");

  await expect(ledger.append(broken as never)).rejects.toThrow(LedgerError);
  await ledger.append(intent("b#1"));

  expect(await place.records()).toEqual([intent("b#1")]);
  await ledger.close();
});

/** A line with a right number and checksum, for any record. */
function nextLine(lines: readonly string[], record: object): string {
  const { seq, sum } = JSON.parse(String(lines.at(-1))) as { seq: number; sum: string };
  return formatLine({ sequence: seq, checksum: sum }, JSON.stringify(record)).text;
}
