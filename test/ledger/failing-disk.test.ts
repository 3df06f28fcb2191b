import { spawnSync } from "node:child_process";
import { open } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { LedgerError } from "../../providers/domain/errors.ts";
import type { AppendFile } from "../../providers/ledger/group-writer.ts";
import { intent, outcome, result } from "../contract/sample-records.ts";
import { ledgerFolder } from "./ledger-folder-fixture.ts";

/** An open file whose disk does as `disk` says, call by call. */
function fileOn(disk: { write?: () => { bytes: number } | Error | null; sync?: () => Error | null | Promise<null> }) {
  return async (path: string): Promise<AppendFile> => {
    const file = await open(path, "a");
    return {
      write: async (bytes, offset, length) => {
        const limit = disk.write?.() ?? null;
        if (limit instanceof Error) throw limit;
        return file.write(bytes, offset, limit === null ? length : Math.min(length, limit.bytes));
      },
      datasync: async () => {
        const failure = (await disk.sync?.()) ?? null;
        if (failure !== null) throw failure;
        await file.datasync();
      },
      stat: () => file.stat(),
      close: () => file.close(),
    };
  };
}

const fullDisk = () => Object.assign(new Error("no space left on device"), { code: "ENOSPC" });

describe("a disk that fails", () => {
  test("half-way through a record: the process says so, stops recording, and the next one repairs", async () => {
    const place = await ledgerFolder();
    await place.write([intent("a#1")]);
    const answers = [{ bytes: 20 }, fullDisk()];
    const ledger = place.open({ openForAppend: fileOn({ write: () => answers.shift() ?? null }) });

    const error: unknown = await ledger.append(result("a#1")).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LedgerError);
    expect(error).toMatchObject({ code: "LEDGER", message: expect.stringContaining("disk is full"), cause: { code: "ENOSPC" } });
    await expect(ledger.append(outcome("a#1"))).rejects.toThrow(/nothing more is recorded or sent/);
    expect(await ledger.recordsOf("a#1")).toEqual([intent("a#1")]);
    await ledger.close();

    const next = place.open();
    await next.append(outcome("a#1"));
    await next.close();
    expect(await place.records()).toEqual([intent("a#1"), outcome("a#1")]);
    expect(await place.tornFiles()).toHaveLength(1);
  });

  test("at the sync: nothing of that moment counts as recorded", async () => {
    const place = await ledgerFolder();
    await place.write([]);
    const failure = Object.assign(new Error("input/output error"), { code: "EIO" });
    const ledger = place.open({ openForAppend: fileOn({ sync: () => failure }) });

    const both = await Promise.allSettled([ledger.append(intent("a#1")), ledger.append(intent("b#1"))]);

    expect(both.map((one) => one.status)).toEqual(["rejected", "rejected"]);
    expect(await ledger.recordsOf("a#1")).toEqual([]);
    await ledger.close();
  });

  test("by taking records in small pieces loses nothing", async () => {
    const place = await ledgerFolder();
    await place.write([]);
    const ledger = place.open({ openForAppend: fileOn({ write: () => ({ bytes: 13 }) }) });

    await ledger.append(intent("a#1"));
    await ledger.append(result("a#1"));
    await ledger.close();

    expect(await place.records()).toEqual([intent("a#1"), result("a#1")]);
  });

  test("for real: a file size limit of the system ends one process, and the records before it stay", async () => {
    const place = await ledgerFolder();
    await place.write([]);
    const script = fileURLToPath(new URL("append-until-refused.ts", import.meta.url));

    const limited = spawnSync("/bin/sh", ["-c", `trap '' XFSZ; ulimit -f 8; exec "$0" "$@"`, process.execPath, script, place.root], {
      encoding: "utf8",
    });

    expect(limited.stderr).toBe("");
    const said = JSON.parse(limited.stdout) as { recorded: number; code: string; message: string; later: string };
    expect(said.code).toBe("LEDGER");
    expect(said.message).toMatch(/the disk is full/);
    expect(said.later).toMatch(/nothing more is recorded or sent/);
    expect(said.recorded).toBeGreaterThan(0);
    expect(await place.records()).toHaveLength(said.recorded);
    const next = place.open();
    await next.append(outcome("a#1"));
    await next.close();
    expect(await place.records()).toHaveLength(said.recorded + 1);
  });
});

describe("records that are appended at once", () => {
  test("share syncs, and none returns before the sync that covers it", async () => {
    const place = await ledgerFolder();
    await place.write([]);
    const gate = Promise.withResolvers<null>();
    let syncs = 0;
    const ledger = place.open({
      openForAppend: fileOn({
        sync: () => {
          syncs += 1;
          return syncs === 1 ? null : gate.promise;
        },
      }),
    });
    const returned: string[] = [];
    const append = async (key: string) => {
      await ledger.append(intent(key));
      returned.push(key);
    };

    const first = append("first#1");
    const others = Array.from({ length: 64 }, (_, index) => append(`other-${index}#1`));
    await first;
    expect(returned).toEqual(["first#1"]);
    gate.resolve(null);
    await Promise.all(others);

    expect(returned).toHaveLength(65);
    expect(syncs).toBe(2);
    await ledger.close();
  });

  test("are on disk when the last of them returns, without a close", async () => {
    const place = await ledgerFolder();
    await place.write([]);
    const ledger = place.open();

    await Promise.all([ledger.append(intent("a#1")), ledger.append(intent("b#1"))]);

    expect(await place.records()).toEqual([intent("a#1"), intent("b#1")]);
    await ledger.close();
  });
});
