import { describe, expect, test } from "@jest/globals";
import { ledgerPlace, run } from "./store-commands.ts";

describe("npm run stop and npm run resume", () => {
  test("set and clear the brake while a run holds the ledger", async () => {
    const { place, open, write } = await ledgerPlace();
    await write([]);
    const holder = open();

    await holder.withDevice("any", async () => {
      const stopped = await run("stop", ["wrong", "devices", "--ledger", place]);
      expect(stopped.code).toBe(0);
      expect(await holder.brake()).toMatch(/^wrong devices \(set by .+@.+ at .+Z\)$/);

      const resumed = await run("resume", ["sorted out", "--ledger", place]);
      expect(resumed.code).toBe(0);
      expect(resumed.stdout).toMatch(/the brake was: wrong devices/);
      expect(await holder.brake()).toBeNull();
    });
    await holder.close();
  });

  test("show in the ledger", async () => {
    const { place, write } = await ledgerPlace();
    await write([]);
    await run("stop", ["wrong devices", "--ledger", place]);

    const shown = await run("ledger", ["show", "--ledger", place]);

    expect(shown.stdout).toMatch(/THE BRAKE IS SET: wrong devices/);
  });

  test("need a ledger, and a stop needs a reason", async () => {
    const { place, write } = await ledgerPlace();
    const nowhere = await run("stop", ["why", "--ledger", place]);
    await write([]);
    const speechless = await run("stop", ["--ledger", place]);
    const blank = await run("stop", [" ", "--ledger", place]);
    const needless = await run("resume", ["--ledger", place]);

    expect([nowhere.code, speechless.code, blank.code, needless.code]).toEqual([3, 2, 2, 0]);
    expect(nowhere.stderr).toMatch(/npm run ledger -- init/);
    expect(needless.stdout).toMatch(/was not set/);
  });
});
