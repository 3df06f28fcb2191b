import { chmod, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { chooseStop } from "../../cli/brake/choose-stops.ts";
import { commandWriter } from "../../cli/support/command-writer.ts";
import type { Stop } from "../../providers/ledger/brake-stops.ts";
import { answering } from "./fake-stacks.ts";
import { FakeMachine } from "./fake-tools.ts";
import { SpawnedCommand } from "./spawned-command.ts";
import { ledgerPlace, run } from "./store-commands.ts";

describe("dlr stop and dlr resume", () => {
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

    expect(second.stderr).toContain(`./dlr resume s2 --ledger ${place}   maintenance (set by `);
    for (const { code, stderr } of [which, unknown]) {
      expect(code).toBe(2);
      expect(stderr).toContain(`./dlr resume s1 --ledger ${place}   INCIDENT (set by `);
      expect(stderr).toContain(`./dlr resume s2 --ledger ${place}   maintenance (set by `);
      expect(stderr).toContain("nothing was changed");
    }
    expect(unknown.stderr).toContain('no stop is named "sorted out"');
    expect(before).toHaveLength(2);
    expect(byReason.code).toBe(0);
    expect(byReason.stdout).toContain("THE BRAKE IS STILL SET, and nothing is sent:\n  ./dlr resume s1");
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

    expect(shown.stdout).toContain(`./dlr resume --ledger ${place}`);
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
    expect(nowhere.stderr).toMatch(/dlr ledger init/);
    expect(blank.stderr).toContain(`./dlr stop REASON --ledger ${place}`);
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
    expect(chooseStop(stops, words, commandWriter({}, "posix")).id).toBe(id);
  });

  test.each(["twice", "twic", "S2", ""])("%j names none, and every stop is listed on a line of its own", (words) => {
    const choosing = () => chooseStop(stops, words, commandWriter({ stack: "prod" }, "posix"));

    expect(choosing).toThrow(/nothing was changed/);
    expect(choosing).toThrow(/\n {2}\.\/dlr resume prod s4 {3}line\\u\{a\}break \(set by anna at .*\)$/);
  });
});

describe("dlr stop, of stacks", () => {
  /**
   * Two stacks with one ledger, one with another, one whose ledger is not there, one that cannot
   * be read.
   */
  async function places() {
    const machine = await FakeMachine.create();
    const [shared, own] = [await ledgerPlace(), await ledgerPlace()];
    for (const ledger of [shared, own]) await ledger.write([]);
    const gone = `${shared.place}-gone`;
    const stacks = {
      prod: { "device-lifecycle:ledger": { secret: shared.place } },
      shard: { "device-lifecycle:ledger": shared.place },
      pilot: { "device-lifecycle:ledger": own.place },
      gone: { "device-lifecycle:ledger": gone },
      broken: "error: incorrect passphrase",
    };
    await machine.pulumi("3.255.0", answering({ stacks, selected: "prod" }));
    const dlr = (...args: string[]) => new SpawnedCommand("stop", args, machine.env).ended;
    return { dlr, shared, own };
  }

  test("brakes the ledger of the stack that is named, one whose place is a secret too, and says which first", async () => {
    const { dlr, shared, own } = await places();

    const stopped = await dlr("prod", "stolen", "list");

    expect(stopped.code).toBe(0);
    expect(stopped.stderr.split("\n")[0]).toBe(`stack prod · ledger ${shared.place} · Microsoft (global) · brake off`);
    expect(stopped.stderr).toContain("./dlr resume prod s1   stolen list (set by");
    expect(await shared.open().brake()).toMatch(/^stolen list \(/);
    expect(await own.open().brake()).toBeNull();
  });

  test("brakes nothing where no stack is named, or one that is not there", async () => {
    const { dlr, shared, own } = await places();

    const unnamed = await dlr("stolen list");
    const mistyped = await dlr("prdo", "stolen list");
    const unreadable = await dlr("broken", "stolen list");

    expect([unnamed.code, mistyped.code, unreadable.code]).toEqual([2, 2, 2]);
    expect(unnamed.stderr).toContain('help: name it: ./dlr stop STACK "stolen list"');
    expect(mistyped.stderr).toContain('there is no stack "prdo" (did you mean "prod"?)');
    expect(unreadable.stderr).toMatch(/settings of the stack broken cannot be read:\n.*incorrect passphrase\n.*--ledger PLACE/);
    expect([await shared.open().brake(), await own.open().brake()]).toEqual([null, null]);
  });

  test("--all brakes every ledger once, names the stacks whose ledger it could not brake, and ends with 3", async () => {
    const { dlr, shared, own } = await places();

    const stopped = await dlr("stolen", "list", "--all");

    expect(stopped.code).toBe(3);
    expect(stopped.stdout).toBe("stopped: 3 of 5 stacks; nothing more is sent by runs that use their ledgers\n");
    expect(stopped.stderr).toMatch(/NOT STOPPED: stack gone: .*there is no ledger/);
    expect(stopped.stderr).toMatch(/NOT STOPPED: stack broken: .*cannot be read/);
    expect(await shared.open().stops()).toHaveLength(1);
    expect(await own.open().stops()).toHaveLength(1);
  });

  test("--all takes no stack and no ledger besides", async () => {
    const { dlr, shared } = await places();

    expect(await dlr("x", "--all", "--stack", "prod")).toMatchObject({ code: 2, stderr: expect.stringContaining("--all is every stack") });
    expect(await shared.open().brake()).toBeNull();
  });
});
