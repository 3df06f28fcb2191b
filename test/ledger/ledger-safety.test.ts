import { execFileSync } from "node:child_process";
import { appendFile, chmod, mkdir, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { ConfigurationError, LedgerError } from "../../providers/domain/errors.ts";
import { ledgerFailure } from "../../providers/ledger/ledger-failure.ts";
import { openLedger } from "../../providers/ledger/open-ledger.ts";
import { intent, result } from "../contract/sample-records.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { testClock } from "../support/test-clock.ts";
import { type LedgerFolder, ledgerFolder } from "./ledger-folder-fixture.ts";

async function expectUnusable(place: LedgerFolder, text: RegExp): Promise<void> {
  for (const attempt of [() => place.open().read(), () => place.open().append(intent("a#1")), () => place.open().create()]) {
    const error: unknown = await attempt().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LedgerError);
    expect((error as LedgerError).message).toMatch(text);
    expect((error as LedgerError).hint).not.toBe("");
  }
}

describe("where a ledger may live", () => {
  test("only its owner can read or write what is made", async () => {
    const place = await ledgerFolder();
    const ledger = place.open();
    await ledger.create();
    await ledger.append(intent("a#1"));
    await ledger.setBrake("stop", "anna", "why");
    await ledger.close();

    expect((await stat(place.folder)).mode & 0o777).toBe(0o700);
    for (const name of ["ledger.jsonl", "ledger.lock", "brake.jsonl"]) {
      expect((await stat(join(place.folder, name))).mode & 0o777).toBe(0o600);
    }
  });

  test("not in a folder that everybody may write to", async () => {
    const place = await ledgerFolder();
    await place.write([]);
    await chmod(place.folder, 0o777);

    await expectUnusable(place, /everybody may write/);
  });

  test("not in a file that everybody may write to", async () => {
    const place = await ledgerFolder();
    await place.write([]);
    await chmod(place.file, 0o666);

    await expectUnusable(place, /everybody may write to the ledger .*ledger\.jsonl/);
  });

  test("not behind a symbolic link, be it the folder, one above it in the project, or the file", async () => {
    const elsewhere = await ledgerFolder();
    await elsewhere.write([]);
    const linkedFolder = await ledgerFolder();
    await symlink(elsewhere.folder, linkedFolder.folder);
    const linkedFile = await ledgerFolder();
    await mkdir(linkedFile.folder, { mode: 0o700 });
    await symlink(elsewhere.file, linkedFile.file);

    await expectUnusable(linkedFolder, /symbolic link/);
    await expectUnusable(linkedFile, /symbolic link/);
  });

  test("not in a folder of the project that is reached through a link", async () => {
    const root = await temporaryFolder();
    const outside = await temporaryFolder();
    await mkdir(join(outside, "ledger"), { mode: 0o700 });
    await symlink(outside, join(root, "data"));
    const ledger = openLedger({ location: "file:data/ledger", root, isLoopbackGraph: true, clock: testClock(), uuid: () => "u" });

    await expect(ledger.append(intent("a#1"))).rejects.toThrow(/symbolic link/);
  });

  test("not where something else has its place", async () => {
    const fileForFolder = await ledgerFolder();
    await writeFile(fileForFolder.folder, "");
    const folderForFile = await ledgerFolder();
    await mkdir(folderForFile.file, { recursive: true, mode: 0o700 });
    const pipeForFile = await ledgerFolder();
    await mkdir(pipeForFile.folder, { mode: 0o700 });
    execFileSync("mkfifo", [pipeForFile.file]);

    await expectUnusable(fileForFolder, /not a folder/);
    await expectUnusable(folderForFile, /not a regular file|folder in place/);
    await expectUnusable(pipeForFile, /not a regular file/);
  });

  test("in a place of a known form only", () => {
    const open = (location: string) => openLedger({ location, root: "/", isLoopbackGraph: false, clock: testClock(), uuid: () => "u" });

    for (const location of ["https://a.blob.core.windows.net/c", "ledger", "", "file:", "file:///ledger", "s3://bucket"]) {
      expect(() => open(location)).toThrow(ConfigurationError);
    }
    expect(open("file:some/folder").describe()).toContain(join("some", "folder"));
  });

  test("is made by the first record against an emulator, and by that alone", async () => {
    const root = await temporaryFolder();
    const open = (isLoopbackGraph: boolean) =>
      openLedger({ location: "file:ledger", root, isLoopbackGraph, clock: testClock(), uuid: () => "u" });

    await expect(open(false).append(intent("a#1"))).rejects.toThrow(/no ledger/);
    const ledger = open(true);
    expect((await ledger.read()).exists).toBe(false);
    await ledger.append(intent("a#1"));

    expect((await open(false).read()).records.map((record) => record.kind)).toEqual(["created", "intent"]);
    await ledger.close();
  });
});

describe("a ledger that something else meddles with while it is held", () => {
  async function held() {
    const place = await ledgerFolder();
    await place.write([]);
    const ledger = place.open();
    await ledger.append(intent("a#1"));
    return { place, ledger };
  }

  test("refuses to go on when its file was moved", async () => {
    const { place, ledger } = await held();
    await rename(place.file, `${place.file}.moved`);

    await expect(ledger.append(result("a#1"))).rejects.toThrow(/moved or replaced/);
    await ledger.close();
  });

  test("refuses to go on when its file was replaced by a copy", async () => {
    const { place, ledger } = await held();
    const bytes = await place.bytes();
    await rm(place.file);
    await place.setBytes(bytes);

    await expect(ledger.append(result("a#1"))).rejects.toThrow(/moved or replaced/);
    await ledger.close();
  });

  test("refuses to go on when something was written to its file", async () => {
    const { place, ledger } = await held();
    await appendFile(place.file, "hello\n");

    await expect(ledger.append(result("a#1"))).rejects.toThrow(/changed by something else/);
    await ledger.close();
  });

  test("refuses to go on when its lock was removed, for another could be held now", async () => {
    const { place, ledger } = await held();
    await rm(join(place.folder, "ledger.lock"));
    const other = place.open();
    await other.append(intent("b#1"));

    await expect(ledger.append(result("a#1"))).rejects.toThrow(/lock .* was removed/);
    await ledger.close();
    await other.close();
  });

  test("reads a ledger that another one replaced anew, however long that is", async () => {
    const place = await ledgerFolder();
    await place.write([intent("a#1")]);
    const reader = place.open();
    const before = await reader.recordsOf("a#1");
    const other = await ledgerFolder();
    await other.write([intent("b#1"), result("b#1"), intent("c#1")]);

    await rename(other.file, place.file);

    expect(before).toHaveLength(1);
    expect(await reader.recordsOf("a#1")).toEqual([]);
    expect(await reader.recordsOf("b#1")).toEqual([intent("b#1"), result("b#1")]);
  });

  test("reads a ledger that was restored from a backup anew", async () => {
    const place = await ledgerFolder();
    await place.write([intent("a#1")]);
    const backup = await place.bytes();
    const reader = place.open();
    const writer = place.open();
    await writer.append(result("a#1"));
    await writer.close();
    expect(await reader.recordsOf("a#1")).toHaveLength(2);

    await rm(place.file);
    await place.setBytes(backup);

    expect(await reader.recordsOf("a#1")).toEqual([intent("a#1")]);
  });
});

test("every failure of the system tells what to do", () => {
  for (const code of ["ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM", "EIO", "ENOLCK", "EMADEUP"]) {
    const cause = Object.assign(new Error("system text"), { code });

    const error = ledgerFailure(cause, "append to", "/x/ledger.jsonl");

    expect(error).toBeInstanceOf(LedgerError);
    expect(error.message).toContain("/x/ledger.jsonl");
    expect(error.hint).not.toBe("");
    expect(error.cause).toBe(cause);
  }
});
