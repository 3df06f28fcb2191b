import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { begun, escrowed, finished, intent, KEY, outcome, result, settled } from "../support/fakes-records.ts";
import { ledgerPlace, run, STACK_TRACE } from "./store-commands.ts";

const NAME = KEY.split("#")[0] ?? "";
const STORY = [begun(), escrowed(0), intent(0), result(0, "unknown"), settled(0, "taken"), finished(0), outcome("succeeded")];

describe("npm run ledger", () => {
  test("makes a ledger once", async () => {
    const { place, records } = await ledgerPlace();

    const first = await run("ledger", ["init", "--ledger", place]);
    const second = await run("ledger", ["init", "--ledger", place]);

    expect([first.code, second.code]).toEqual([0, 3]);
    expect(second.stderr).toMatch(/already/);
    expect(await records()).toEqual([]);
  });

  test("shows in words what was done, per request", async () => {
    const { place, write } = await ledgerPlace();
    await write(STORY);

    const all = await run("ledger", ["show", "--ledger", place]);
    const one = await run("ledger", ["show", NAME, "--ledger", place]);
    const other = await run("ledger", ["show", "other", "--ledger", place]);

    expect([all.code, one.code, other.code]).toEqual([0, 0, 0]);
    expect(one.stdout).toBe(all.stdout);
    expect(other.stdout).toMatch(/nothing was done yet for other/);
    for (const part of [
      KEY,
      "succeeded",
      "wipe",
      "DESTROYS DATA",
      "call-0",
      "graph-0",
      "memory:1",
      "settled as taken by anna",
      "nobody can tell",
    ]) {
      expect(all.stdout).toContain(part);
    }
  });

  test("shows the safety settings that the last run had", async () => {
    const { place, open } = await ledgerPlace();
    const ledger = open();
    await ledger.create();
    for (const maxDestructive of ["5", "50"])
      await ledger.append({ kind: "settings", at: "2026-11-20T12:00:00.000Z", settings: { maxDestructive, protected: "[]" } });
    await ledger.close();

    const { stdout } = await run("ledger", ["show", "--ledger", place]);

    expect(stdout).toContain("safety settings since 2026-11-20T12:00:00.000Z\n  maxDestructive: 50\n  protected: []");
    expect(stdout).not.toContain("maxDestructive: 5\n");
  });

  test("gives every record as JSON", async () => {
    const { place, write } = await ledgerPlace();
    await write(STORY);

    const ended = await run("ledger", ["show", NAME, "--json", "--ledger", place]);

    expect(JSON.parse(ended.stdout)).toEqual(STORY);
  });

  test("keeps text from Graph off the terminal's controls", async () => {
    const { place, write } = await ledgerPlace();
    await write([begun(), intent(0), result(0, "refused", { detail: "\u001b[31mred\nnext line" })]);

    const ended = await run("ledger", ["show", "--ledger", place]);

    expect(ended.stdout).toContain("\\u{1b}[31mred\\u{a}next line");
  });

  test("verifies every line, tells a torn end, and names a line that is wrong", async () => {
    const { place, folder, write } = await ledgerPlace();
    await write(STORY);
    const file = join(folder, "ledger.jsonl");
    const sound = await readFile(file, "utf8");

    const good = await run("ledger", ["verify", "--ledger", place]);
    await writeFile(file, `${sound}{"seq":9`);
    const torn = await run("ledger", ["verify", "--ledger", place]);
    await writeFile(file, sound.replace("anna", "anne"));
    const wrong = await run("ledger", ["verify", "--ledger", place]);

    expect(good.code).toBe(0);
    expect(good.stdout).toMatch(/sound: records 8, requests 1/);
    expect(torn.code).toBe(0);
    expect(torn.stdout).toMatch(/8 bytes that a crash left/);
    expect(wrong.code).toBe(3);
    expect(wrong.stderr).toMatch(/line 6 .*checksum/);
    expect(wrong.stderr).not.toMatch(STACK_TRACE);
  });

  test("takes the place from the stack's configuration, and says so when there is none", async () => {
    const missing = await run("ledger", ["show", "--ledger", (await ledgerPlace()).place]);
    const elsewhere = await run("ledger", ["show", "--ledger", "s3://bucket/ledger"]);
    const unknown = await run("ledger", ["show", "--stack", "no-such-stack"]);
    const misspelt = await run("ledger", ["show", "--jsno"]);

    expect([missing.code, elsewhere.code, unknown.code, misspelt.code]).toEqual([3, 2, 2, 2]);
    expect(missing.stderr).toMatch(/npm run ledger -- init/);
    expect(elsewhere.stderr).toMatch(/file:FOLDER/);
    expect(unknown.stderr).toMatch(/no-such-stack/);
  });
});
