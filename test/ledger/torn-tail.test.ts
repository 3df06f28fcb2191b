import { readFile, stat } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { LedgerError } from "../../providers/domain/errors.ts";
import { escrowed, intent, outcome, result } from "../contract/sample-records.ts";
import { ledgerFolder } from "./ledger-folder-fixture.ts";

const RECORDS = [intent("a#1"), result("a#1", { detail: "größer 😀" }), escrowed("a#1"), outcome("b#1")];

describe("a ledger whose last write was torn by a crash", () => {
  test("reads up to the last whole record, wherever the crash cut", async () => {
    const place = await ledgerFolder();
    await place.write(RECORDS);
    const whole = await place.bytes();
    const lastLine = whole.lastIndexOf("\n", whole.length - 2) + 1;

    for (let cut = lastLine; cut < whole.length; cut++) {
      await place.setBytes(whole.subarray(0, cut));

      expect(await place.records()).toEqual(RECORDS.slice(0, -1));
    }
  });

  test("is repaired when it is opened for writing, wherever the crash cut, and the torn bytes are kept", async () => {
    const place = await ledgerFolder();
    await place.write(RECORDS.slice(0, 2));
    const whole = await place.bytes();
    const lastLine = whole.lastIndexOf("\n", whole.length - 2) + 1;

    for (let cut = lastLine + 1; cut < whole.length; cut += 7) {
      await place.setBytes(whole.subarray(0, cut));
      const before = new Set(await place.tornFiles());
      const ledger = place.open();
      await ledger.append(outcome("c#1"));
      await ledger.close();

      expect(await place.records()).toEqual([RECORDS[0], outcome("c#1")]);
      const [evidence] = (await place.tornFiles()).filter((path) => !before.has(path));
      expect(await readFile(String(evidence))).toEqual(whole.subarray(lastLine, cut));
      expect((await stat(String(evidence))).mode & 0o777).toBe(0o600);
    }
  });

  test("is repaired when the end of the write reached the disk and its beginning did not", async () => {
    const place = await ledgerFolder();
    await place.write(RECORDS);
    const whole = await place.bytes();
    const lastLine = whole.lastIndexOf("\n", whole.length - 2) + 1;
    whole.fill(0, lastLine, lastLine + 40);
    await place.setBytes(whole);

    expect(await place.records()).toEqual(RECORDS.slice(0, -1));
    const ledger = place.open();
    await ledger.append(outcome("c#1"));

    expect(await place.records()).toEqual([...RECORDS.slice(0, -1), outcome("c#1")]);
    await ledger.close();
  });

  test("is left as it is by readers", async () => {
    const place = await ledgerFolder();
    await place.write(RECORDS);
    const torn = (await place.bytes()).subarray(0, -5);
    await place.setBytes(torn);

    await place.records();

    expect(await place.bytes()).toEqual(torn);
    expect(await place.tornFiles()).toEqual([]);
  });

  test("replays every byte prefix to a prefix of its records, and goes on from there", async () => {
    const place = await ledgerFolder();
    await place.write(RECORDS);
    const whole = await place.bytes();
    const firstLine = whole.indexOf("\n") + 1;

    await fc.assert(
      fc.asyncProperty(fc.integer({ min: firstLine, max: whole.length }), async (length) => {
        await place.setBytes(whole.subarray(0, length));
        const kept = await place.records();
        expect(kept).toEqual(RECORDS.slice(0, kept.length));

        const ledger = place.open();
        await ledger.append(intent("next#1"));
        await ledger.close();

        expect(await place.records()).toEqual([...kept, intent("next#1")]);
      }),
      { numRuns: 60 },
    );
  });

  test("does not exist when not even its first line was written, and is never a fresh start by itself", async () => {
    const place = await ledgerFolder();
    await place.write(RECORDS);
    const whole = await place.bytes();

    for (const length of [0, 1, 30]) {
      await place.setBytes(whole.subarray(0, length));

      expect(await place.open().read()).toMatchObject({ exists: false, records: [] });
      await expect(place.open().append(intent("a#1"))).rejects.toThrow(LedgerError);
      expect((await place.bytes()).length).toBe(length);
    }
  });
});
