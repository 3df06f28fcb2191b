import { chmod, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { chooseStop } from "../../cli/brake/choose-stops.ts";
import type { Stop } from "../../providers/ledger/brake-stops.ts";
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

      const resumed = await run("resume", ["--why", "sorted out", "--ledger", place]);
      expect(resumed.code).toBe(0);
      expect(resumed.stdout).toMatch(
        /^taken away: s1, wrong devices \(set by .*\nthe brake is not set any more: the next run sends again\n$/,
      );
      expect(await holder.brake()).toBeNull();
      expect((await holder.brakes()).map(({ reason, stop }) => [stop, reason])).toEqual([
        ["s1", "wrong devices"],
        ["s1", "sorted out"],
      ]);
    });
    await holder.close();
  });

  test("leave what others stopped: of several each is named with its command, and nothing is changed", async () => {
    const { place, open, write } = await ledgerPlace();
    await write([]);
    await run("stop", ["INCIDENT", "--ledger", place]);
    const second = await run("stop", ["maintenance", "--ledger", place]);

    const which = await run("resume", ["--ledger", place]);
    const unknown = await run("resume", ["sorted out", "--ledger", place]);
    const before = await open().stops();
    const byReason = await run("resume", ["maintenance", "--ledger", place]);

    expect(second.stderr).toContain(`npm run resume -- s2 --ledger ${place}   maintenance (set by `);
    for (const { code, stderr } of [which, unknown]) {
      expect(code).toBe(2);
      expect(stderr).toContain(`npm run resume -- s1 --ledger ${place}   INCIDENT (set by `);
      expect(stderr).toContain(`npm run resume -- s2 --ledger ${place}   maintenance (set by `);
      expect(stderr).toContain("nothing was changed");
    }
    expect(unknown.stderr).toContain('no stop is named "sorted out"');
    expect(before).toHaveLength(2);
    expect(byReason.code).toBe(0);
    expect(byReason.stdout).toContain("THE BRAKE IS STILL SET, and nothing is sent:\n  npm run resume -- s1");
    expect(await open().brake()).toMatch(/^INCIDENT \(/);
  });

  test("take all stops away only where somebody says yes", async () => {
    const { place, open, write } = await ledgerPlace();
    await write([]);
    for (const reason of ["INCIDENT", "maintenance"]) await run("stop", [reason, "--ledger", place]);

    const silent = await run("resume", ["--all", "--ledger", place]);
    const both = await run("resume", ["s1", "--all", "--yes", "--ledger", place]);
    const before = await open().stops();
    const all = await run("resume", ["--all", "--yes", "--ledger", place]);

    expect([silent.code, both.code, all.code]).toEqual([2, 2, 0]);
    expect(silent.stderr).toContain("INCIDENT");
    expect(silent.stderr).toMatch(/nobody is there to confirm this/);
    expect(before).toHaveLength(2);
    expect(all.stdout).toMatch(/taken away: s1.*\ntaken away: s2/);
    expect(await open().brake()).toBeNull();
  });

  test("say that a brake is missing, and make one when asked to", async () => {
    const { place, folder, open, write } = await ledgerPlace();
    await write([]);
    await rm(join(folder, "brake.jsonl"));

    const shown = await run("ledger", ["verify", "--ledger", place]);
    const resumed = await run("resume", ["--ledger", place]);

    expect(shown.stdout).toContain(`npm run resume -- --ledger ${place}`);
    expect(resumed.code).toBe(0);
    expect(resumed.stdout).toMatch(/^taken away: missing, the brake .* is missing/);
    expect(await open().brake()).toBeNull();
  });

  test("do not pretend to clear a brake that cannot be read", async () => {
    const { place, folder, open, write } = await ledgerPlace();
    await write([]);
    await chmod(join(folder, "brake.jsonl"), 0o666);

    const resumed = await run("resume", ["--ledger", place]);

    expect(resumed.code).toBe(3);
    expect(resumed.stderr).toMatch(/cannot be read \(everybody may write to it\)/);
    expect(await open().brake()).not.toBeNull();
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
    expect(blank.stderr).toContain(`npm run stop -- REASON --ledger ${place}`);
    expect(needless.stdout).toMatch(/was not set/);
  });
});

describe("which stop is meant", () => {
  const stop = (id: string, reason: string): Stop => ({ kind: "set", id, reason, who: "anna", at: "2026-11-20T12:00:00.000Z" });
  const stops = [stop("s1", "s2"), stop("s2", "twice"), stop("s3", "twice"), stop("s4", "line\nbreak")];

  test.each([
    ["s2", "s2"],
    ["s4", "s4"],
    ["line\nbreak", "s4"],
  ])("%j names %s: an id comes before a reason", (words, id) => {
    expect(chooseStop(stops, words, "").id).toBe(id);
  });

  test.each(["twice", "twic", "S2", ""])("%j names none, and every stop is listed on a line of its own", (words) => {
    const choosing = () => chooseStop(stops, words, " --stack prod");

    expect(choosing).toThrow(/nothing was changed/);
    expect(choosing).toThrow(/\n {2}npm run resume -- s4 --stack prod {3}line\\u\{a\}break \(set by anna at .*\)$/);
  });
});
